import { expect, test } from 'vitest';
import { type GroupMode, gptq } from './gptq.ts';
import { goldenCases } from './testing/golden.ts';
import {
  type GoldenLayer,
  layerOf,
  paperFactor,
  paperRule,
  relativeError,
  withoutDead,
} from './testing/layers.ts';

interface Variant {
  readonly bits: number;
  readonly group: number | 'row';
  readonly symmetric: boolean;
  readonly act_order: boolean;
  readonly rtnError: number;
  readonly gptqError: Readonly<Partial<Record<GroupMode | 'row', number>>>;
}

const LAYERS = goldenCases('gptq', '').filter(({ expect: { variants } }) => variants);
const TINY = goldenCases('gptq', 'tiny_');

test('the golden has 84 variants', () => {
  expect(LAYERS.flatMap(({ expect: { variants = [] } }) => variants).length).toBe(84);
});

function run(
  layer: GoldenLayer,
  variant: Omit<Variant, 'rtnError' | 'gptqError'>,
  mode: GroupMode,
) {
  const { bits, group, symmetric, act_order } = variant;
  const { N, K } = layer;
  // Static blocks are those of the weights before that.
  const weight = mode === 'static' ? layer.weight : withoutDead(layer);
  const blockSize = group === 'row' ? K : group;
  const rule = paperRule(bits, symmetric);
  const ordered = paperFactor(layer, act_order);
  return gptq({ weight, N, ...ordered, blockSize, mode, lazyBlock: 128, rule });
}

test.each(LAYERS)('$name: every mode is as good as the published code', (golden) => {
  const layer = layerOf(golden);
  const variants = golden.expect.variants as unknown as readonly Variant[];
  for (const variant of variants) {
    for (const [mode, wanted] of Object.entries(variant.gptqError)) {
      const { values } = run(layer, variant, mode === 'row' ? 'static' : (mode as GroupMode));
      const own = relativeError(layer, values);
      expect(own / wanted, `${JSON.stringify(variant)} ${mode}`).toBeLessThan(1.02);
    }
  }
});

test.each(TINY)('$name: every intermediate', (golden) => {
  const layer = layerOf(golden);
  const { bits, group, symmetric, act_order } = golden.params as unknown as Variant;
  const { order, factor } = paperFactor(layer, act_order);
  const { weight, N, K } = layer;
  const of = (name: string) => new Float64Array(golden.arrays[name]?.bytes.buffer ?? []);
  expect([...order]).toEqual([...new Int32Array(golden.arrays['perm']?.bytes.buffer ?? [])]);

  // H⁻¹ = Uᵀ U, so that U (Ů + I) is the diagonal of U.
  const u = of('U');
  expect(u.length).toBe(K * K);
  for (let i = 0; i < K; i++) {
    expect(factor.diagonal[i]! * u[i * K + i]! ** 2).toBeCloseTo(1, 9);
    for (let k = i; k < K; k++) {
      let sum = u[i * K + k]!;
      for (let j = i; j < k; j++) sum += u[i * K + j]! * factor.upper[j * K + k]!;
      expect(sum / u[i * K + i]!).toBeCloseTo(k === i ? 1 : 0, 5);
    }
  }

  const rule = paperRule(bits, symmetric);
  const task = { weight, N, order, factor, blockSize: group as number, lazyBlock: 128, rule };
  const { codes, values, loss } = gptq({ ...task, mode: 'static' });
  expect([...codes]).toEqual([...new Int32Array(golden.arrays['codes']?.bytes.buffer ?? [])]);
  of('dequantized').forEach((wanted, i) => {
    expect(values[i]).toBeCloseTo(wanted, 9);
  });
  expect(relativeError(layer, values)).toBeCloseTo(golden.expect['gptqError'] as number, 9);
  expect(loss).toBeGreaterThan(0);
});
