import { Slider } from '@mantine/core';
import type { ChoiceOption, OptionValue } from '../../catalog/technique.ts';
import { Field, FieldLabel } from './field.tsx';
import { SLIDER_CLASSES } from './slider-classes.ts';
import { useGesture } from './use-gesture.ts';

interface Props {
  readonly spec: ChoiceOption;
  readonly value: OptionValue;
  /** "step 1: Round to nearest", the second part of the accessible name. */
  readonly stepName: string;
  readonly onChange: (value: OptionValue) => void;
}

const TRACK_WIDTH = 150;

/** Whether a mark's label would run into the next one's; the current label always stays. */
function collides(choices: ChoiceOption['choices'], at: number, current: number): boolean {
  if (at === current) return false;
  const spacing = TRACK_WIDTH / Math.max(1, choices.length - 1);
  const touches = (other: number) => {
    const [a, b] = [choices[at]?.label.length ?? 0, choices[other]?.label.length ?? 0];
    return b > 0 && ((a + b) / 2) * 6.5 + 4 > spacing;
  };
  return touches(at + 1) || (current === at - 1 && touches(current));
}

/** A choice among ordered values: equal steps whatever the values are. */
export function OptionSlider({ spec, value, stepName, onChange }: Props) {
  const gesture = useGesture();
  const { choices, label, help } = spec;
  const index = Math.max(
    0,
    choices.findIndex((choice) => choice.value === value),
  );
  const marks = choices.map((choice, at) => ({
    value: at,
    label: collides(choices, at, index) ? null : (
      <span className={at === index ? 'current' : ''}>{choice.label}</span>
    ),
  }));
  return (
    <Field help={help}>
      <FieldLabel help={help}>{label}</FieldLabel>
      <Slider
        {...gesture}
        size={4}
        thumbSize={14}
        min={0}
        max={choices.length - 1}
        step={1}
        value={index}
        marks={marks}
        restrictToMarks
        label={null}
        thumbLabel={`${label}, ${stepName}`}
        thumbProps={{ 'aria-description': help }}
        thumbValueText={(at) => choices[at]?.label ?? ''}
        onChange={(at) => {
          const choice = choices[at];
          if (choice && choice.value !== value) onChange(choice.value);
        }}
        classNames={SLIDER_CLASSES}
      />
      <span className="value">{choices[index]?.label}</span>
    </Field>
  );
}
