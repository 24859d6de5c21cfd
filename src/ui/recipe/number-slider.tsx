import { Slider } from '@mantine/core';
import { useMemo } from 'react';
import { showNumber } from '../../catalog/show-option.ts';
import type { NumberOption, OptionValue } from '../../catalog/technique.ts';
import { Field, FieldLabel } from './field.tsx';
import { NumberField } from './number-field.tsx';
import { SLIDER_CLASSES } from './slider-classes.ts';
import { nearestStop, sliderStops } from './slider-stops.ts';
import { useGesture } from './use-gesture.ts';

interface Props {
  readonly spec: NumberOption;
  readonly value: OptionValue;
  /** "step 1: Magnitude pruning", the second part of the accessible name. */
  readonly stepName: string;
  readonly onChange: (value: number) => void;
}

/** PageUp and PageDown move by this share of the stops. */
const PAGE = 0.1;

/** A number between two ends: a slider over its stops, and a field that takes any value. */
export function NumberSlider({ spec, value, stepName, onChange }: Props) {
  const gesture = useGesture();
  const stops = useMemo(() => sliderStops(spec), [spec]);
  const exact = typeof value === 'number' ? value : spec.default;
  const index = nearestStop(stops, exact);
  const last = stops.length - 1;
  const goTo = (at: number) => {
    const stop = stops[Math.min(last, Math.max(0, at))];
    if (stop !== undefined && stop !== exact) onChange(stop);
  };
  const page = Math.max(1, Math.round(last * PAGE));
  return (
    <Field help={spec.help}>
      <FieldLabel help={spec.help}>{spec.label}</FieldLabel>
      <Slider
        {...gesture}
        size={4}
        thumbSize={14}
        min={0}
        max={last}
        step={1}
        value={index}
        marks={[
          { value: 0, label: showNumber(spec, spec.min) },
          { value: last, label: showNumber(spec, spec.max) },
        ]}
        label={null}
        thumbLabel={`${spec.label}, ${stepName}`}
        thumbValueText={() => showNumber(spec, exact)}
        thumbProps={{
          'aria-description': spec.help,
          onKeyDown: (event) => {
            const by = { PageUp: page, PageDown: -page }[event.key];
            if (by === undefined) return;
            event.preventDefault();
            goTo(index + by);
          },
        }}
        onChange={goTo}
        classNames={SLIDER_CLASSES}
      />
      <NumberField spec={spec} value={exact} stepName={stepName} onChange={onChange} />
    </Field>
  );
}
