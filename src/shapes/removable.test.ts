import { expect, test } from 'vitest';
import type { Graph } from '../model/model.ts';
import { analyze } from './analyze.ts';
import { findRemovable } from './removable.ts';
import { graphOf, node } from './testing/graphs.ts';

/** Each group as its kind, its units and the axes of constants that the first one cuts. */
function groupsOf(graph: Graph, opset = 17) {
  const { groups, tensors } = findRemovable(graph, analyze(graph, opset));
  return groups.map(({ kind, units, takers }) => ({
    kind,
    units: units.length,
    cut: [...(units[0] ?? [])]
      .flatMap(([id, indices]) =>
        (tensors.get(id) ?? []).map(({ tensor, axis }) => `${tensor}@${axis}×${indices.length}`),
      )
      .sort(),
    takers: takers.map(({ tensor }) => tensor),
  }));
}

const whyNot = (graph: Graph, tensor: string, axis: number): string | undefined => {
  const { fixed } = findRemovable(graph, analyze(graph, 17));
  const found = fixed.find((it) => it.tensor === tensor && it.axis === axis);
  return found && `${found.obstacle.node} ${found.obstacle.why}`;
};

const X = { x: ['batch', 'length', 8] } as const;

test('hidden neurons: what makes them, their bias, and what takes them', () => {
  const graph = graphOf(
    X,
    [
      node('MatMul', ['x', 'up'], ['h']),
      node('Add', ['bias', 'h'], ['b']),
      node('Erf', ['b'], ['e']),
      node('Mul', ['b', 'e'], ['g']),
      node('MatMul', ['g', 'down'], ['y']),
    ],
    { up: [8, 32], bias: [32], down: [32, 8] },
  );
  expect(groupsOf(graph)).toEqual([
    { kind: 'neurons', units: 32, cut: ['bias@0×1', 'down@0×1', 'up@1×1'], takers: ['down'] },
  ]);
  expect(whyNot(graph, 'down', 1)).toBe('y is an output of the model');
  expect(whyNot(graph, 'up', 0)).toBe('x is an input of the model');
});

test('a gated layer is cut in both its halves, and a fused one within each part', () => {
  const gated = graphOf(
    X,
    [
      node('MatMul', ['x', 'gate'], ['g']),
      node('Sigmoid', ['g'], ['s']),
      node('MatMul', ['x', 'up'], ['u']),
      node('Mul', ['s', 'u'], ['h']),
      node('MatMul', ['h', 'down'], ['y']),
    ],
    { gate: [8, 32], up: [8, 32], down: [32, 8] },
  );
  expect(groupsOf(gated)[0]?.cut).toEqual(['down@0×1', 'gate@1×1', 'up@1×1']);
  const fused = graphOf(
    X,
    [
      node('MatMul', ['x', 'both'], ['f']),
      node('Split', ['f'], ['g', 'u'], { axis: -1 }),
      node('Mul', ['g', 'u'], ['h']),
      node('MatMul', ['h', 'down'], ['y']),
    ],
    { both: [8, 64], down: [32, 8] },
  );
  expect(groupsOf(fused)).toMatchObject([{ units: 32, cut: ['both@1×2', 'down@0×1'] }]);
});

/** Attention over 4 heads of 2, `groups` of keys and values. */
const attention = (target: readonly number[]) =>
  graphOf(
    X,
    [
      ...['q', 'k', 'v'].flatMap((name) => [
        node('MatMul', ['x', `w${name}`], [`${name}1`]),
        node('Reshape', [`${name}1`, 'split'], [`${name}2`]),
        node('Transpose', [`${name}2`], [`${name}3`], { perm: [0, 2, 1, 3] }),
      ]),
      node('Transpose', ['k3'], ['k4'], { perm: [0, 1, 3, 2] }),
      node('MatMul', ['q3', 'k4'], ['s1']),
      node('Softmax', ['s1'], ['s2']),
      node('MatMul', ['s2', 'v3'], ['o1']),
      node('Transpose', ['o1'], ['o2'], { perm: [0, 2, 1, 3] }),
      node('Reshape', ['o2', 'join'], ['o3']),
      node('MatMul', ['o3', 'wo'], ['y']),
    ],
    { wq: [8, 8], wk: [8, 8], wv: [8, 8], wo: [8, 8] },
    { split: target, join: [0, 0, -1] },
  );

test('heads go whole, whether their number is stated or follows', () => {
  for (const target of [
    [0, 0, 4, 2],
    [0, 0, -1, 2],
  ]) {
    expect(groupsOf(attention(target))).toEqual([
      {
        ...{ kind: 'heads', units: 4, takers: ['wo'] },
        cut: ['wk@1×2', 'wo@0×2', 'wq@1×2', 'wv@1×2'],
      },
    ]);
  }
});

test('channels go through residuals, depthwise layers and norms', () => {
  const graph = graphOf(
    { x: ['batch', 3, 8, 8] },
    [
      node('Conv', ['x', 'w1', 'b1'], ['a'], { pads: [1, 1, 1, 1] }),
      node('Conv', ['a', 'w2'], ['b'], { pads: [1, 1, 1, 1] }),
      node('BatchNormalization', ['b', 's', 'o', 'm', 'v'], ['c']),
      node('Add', ['a', 'c'], ['d']),
      node('Conv', ['d', 'w3'], ['e'], { group: 16, pads: [1, 1, 1, 1] }),
      node('GlobalAveragePool', ['e'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'w4'], ['y'], { transB: 1 }),
    ],
    {
      ...{ w1: [16, 3, 3, 3], b1: [16], w2: [16, 16, 3, 3], w3: [16, 1, 3, 3], w4: [5, 16] },
      ...{ s: [16], o: [16], m: [16], v: [16] },
    },
  );
  const [group, ...others] = groupsOf(graph);
  expect(others).toEqual([]);
  expect(group?.kind).toBe('channels');
  expect(group?.units).toBe(16);
  expect(group?.takers).toEqual(['w2', 'w4']);
  const cut = ['w1@0', 'b1@0', 'w2@0', 'w2@1', 's@0', 'o@0', 'm@0', 'v@0', 'w3@0', 'w4@1'];
  expect(group?.cut).toEqual(cut.map((it) => `${it}×1`).sort());
});

test('channels of joined branches are cut branch by branch', () => {
  const graph = graphOf(
    { x: ['batch', 3, 4, 4] },
    [
      node('Conv', ['x', 'w1'], ['a']),
      node('Conv', ['x', 'w2'], ['b']),
      node('Concat', ['a', 'b'], ['c'], { axis: 1 }),
      node('Conv', ['c', 'w3'], ['y']),
    ],
    { w1: [4, 3, 1, 1], w2: [8, 3, 1, 1], w3: [5, 12, 1, 1] },
  );
  expect(groupsOf(graph)).toMatchObject([
    { units: 4, cut: ['w1@0×1', 'w3@1×1'] },
    { units: 8, cut: ['w2@0×1', 'w3@1×1'] },
  ]);
});

test('what a flattened picture feeds loses all places of a channel', () => {
  const graph = graphOf(
    { x: ['batch', 3, 4, 4] },
    [
      node('Conv', ['x', 'w1'], ['a']),
      node('Flatten', ['a'], ['f']),
      node('Gemm', ['f', 'w2'], ['y']),
    ],
    { w1: [6, 3, 3, 3], w2: [24, 5] },
  );
  expect(groupsOf(graph)).toMatchObject([{ units: 6, cut: ['w1@0×1', 'w2@0×4'] }]);
});

test.each([
  [
    node('LayerNormalization', ['h', 's'], ['n'], { axis: -1 }),
    'LayerNormalization computes over it',
  ],
  [node('Softmax', ['h'], ['n']), 'Softmax computes over it'],
  [node('ReduceMean', ['h'], ['n'], { axes: [-1] }), 'ReduceMean computes over it'],
  [node('Mystery', ['h'], ['n']), 'Mystery is an operator that Whittle does not follow'],
  [node('Slice', ['h', 'from', 'to', 'axes'], ['n']), 'Slice takes a part of it'],
  [node('Reshape', ['h', 'n0'], ['n']), 'Reshape has a target that is not known before a run'],
])('%s is in the way', (blocker, why) => {
  const graph = graphOf(
    { ...X, n0: [3] },
    [
      node('MatMul', ['x', 'up'], ['h']),
      blocker,
      node('MatMul', ['h', 'down'], ['z']),
      node('Identity', ['z'], ['y']),
    ],
    { up: [8, 32], s: [32], down: [32, 8] },
    { from: [0], to: [4], axes: [2] },
  );
  expect(groupsOf(graph)).toEqual([]);
  expect(whyNot(graph, 'up', 1)).toBe(why);
});
