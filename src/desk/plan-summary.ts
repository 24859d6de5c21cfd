import { layoutBytes } from '../catalog/encoding-layout.ts';
import type { EncodingChoice } from '../catalog/encodings.ts';
import {
  bitsOfPart,
  stepsOfWeight,
  storedBits,
  storedBytes,
  weightLabel,
} from '../plan/describe-weight.ts';
import type { LeftAlone, Plan } from '../plan/plan.ts';
import type { PlannedWeight } from '../plan/planned-weight.ts';
import type { PlannedWeightSummary, PlanSummary } from '../report/plan-summary.ts';
import { floatWeights } from './model-summary.ts';
import { planNotes } from './plan-notes.ts';
import { plannedStages } from './plan-stages.ts';

const REST_BITS = 32;

/**
 * A plan in the figures that the page shows.
 * - `modelBytes` — of the model as it is
 */
export function summarizePlan(plan: Plan, modelBytes: number): PlanSummary {
  const shown = new Set(floatWeights(plan.leftAlone.map(({ weight }) => weight)));
  const leftAlone = plan.leftAlone.filter(({ weight }) => shown.has(weight));
  const planned = plan.planned.map((item) => ({ item, steps: stepsOfWeight(item) }));
  return {
    byteLength: plan.byteLength,
    exact: plan.exact,
    weights: [
      ...planned.map(({ item, steps }) => summarizePlanned(item, steps)),
      ...leftAlone.map(summarizeLeftAlone),
    ],
    steps: plan.recipe.steps.map((_, index) => {
      const own = planned.filter(({ steps }) => steps.includes(index));
      return {
        weightCount: own.length,
        bytesBefore: sum(own.map(({ item }) => item.weight.tensor.storedByteLength)),
        bytesAfter: sum(own.map(({ item }) => storedBytes(item))),
      };
    }),
    stages: plannedStages(plan),
    leftAlone: groupReasons(leftAlone),
    breakdown: breakdown(plan),
    warnings: [...plan.warnings, ...planNotes(plan, modelBytes)],
  };
}

function summarizePlanned(item: PlannedWeight, steps: readonly number[]): PlannedWeightSummary {
  const { weight } = item;
  return {
    name: weight.name,
    step: steps.at(-1) ?? null,
    steps,
    encodingLabel: weightLabel(item),
    bits: storedBits(item),
    bytesBefore: weight.tensor.storedByteLength,
    bytesAfter: storedBytes(item),
    reason: null,
  };
}

function summarizeLeftAlone({ weight, reason, bytesAfter }: LeftAlone): PlannedWeightSummary {
  const { dtype, storedByteLength } = weight.tensor;
  return {
    name: weight.name,
    step: null,
    encodingLabel: SHORT_TYPES[dtype] ?? dtype,
    bits: dtype === 'float32' ? 32 : 16,
    bytesBefore: storedByteLength,
    bytesAfter,
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
  const values = new Map<string, { bits: number; byteLength: number }>();
  let scales = 0;
  for (const part of plan.planned.flatMap(({ parts }) => parts)) {
    const bits = bitsOfPart(part);
    for (const [role, spec] of Object.entries(part.tensors)) {
      const bytes = layoutBytes(spec);
      if (role !== 'codes' && role !== 'highCodes' && role !== 'values') {
        scales += bytes;
        continue;
      }
      const label = labelOf(part.choice, bits);
      const { byteLength } = values.get(label) ?? { byteLength: 0 };
      values.set(label, { bits, byteLength: byteLength + bytes });
    }
  }
  const parts = [...values].map(([label, part]) => ({ label, ...part }));
  const rest = plan.byteLength - scales - sum(parts.map(({ byteLength }) => byteLength));
  return [
    ...parts.sort((a, b) => b.bits - a.bits),
    { label: 'scales', bits: 0, byteLength: scales },
    { label: 'rest', bits: REST_BITS, byteLength: rest },
  ].filter(({ byteLength }) => byteLength > 0);
}

/** Of the part of the file that holds values or codes. */
function labelOf(choice: EncodingChoice, bits: number): string {
  if (choice.kind === 'quantized') return `int${bits}`;
  if (choice.kind === 'float') return bits === 16 ? 'fp16' : 'fp32';
  return choice.entries === 'nf4' ? 'nf4' : `palette${bits}`;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
