/** What a technique is, as data: forms, validation and documentation are all drawn from it. */
import type { StatisticKind } from '../core/statistic-kind.ts';

export const FAMILIES = [
  'reshape',
  'transform',
  'prune',
  'factorize',
  'quantize',
  'share',
  'residual',
  'distill',
] as const;

/** Families act in this order (quantize and share exclude each other on one weight). */
export type Family = (typeof FAMILIES)[number];

export type OptionValue = number | string | boolean;

interface OptionBase {
  readonly key: string;
  /** Accessible name of the control: "Bits". */
  readonly label: string;
  /** One sentence: what it changes and what it costs. */
  readonly help: string;
  /** Main options are open on the step card, advanced ones folded. */
  readonly level: 'main' | 'advanced';
  /** Another value takes another time to compress, so that earlier runs say nothing of it. */
  readonly timed?: boolean;
  /** Shown and used only while another option of the step has one of these values. */
  readonly when?: { readonly key: string; readonly is: readonly OptionValue[] };
}

export interface ChoiceOption extends OptionBase {
  readonly kind: 'choice';
  readonly choices: readonly {
    readonly value: number | string;
    readonly label: string;
    /** Stands for the value in the technique's phrase, and may hold `{key}` too; else the label. */
    readonly phrase?: string;
  }[];
  readonly default: number | string;
}

export interface ToggleOption extends OptionBase {
  readonly kind: 'toggle';
  readonly default: boolean;
}

/** A number in steps from `min` to `max`, both included. */
export interface NumberOption extends OptionBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  /** What a slider moves by; files may hold any number in range (any integer, if `integer`). */
  readonly step: number;
  readonly integer: boolean;
  /** `percent`: 0.5 is shown as "50 %". */
  readonly display: 'percent' | 'plain';
  readonly default: number;
}

export type OptionSpec = ChoiceOption | ToggleOption | NumberOption;

export interface Technique {
  readonly id: string;
  readonly label: string;
  readonly summary: string;
  /** A step in a few words, for names of recipes; `{key}` is an option's value: "int{bits}". */
  readonly phrase: string;
  readonly paper: { readonly label: string; readonly url: string };
  readonly family: Family;
  /** ONNX operators whose weights it can act on. */
  readonly operators: readonly string[];
  /** Of these the model must have one, whatever else the technique acts on; else nothing is done. */
  readonly needsOperator?: readonly string[];
  /** A good first step with its defaults: presets take it so. */
  readonly isGoodStart?: boolean;
  /** What it must know of the inputs of the weights it takes: it needs calibration rows. */
  readonly calibration?: StatisticKind;
  /** Only while an option has one of these values. */
  readonly calibratesWhen?: { readonly key: string; readonly is: readonly OptionValue[] };
  readonly options: readonly OptionSpec[];
}

/** What a step must know of the inputs of the weights it takes; null for nothing. */
export function calibrationOf(
  { calibration, calibratesWhen }: Technique,
  options: Readonly<Record<string, OptionValue>>,
): StatisticKind | null {
  const value = calibratesWhen && options[calibratesWhen.key];
  if (calibratesWhen && (value === undefined || !calibratesWhen.is.includes(value))) return null;
  return calibration ?? null;
}
