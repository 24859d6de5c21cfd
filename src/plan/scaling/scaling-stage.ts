import type { OptionValue } from '../../catalog/technique.ts';
import type { ScalingMethod } from '../../core/scaling-method.ts';
import type { ChosenPart, Stage } from '../planned-weight.ts';

type ScalingStage = Stage<ScalingMethod>;

export const smoothStage = (
  stepIndex: number,
  options: Readonly<Record<string, OptionValue>>,
): ScalingStage => ({
  stepIndex,
  spec: { kind: 'smoothquant', alpha: Number(options['alpha']) },
});

/** null: the part's codes are found without scales of the input. */
export const awqStage = ({ stepIndex, method }: ChosenPart): ScalingStage | null =>
  method?.kind === 'awq' && stepIndex !== null ? { stepIndex, spec: { kind: 'awq' } } : null;
