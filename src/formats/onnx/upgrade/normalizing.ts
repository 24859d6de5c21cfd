/** Operators that normalize: what they normalize over, and with what. */
import type { Convert } from './upgrade-context.ts';

/** Statistics per element instead of per channel, which no later version has. */
export const dropSpatial: Convert = (draft) => {
  if (draft.takeInt('spatial') === 0) draft.problem ??= 'it normalizes each element by itself';
};

/** Outputs beside the first were for training. */
export const dropTrainingOutputs: Convert = (draft, { facts }) => {
  const [output, ...others] = draft.outputs;
  if (others.length === 0) return;
  if (others.some((name) => facts.used.has(name))) {
    draft.problem ??= 'its outputs for training are used';
  } else draft.keepOutputs(output ?? '');
};

const PLACES_OF_FLATTENED = ['Shape', 'Flatten', 'Reshape'] as const;

/**
 * Softmax, LogSoftmax, Hardmax: all axes from `axis` on were one, now it is a single axis. The
 * same where that is the last one; else the value is made a matrix and its shape put back.
 */
export const flattenAround: Convert = (draft, context) => {
  const axis = draft.takeInt('axis') ?? 1;
  const [value, output] = [draft.input(0), draft.outputs[0] ?? ''];
  const rank = context.rankOf(value) ?? context.rankOf(output);
  draft.set('axis', { kind: 'int', value: -1 });
  if (axis === -1 || axis + 1 === rank) return;
  const [shapeOf, flatten, reshape] = PLACES_OF_FLATTENED;
  const role = draft.op.toLowerCase();
  const shape = context.value(draft.before, shapeOf, [value], `${role}_shape`);
  const flat = context.value(draft.before, flatten, [value], `${role}_flat`, {
    axis: { int: axis },
  });
  const normalized = context.name(`${role}_normalized`);
  draft.setInput(0, flat);
  draft.keepOutputs(normalized);
  draft.after.push({
    ...{ op: reshape, domain: '', name: context.name(`${role}_${reshape}`) },
    ...{ inputs: [normalized, shape], outputs: [output], attributes: {} },
  });
};

/** GroupNormalization: scale and bias were one a group, now one a channel. */
export const repeatPerChannel: Convert = (draft, context) => {
  const groups = draft.takeInt('num_groups');
  if (groups === undefined) {
    draft.problem ??= 'it does not say how many groups';
    return;
  }
  draft.set('num_groups', { kind: 'int', value: groups });
  const { before } = draft;
  const channels = context.value(before, 'Shape', [draft.input(0)], 'channels', {
    start: { int: 1 },
    end: { int: 2 },
  });
  const count = context.ints('groups', [groups]);
  const each = context.value(before, 'Div', [channels, count], 'group_channels');
  const repeats = context.value(before, 'Concat', [context.ints('one', [1]), each], 'repeats', {
    axis: { int: 0 },
  });
  for (const index of [1, 2]) {
    const column = [draft.input(index), context.ints('column', [-1, 1])];
    const upright = context.value(before, 'Reshape', column, 'group_column');
    const repeated = context.value(before, 'Expand', [upright, repeats], 'group_repeated');
    const line = context.ints('line', [-1]);
    draft.setInput(index, context.value(before, 'Reshape', [repeated, line], 'per_channel'));
  }
};
