import { Slider } from '@mantine/core';
import type { ChoiceOption, OptionValue } from '../../catalog/technique.ts';
import { Hint } from '../hint.tsx';

interface Props {
  readonly spec: ChoiceOption;
  readonly value: OptionValue;
  /** "step 1: Round to nearest", the second part of the accessible name. */
  readonly stepName: string;
  readonly onChange: (value: OptionValue) => void;
}

/** A choice among ordered values: equal steps whatever the values are. */
export function OptionSlider({ spec, value, stepName, onChange }: Props) {
  const { choices, label, help } = spec;
  const index = Math.max(
    0,
    choices.findIndex((choice) => choice.value === value),
  );
  const marks = choices.map((choice, at) => ({
    value: at,
    label: <span className={at === index ? 'b' : ''}>{choice.label}</span>,
  }));
  return (
    <div className="sl">
      <Hint label={help}>
        <span className="label">{label}</span>
      </Hint>
      <Slider
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
        thumbValueText={(at) => choices[at]?.label ?? ''}
        onChange={(at) => {
          const choice = choices[at];
          if (choice && choice.value !== value) onChange(choice.value);
        }}
        classNames={{
          root: 'sl-root',
          trackContainer: 'sl-track-box',
          track: 'sl-track',
          bar: 'sl-bar',
          thumb: 'sl-thumb',
          mark: 'sl-mark',
          markLabel: 'sl-mark-label',
        }}
      />
      <output>{choices[index]?.label}</output>
    </div>
  );
}
