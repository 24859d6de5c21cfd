/** How the zeros of a pruned weight are stored. */
import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import { packedZeros } from '../catalog/zero-storage.ts';
import { keptOf } from '../core/prune-spec.ts';
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { MatrixView } from './matrix-view.ts';
import type { ChosenPart, PruneStage, Pruning, StoredZeros } from './planned-weight.ts';

interface Stored {
  readonly prune: PruneStage | null;
  readonly part: ChosenPart;
}

/** @param options of the step that prunes */
export function storeZeros(
  pruning: Pruning | null,
  options: Readonly<Record<string, OptionValue>> | undefined,
  part: ChosenPart,
  { K, N, inputs }: MatrixView,
  target: TargetId,
): Stored {
  if (!pruning) return { prune: null, part };
  const stored = (zeros: StoredZeros): Stored => ({ prune: { ...pruning, stored: zeros }, part });
  if (options?.['zeros'] === 'stored') return stored(AS_CHOSEN);
  if (part.method && !KEEPS_ZEROS.has(part.method.kind)) return stored(MOVED);
  const kept = keptOf(pruning, { K, N, axisLength: inputs.axisLength });
  if (kept === null) return stored(UNKNOWN);
  const decision = packedZeros(part.choice, part, kept, target);
  if ('dense' in decision) return stored({ reason: decision.dense });
  const { choice } = decision;
  return { prune: { ...pruning, stored: null }, part: { ...part, choice } };
}

/** Ways of finding codes that give a zero the code of zero, whatever its neighbours are. */
const KEEPS_ZEROS: ReadonlySet<QuantizeMethod['kind']> = new Set(['rtn', 'gptq', 'hqq', 'k-quant']);

const MOVED: StoredZeros = { reason: 'codes that make up for each other leave few zeros' };

const AS_CHOSEN: StoredZeros = {
  reason: 'the step says so',
  fix: { key: 'zeros', value: 'packed' },
};

const UNKNOWN: StoredZeros = {
  reason: 'how many each weight has is known only once all are compared',
  fix: { key: 'scope', value: 'tensor' },
};
