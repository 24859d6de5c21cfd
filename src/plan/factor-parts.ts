/** The two matrices that a factorized weight becomes, and how they stand in its place. */
import { shapeByAxis } from '../catalog/matrix-shape.ts';
import type { Split } from '../core/factorize-spec.ts';
import type { EncodeContext } from '../encoders/encode-context.ts';
import { onnx } from '../encoders/nodes.ts';
import type { Site } from '../encoders/site.ts';
import type { AttributeValue, NodeSpec } from '../model/edit.ts';
import type { MatrixView } from './matrix-view.ts';
import type { BarePart } from './planned-weight.ts';

/**
 * A and B of a weight: `x · W = (x · A) · B`; a convolution with `rank` outputs and one of 1 × 1, or
 * split spatially one of h × 1 and one of 1 × w;
 * a table of `rank` columns and the matrix that widens its rows. They are used as float32.
 */
export function factorParts(
  view: MatrixView,
  rank: number,
  split: Split = 'channel',
): readonly BarePart[] {
  const { operator, K, N, transposed, dims } = view;
  const make = (
    part: 'A' | 'B',
    row: 'MatMul' | 'Conv' | 'Gather',
    shape: readonly number[],
    channelAxis: number,
  ): BarePart => ({
    ...shapeByAxis(shape, channelAxis),
    part,
    operator: row,
    valueType: 'float32',
  });
  if (split === 'spatial') {
    const [, channels = 1, height = 1, width = 1] = dims;
    return [
      make('A', 'Conv', [rank, channels, height, 1], 0),
      make('B', 'Conv', [N, rank, 1, width], 0),
    ];
  }
  if (operator === 'Conv') {
    const kernel = dims.slice(2);
    return [
      make('A', 'Conv', [rank, ...dims.slice(1)], 0),
      make('B', 'Conv', [N, rank, ...kernel.map(() => 1)], 0),
    ];
  }
  if (operator === 'Gather') {
    const [table, columns] = transposed
      ? ([make('A', 'Gather', [N, rank], 0), make('B', 'MatMul', [rank, K], 1)] as const)
      : ([make('A', 'Gather', [rank, N], 1), make('B', 'MatMul', [K, rank], 0)] as const);
    return [table, columns];
  }
  return transposed
    ? [make('A', 'MatMul', [rank, K], 0), make('B', 'MatMul', [N, rank], 0)]
    : [make('A', 'MatMul', [K, rank], 1), make('B', 'MatMul', [rank, N], 1)];
}

/** The sites of A and B in place of the weight's. */
export function splitSite(
  site: Site,
  rank: number,
  context: EncodeContext,
  split: Split = 'channel',
): readonly [Site, Site] {
  const { name, output } = site;
  const between = context.unique(`${output}_rank_${rank}`);
  const named = (part: 'A' | 'B') => (name === '' ? '' : context.unique(`${name}_${part}`));
  const first = { ...site, name: named('A'), output: between };
  const place = { name: named('B'), input: between, output };
  switch (site.kind) {
    case 'lookup':
      return [first, { kind: 'product', ...place, bias: '' }];
    case 'product':
      return [
        { ...first, kind: 'product', bias: '' },
        { kind: 'product', ...place, bias: site.bias },
      ];
    case 'conv': {
      const [down, across] =
        split === 'spatial' ? splitAttributes(site.attributes) : [site.attributes, {}];
      return [
        { ...first, kind: 'conv', bias: '', attributes: down },
        { kind: 'conv', ...place, bias: site.bias, attributes: across },
      ];
    }
  }
}

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Of a convolution along the first spatial axis, and of one along the second after it. */
function splitAttributes(attributes: Attributes): readonly [Attributes, Attributes] {
  const along = (axis: 0 | 1): Attributes =>
    Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => {
        if (!('ints' in value)) return [name, value];
        // Axis by axis, or the pads before all axes and then those after.
        const neutral = name === 'pads' ? 0 : 1;
        return [name, { ints: value.ints.map((it, at) => (at % 2 === axis ? it : neutral)) }];
      }),
    );
  return [along(0), along(1)];
}

/** The sites of a quantized weight and of the A and B beside it, and the node that adds the two. */
export function splitUse(
  site: Site,
  rank: number,
  context: EncodeContext,
): { readonly sites: readonly [Site, Site, Site]; readonly sum: readonly NodeSpec[] } {
  const { output } = site;
  const [main, rest] = [
    context.unique(`${output}_quantized`),
    context.unique(`${output}_residual`),
  ];
  const name = site.name === '' ? '' : context.unique(`${site.name}_residual`);
  const own = { ...site, output: main };
  const beside: Site =
    site.kind === 'lookup'
      ? { ...site, name, output: rest }
      : { ...site, name, output: rest, bias: '' };
  const [first, second] = splitSite(beside, rank, context);
  return { sites: [own, first, second], sum: [onnx('Add', [main, rest], output)] };
}
