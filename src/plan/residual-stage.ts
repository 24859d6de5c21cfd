/** What a step that adds a low-rank residual comes to on one weight. */
import { denseEncoding, encodingForFp16, encodingForRtn } from '../catalog/choose-encoding.ts';
import { encodingLayout, layoutBytes } from '../catalog/encoding-layout.ts';
import type { OptionFix } from '../catalog/encodings.ts';
import type { TargetId } from '../catalog/targets.ts';
import type { OptionValue } from '../catalog/technique.ts';
import type { QuantizeMethod } from '../core/quantize-method.ts';
import type { ResidualSpec } from '../core/residual-spec.ts';
import type { Weight } from '../model/weight.ts';
import { factorParts } from './factor-parts.ts';
import type { MatrixView } from './matrix-view.ts';
import type { BarePart, ChosenPart, Stage } from './planned-weight.ts';

type Options = Readonly<Record<string, OptionValue>>;

export interface WithResidual {
  readonly residual: Stage<ResidualSpec>;
  /** The quantized weight, A and B. */
  readonly parts: readonly ChosenPart[];
}

interface Refused {
  readonly reason: string;
  readonly fix?: OptionFix;
}

const CORRECTED: ReadonlySet<string> = new Set(['MatMul', 'Gemm', 'Conv', 'Gather']);

/**
 * The product that corrects a weight, and its parts.
 * @param own the weight under the encoding that a step before this one chose; null if none did
 */
export function residualStage(
  stepIndex: number,
  options: Options,
  {
    weight,
    view,
    own,
  }: { readonly weight: Weight; readonly view: MatrixView; readonly own: ChosenPart | null },
  target: TargetId,
): { readonly stage: WithResidual } | Refused {
  if (!own || own.choice.kind === 'float') {
    return { reason: 'Residual: there is no error of quantizing to correct' };
  }
  if (!CORRECTED.has(view.operator) || view.groups > 1) {
    return { reason: 'Residual: its uses take it only whole' };
  }
  const rank = options['rank'] as number;
  const largest = Math.min(view.K, view.N);
  if (rank > largest) {
    const reason = `Residual: it has at most rank ${largest}`;
    return { reason, fix: { key: 'rank', value: largest } };
  }
  const parts: ChosenPart[] = [{ ...own, valueType: 'float32' }];
  for (const part of factorParts(view, rank)) {
    const chosen = factorOf(part, options['factors'], stepIndex, target);
    if ('reason' in chosen) return chosen;
    parts.push(chosen);
  }
  const most = weight.tensor.storedByteLength;
  const bytes = bytesOf(parts);
  if (bytes >= most) {
    const alone = bytesOf(parts.slice(0, 1));
    return tooLarge(rank, Math.floor(((most - alone) * rank) / (bytes - alone)) - 1);
  }
  const spec = { rank, byInputs: options['fit'] === 'output' };
  return { stage: { residual: { stepIndex, spec }, parts } };
}

function tooLarge(rank: number, most: number): Refused {
  if (most < 1) return { reason: 'Residual would not leave it smaller than it was' };
  return {
    reason: `Residual: rank ${rank} would not leave it smaller than it was, at most rank ${most} does`,
    fix: { key: 'rank', value: most },
  };
}

/** Plain rounding: what errs in a correction is small beside what it corrects. */
const PLAIN: QuantizeMethod = { kind: 'rtn' };

function factorOf(
  part: BarePart,
  stored: OptionValue | undefined,
  stepIndex: number,
  target: TargetId,
): ChosenPart | Refused {
  if (stored !== 'int8') {
    const choice = stored === 'float16' ? halfOrRefused() : denseEncoding('float32');
    return 'reason' in choice ? choice : { ...part, stepIndex, choice, method: null };
  }
  // Blocks have kernels on the GPU and natively; elsewhere a value by channel works for any use.
  const hasBlocks = target === 'webgpu' || target === 'native';
  const options = {
    ...{ bits: 8, blockSize: hasBlocks ? 32 : 'channel', symmetric: true },
    ...{ scaleType: 'float16', clip: false, compute: 'exact' },
  };
  const place = { row: part.operator, shape: part, groups: 1, valueType: part.valueType };
  const decision = encodingForRtn(options, place, target);
  return 'choice' in decision
    ? { ...part, stepIndex, choice: decision.choice, method: PLAIN }
    : { reason: decision.refused };
}

function halfOrRefused() {
  const half = encodingForFp16();
  return 'choice' in half ? half.choice : { reason: half.refused };
}

const bytesOf = (parts: readonly ChosenPart[]): number =>
  parts
    .flatMap((part) => encodingLayout(part.choice, part))
    .reduce((sum, tensor) => sum + layoutBytes(tensor), 0);
