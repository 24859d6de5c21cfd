import { encodingLabel, layoutBytes } from '../catalog/encoding-layout.ts';
import type { PlannedWeight } from '../plan/build-edit.ts';
import type { LeftAlone, Plan } from '../plan/plan.ts';
import type { PlannedWeightSummary, PlanSummary } from '../report/plan-summary.ts';
import { floatWeights } from './model-summary.ts';

const REST_BITS = 32;

/** A plan in the figures that the page shows. */
export function summarizePlan(plan: Plan): PlanSummary {
  const shown = new Set(floatWeights(plan.leftAlone.map(({ weight }) => weight)));
  const leftAlone = plan.leftAlone.filter(({ weight }) => shown.has(weight));
  return {
    byteLength: plan.byteLength,
    exact: true,
    weights: [...plan.planned.map(summarizePlanned), ...leftAlone.map(summarizeLeftAlone)],
    steps: plan.recipe.steps.map((_, index) => {
      const own = plan.planned.filter(({ stepIndex }) => stepIndex === index);
      return {
        weightCount: own.length,
        bytesBefore: sum(own.map(({ weight }) => weight.tensor.storedByteLength)),
        bytesAfter: sum(own.map(storedBytes)),
      };
    }),
    leftAlone: groupReasons(leftAlone),
    breakdown: breakdown(plan),
    warnings: plan.warnings,
  };
}

/** Bytes that a planned weight takes in the output. */
export const storedBytes = ({ tensors }: PlannedWeight): number =>
  sum(Object.values(tensors).map(layoutBytes));

function summarizePlanned(item: PlannedWeight): PlannedWeightSummary {
  const { weight, stepIndex, choice } = item;
  return {
    name: weight.name,
    step: stepIndex,
    encodingLabel: encodingLabel(choice),
    bits: choice.bits,
    bytesBefore: weight.tensor.storedByteLength,
    bytesAfter: storedBytes(item),
    reason: null,
  };
}

function summarizeLeftAlone({ weight, reason }: LeftAlone): PlannedWeightSummary {
  const { dtype, storedByteLength } = weight.tensor;
  return {
    name: weight.name,
    step: null,
    encodingLabel: SHORT_TYPES[dtype] ?? dtype,
    bits: dtype === 'float32' ? 32 : 16,
    bytesBefore: storedByteLength,
    bytesAfter: storedByteLength,
    reason,
  };
}

const SHORT_TYPES: Readonly<Record<string, string>> = {
  float32: 'fp32',
  float16: 'fp16',
  bfloat16: 'bf16',
  float64: 'fp64',
};

function groupReasons(leftAlone: readonly LeftAlone[]): PlanSummary['leftAlone'] {
  const groups = new Map<string, { weightCount: number; byteLength: number }>();
  for (const { weight, reason } of leftAlone) {
    const group = groups.get(reason) ?? { weightCount: 0, byteLength: 0 };
    group.weightCount += 1;
    group.byteLength += weight.tensor.storedByteLength;
    groups.set(reason, group);
  }
  return [...groups]
    .map(([reason, group]) => ({ reason, ...group }))
    .sort((a, b) => b.byteLength - a.byteLength);
}

function breakdown(plan: Plan): PlanSummary['breakdown'] {
  const codes = new Map<number, number>();
  let scales = 0;
  for (const { tensors, choice } of plan.planned) {
    for (const [role, spec] of Object.entries(tensors)) {
      const bytes = layoutBytes(spec);
      if (role === 'codes') codes.set(choice.bits, (codes.get(choice.bits) ?? 0) + bytes);
      else scales += bytes;
    }
  }
  const rest = plan.byteLength - scales - sum([...codes.values()]);
  return [
    ...[...codes]
      .sort(([a], [b]) => b - a)
      .map(([bits, byteLength]) => ({ label: `int${bits}`, bits, byteLength })),
    { label: 'scales', bits: 0, byteLength: scales },
    { label: 'rest', bits: REST_BITS, byteLength: rest },
  ].filter(({ byteLength }) => byteLength > 0);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
