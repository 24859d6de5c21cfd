/**
 * Packed codes and a codebook that become, when the runtime loads the model, the weight's own value.
 * Every node depends on constants alone and is an ordinary operator, so the constant folding of
 * every build computes it once.
 *
 *   planes uint8 [bytes, 1] → fields by two BitShifts each → Concat [bytes, fields] → Cast int32
 *   → (high plane · 2^low + low plane) → Reshape [codes]
 *   k-means: (Slice) → Reshape [dims] → (Add the first entry of each channel's codebook) → Gather
 *   nf4: Gather → Reshape [blocks, block] → Mul magnitudes → (Slice) → Reshape (→ Transpose)
 */
import { codebookCount, codeOrder, codePlanes, storedCodes } from '../catalog/codebook-layout.ts';
import type { CodebookChoice } from '../catalog/encodings.ts';
import { NF4_VALUES } from '../core/nf4-values.ts';
import type { NodeSpec } from '../model/edit.ts';
import { int32Scalar, int64s } from './constants.ts';
import type { EncodeContext } from './encode-context.ts';
import type { EncodeJob, Encoder } from './encoder.ts';
import { FLOAT, onnx, stored, TYPE_CODES } from './nodes.ts';
import { unpackedFields } from './unpacked-fields.ts';

export type CodebookJob = EncodeJob<CodebookChoice>;

const INT32 = 6;

export const codebook: Encoder<CodebookChoice> = (job, context) => {
  const { name, dtype } = job.value;
  if (dtype === 'float32') return { kind: 'value', prelude: codebookValue(job, name, context) };
  const wide = context.unique(`${job.name}_wide`);
  const narrowed = onnx('Cast', [wide], name, { to: { int: TYPE_CODES[dtype] } });
  return { kind: 'value', prelude: [...codebookValue(job, wide, context), narrowed] };
};

/** The nodes that end in the weight's value as float32, named `output`. */
export function codebookValue(
  job: CodebookJob,
  output: string,
  context: EncodeContext,
): readonly NodeSpec[] {
  const steps = new Steps(job, context);
  const codes = storedIndices(steps);
  if (job.choice.entries === 'nf4') nf4Values(steps, codes, output);
  else paletteValues(steps, codes, output);
  return steps.nodes;
}

/** Nodes in order, each value named after the weight. */
class Steps {
  readonly nodes: NodeSpec[] = [];
  readonly job: CodebookJob;
  readonly context: EncodeContext;

  constructor(job: CodebookJob, context: EncodeContext) {
    this.job = job;
    this.context = context;
  }

  add(
    op: string,
    inputs: readonly string[],
    part: string,
    attributes: NodeSpec['attributes'] = {},
  ): string {
    return this.end(op, inputs, this.context.unique(`${this.job.name}_${part}`), attributes);
  }

  end(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: NodeSpec['attributes'] = {},
  ): string {
    this.nodes.push(onnx(op, inputs, output, attributes));
    return output;
  }

  reshape(value: string, dims: readonly number[], part: string): string {
    return this.add('Reshape', [value, int64s(this.context, dims)], part);
  }

  /** The first K · N of a flat value; what is stored beyond fills whole bytes or blocks. */
  cut(value: string, length: number): string {
    const { K, N } = this.job.shape;
    if (length === K * N) return value;
    const bounds = [[0], [K * N], [0]].map((own) => int64s(this.context, own));
    return this.add('Slice', [value, ...bounds], 'cut');
  }
}

/** Codes as int32, flat, with those that fill up. */
function storedIndices(steps: Steps): string {
  const { job, context } = steps;
  const [low = 0, high] = codePlanes(job.choice.bits);
  const plane = (role: 'codes' | 'highCodes', width: number): string => {
    const { fields, nodes } = unpackedFields(stored(job, role), width, context);
    steps.nodes.push(...nodes);
    const rows = steps.add('Concat', fields, `fields${width}`, { axis: { int: 1 } });
    const wide = steps.add('Cast', [rows], `indices${width}`, { to: { int: INT32 } });
    return steps.reshape(wide, [storedCodes(job.choice, job.shape)], `plane${width}`);
  };
  const codes = plane('codes', low);
  if (!high) return codes;
  const factor = int32Scalar(context, 2 ** low);
  const above = steps.add('Mul', [plane('highCodes', high), factor], 'high');
  return steps.add('Add', [codes, above], 'indices');
}

function nf4Values(steps: Steps, codes: string, output: string): void {
  const { job, context } = steps;
  const { choice, shape } = job;
  const { K, N, dims } = shape;
  const table = context.constant('nf4', () => ({
    ...{ dtype: 'float32', dims: [16] },
    bytes: new Uint8Array(NF4_VALUES.slice().buffer),
  }));
  const length = storedCodes(choice, shape);
  const levels = steps.add('Gather', [table, codes], 'levels', { axis: { int: 0 } });
  const blockSize = choice.blockSize ?? length;
  const blocks = steps.reshape(levels, [length / blockSize, blockSize], 'level_blocks');
  const scaled = steps.add('Mul', [blocks, widened(steps, 'scales')], 'blocks');
  const flat = steps.cut(steps.reshape(scaled, [length], 'flat'), length);
  if (codeOrder(choice, shape) === 'lying') {
    steps.end('Reshape', [flat, int64s(context, dims)], output);
    return;
  }
  const rows = steps.reshape(flat, [N, K], 'rows');
  const turn = { perm: { ints: [1, 0] } };
  if (dims.length === 2) steps.end('Transpose', [rows], output, turn);
  else {
    const matrix = steps.add('Transpose', [rows], 'matrix', turn);
    steps.end('Reshape', [matrix, int64s(context, dims)], output);
  }
}

function paletteValues(steps: Steps, codes: string, output: string): void {
  const { job } = steps;
  const { choice, shape } = job;
  const flat = steps.cut(codes, storedCodes(choice, shape));
  let entries = steps.reshape(flat, shape.dims, 'entries');
  if (codebookCount(choice, shape) > 1) {
    entries = steps.add('Add', [entries, firstEntries(steps)], 'own_entries');
  }
  steps.end('Gather', [widened(steps, 'codebook'), entries], output, { axis: { int: 0 } });
}

/** int32 [1, …, N, …, 1]: where the codebook of each channel starts. */
function firstEntries(steps: Steps): string {
  const { context, job } = steps;
  const { bits, channels } = job.choice;
  const { N, dims, channelAxis } = job.shape;
  const number = (value: number) => int32Scalar(context, value);
  const every = steps.add('Range', [number(0), number(N), number(1)], 'channels');
  const own = steps.add('Div', [every, number(Number(channels))], 'codebooks');
  const first = steps.add('Mul', [own, number(2 ** bits)], 'first_entries');
  const spread = dims.map((_, axis) => (axis === channelAxis ? N : 1));
  return steps.reshape(first, spread, 'channel_entries');
}

function widened(steps: Steps, role: 'scales' | 'codebook'): string {
  const { job } = steps;
  const given = stored(job, role);
  if (job.choice.scaleType === 'float32') return given;
  return steps.add('Cast', [given], `wide_${role}`, { to: { int: FLOAT } });
}
