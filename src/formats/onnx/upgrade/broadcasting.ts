/** Operators of before opset 7, which said how their operands were to be laid over each other. */
import type { Convert } from './upgrade-context.ts';

/**
 * The second operand started at `axis` of the first; now it ends where the first ends, so it may
 * need axes of one after its own.
 */
export const alignOperands: Convert = (draft, context) => {
  const isBroadcast = draft.takeInt('broadcast') === 1;
  const axis = draft.takeInt('axis');
  if (!isBroadcast || axis === undefined) return;
  const [rank, own] = [context.rankOf(draft.input(0)), context.rankOf(draft.input(1))];
  if (rank === undefined || own === undefined) {
    draft.problem ??= 'how many axes its operands have is not known';
    return;
  }
  const after = rank - (axis < 0 ? axis + rank : axis) - own;
  if (after <= 0) return;
  const shape = [...Array<number>(own).fill(0), ...Array<number>(after).fill(1)];
  const reshaped = [draft.input(1), context.ints('aligned', shape)];
  draft.setInput(1, context.value(draft.before, 'Reshape', reshaped, 'operand'));
};

/** C of Gemm is laid over the product in any case. */
export const dropBroadcast: Convert = (draft) => {
  draft.takeInt('broadcast');
};

/** The slope was one a channel, which is the second axis; now its last axis is laid on the last. */
export const alignSlope: Convert = (draft, context) => {
  const slope = context.dimsOf(draft.input(1));
  const rank = context.rankOf(draft.input(0));
  if (slope && slope.length <= 1 && (slope[0] ?? 1) === 1) return;
  if (!slope || rank === undefined) {
    draft.problem ??= 'how many axes its operands have is not known';
    return;
  }
  if (slope.length !== 1 || rank <= 2) return;
  const shape = [-1, ...Array<number>(rank - 2).fill(1)];
  const reshaped = [draft.input(1), context.ints('slope_shape', shape)];
  draft.setInput(1, context.value(draft.before, 'Reshape', reshaped, 'slope'));
};

/** Whether a node trains was its own matter. */
export const dropTestMode: Convert = (draft) => {
  const isTest = draft.takeInt('is_test') ?? 0;
  if (isTest === 0) draft.problem ??= 'it is in training mode';
};

/** All steps are given out where something reads them. */
export const dropOutputSequence: Convert = (draft) => {
  draft.takeInt('output_sequence');
};

export const sidesToScales: Convert = (draft) => {
  const [height, width] = [draft.takeFloat('height_scale'), draft.takeFloat('width_scale')];
  if (height === undefined || width === undefined) {
    draft.problem ??= 'it does not say by how much';
    return;
  }
  draft.set('scales', { kind: 'floats', values: [1, 1, height, width] });
  const mode = draft.takeText('mode');
  if (mode === undefined) return;
  draft.set('mode', { kind: 'string', value: mode === 'bilinear' ? 'linear' : mode });
};
