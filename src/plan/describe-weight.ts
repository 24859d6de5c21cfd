/** A planned weight in figures and few words, for the page and for reports. */
import { encodingLabel, layoutBytes } from '../catalog/encoding-layout.ts';
import type { PruneSpec } from '../core/prune-spec.ts';
import type { PlannedPart, PlannedWeight } from './planned-weight.ts';

/**
 * "int4·32", "2:4 · int8·channel packed", "rank 32", "rank 32 · A fp32, B int4·32",
 * "int4·32 · + rank 16 fp16", "fp32 · 384×768" where it was cut to that.
 */
export const weightLabel = (item: PlannedWeight): string =>
  item.cut ? `${storedLabel(item)} · ${item.cut.dims.join('×')}` : storedLabel(item);

function storedLabel(item: PlannedWeight): string {
  const { scaling, prune, factorize, residual, parts } = item;
  const words: string[] = [];
  if (scaling?.spec.kind === 'smoothquant') words.push('smooth');
  if (prune) words.push(pruneLabel(prune.spec));
  if (residual) {
    const [own, ...factors] = parts.map(({ choice }) => encodingLabel(choice));
    return [...words, own, `+ rank ${residual.spec.rank} ${[...new Set(factors)].join(', ')}`].join(
      ' · ',
    );
  }
  if (factorize) {
    const split = factorize.split === 'spatial' ? 'spatial ' : '';
    words.push(`${split}rank ${factorize.exact ? '' : '≤ '}${factorize.rank}`);
  }
  const labels = parts.map(({ choice }) => encodingLabel(choice));
  const isPlain =
    words.length > 0 &&
    parts.every(({ choice }) => choice.encoding === 'dense' && choice.kept === undefined);
  if (!isPlain) words.push(new Set(labels).size === 1 ? (labels[0] ?? '') : listed(parts, labels));
  return words.join(' · ');
}

const listed = (parts: readonly PlannedPart[], labels: readonly string[]): string =>
  parts.map(({ part }, at) => `${part} ${labels[at]}`).join(', ');

const pruneLabel = (spec: PruneSpec): string =>
  spec.kind === 'n-of-m'
    ? `${spec.n}:${spec.m}`
    : `${Math.round(spec.sparsity * 1000) / 10} % pruned`;

/** The encodings by their ids, each once; "sparse-" where zeros are left out. */
export const encodingIds = ({ parts }: PlannedWeight): string =>
  [...new Set(parts.map(({ choice }) => encodingId(choice)))].join(', ');

const encodingId = ({ encoding, kept }: PlannedPart['choice']): string =>
  kept === undefined ? encoding : `sparse-${encoding}`;

/** Steps that act on the weight, in acting order. */
export function stepsOfWeight({
  cut,
  scaling,
  prune,
  factorize,
  residual,
  parts,
}: PlannedWeight): readonly number[] {
  const steps = [
    ...(cut?.steps ?? []),
    ...[scaling?.stepIndex, prune?.stepIndex, factorize?.stepIndex],
    ...parts.map((part) => part.stepIndex),
    residual?.stepIndex,
  ];
  return [...new Set(steps.filter((step) => step !== undefined && step !== null))];
}

/** The last step that acts on the weight: it is compressed for that one. */
export const stepOfWeight = (item: PlannedWeight): number => stepsOfWeight(item).at(-1) ?? 0;

/** Step by step, and in the order that they had within one. */
export const inStepOrder = (planned: readonly PlannedWeight[]): readonly PlannedWeight[] =>
  planned.toSorted((a, b) => stepOfWeight(a) - stepOfWeight(b));

/** Bytes that a planned weight takes in the output. */
export const storedBytes = ({ parts }: PlannedWeight): number =>
  parts
    .flatMap(({ tensors }) => Object.values(tensors))
    .reduce((sum, spec) => sum + layoutBytes(spec), 0);

/** Of codes; 16 and 32 are floats. Of factors the narrower's. */
export const storedBits = ({ parts }: PlannedWeight): number => Math.min(...parts.map(bitsOfPart));

export const bitsOfPart = ({ choice }: Pick<PlannedPart, 'choice'>): number => {
  if (choice.kind !== 'float') return choice.bits;
  return choice.dtype === 'float16' || choice.dtype === 'bfloat16' ? 16 : 32;
};
