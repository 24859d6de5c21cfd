/** Operators whose attributes became inputs, so that they may be computed. */
import type { Convert } from './upgrade-context.ts';

/** `axes` of reductions, Squeeze and Unsqueeze. Without it reductions go over all axes, as before. */
export const axesToInput: Convert = (draft, context) => {
  const axes = draft.takeInts('axes');
  if (axes) draft.setInput(1, context.ints('axes', axes));
};

export const splitToInput: Convert = (draft, context) => {
  const split = draft.takeInts('split');
  if (split) draft.setInput(1, context.ints('split', split));
};

/** Equal parts have to be counted, as a last part may be shorter now. */
export const countSplits: Convert = (draft) => {
  if (draft.input(1) !== '') return;
  draft.set('num_outputs', { kind: 'int', value: draft.outputs.length });
};

export const sliceToInputs: Convert = (draft, context) => {
  const starts = draft.takeInts('starts') ?? [];
  const ends = draft.takeInts('ends') ?? [];
  const axes = draft.takeInts('axes');
  draft.setInput(1, context.ints('starts', starts));
  draft.setInput(2, context.ints('ends', ends));
  if (axes) draft.setInput(3, context.ints('axes', axes));
};

export const topCountToInput: Convert = (draft, context) => {
  const k = draft.takeInt('k');
  if (k === undefined) draft.problem ??= 'it does not say how many';
  else draft.setInput(1, context.ints('k', [k]));
};

export const padToInputs: Convert = (draft, context) => {
  const pads = draft.takeInts('pads') ?? [];
  const value = draft.takeFloat('value') ?? 0;
  draft.setInput(1, context.ints('pads', pads));
  if (value !== 0) {
    draft.setInput(2, context.scalarLike(draft, 'pad_value', value, draft.input(0)));
  }
};

export const clipToInputs: Convert = (draft, context) => {
  const [min, max] = [draft.takeFloat('min'), draft.takeFloat('max')];
  const bound = (role: string, value: number) =>
    context.scalarLike(draft, role, value, draft.input(0));
  if (min !== undefined) draft.setInput(1, bound('clip_min', min));
  if (max !== undefined) draft.setInput(2, bound('clip_max', max));
};

/** What was dropped in training is of no effect here; the mask was of the input's type once. */
export const maskToBool: Convert = (draft, context) => {
  const [output, mask] = draft.outputs;
  if (mask === undefined || mask === '') return;
  if (context.facts.used.has(mask)) draft.problem ??= 'its mask is used';
  else draft.keepOutputs(output ?? '');
};

export const ratioToInput: Convert = (draft, context) => {
  const ratio = draft.takeFloat('ratio');
  if (ratio !== undefined) draft.setInput(1, context.floats('ratio', ratio));
};

/** The axis counted from the front once, and from the back where it is not given now. */
export const dftAxisToInput: Convert = (draft, context) => {
  draft.setInput(2, context.ints('dft_axis', draft.takeInt('axis') ?? 1));
};
