/** What families come to together: stages, parts, reasons and words. */
import { openAsBlob } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TargetId } from '../catalog/targets.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { findWeights } from '../model/find-weights.ts';
import type { Step } from '../recipe/recipe.ts';
import { weightLabel } from './describe-weight.ts';
import { type PlanFacts, planRecipe } from './plan.ts';

const blob = await openAsBlob(
  fileURLToPath(new URL('../../public/samples/digits/model.onnx', import.meta.url)),
);
const model = await openOnnx([{ path: 'model.onnx', blob }]);
const weights = findWeights(model);

const plan = (target: TargetId, steps: Step[], facts: PlanFacts = {}) =>
  planRecipe(
    model,
    weights,
    { format: 'whittle-recipe', version: 1, name: 'case', target, seed: 1, steps },
    facts,
  );
const labels = (...args: Parameters<typeof plan>) =>
  Object.fromEntries(plan(...args).planned.map((item) => [item.weight.label, weightLabel(item)]));

const int8: Step = { technique: 'rtn', options: { bits: 8, blockSize: 'channel' } };
const half: Step = { technique: 'fp16', options: {} };
const nOfM: Step = { technique: 'magnitude', options: { pattern: '2:4' } };
const byRank: Step = { technique: 'svd', options: { by: 'rank', rank: 8 } };
const byEnergy: Step = { technique: 'svd', options: { by: 'energy', energy: 0.9 } };

test('families act one after another, each with its own first step', () => {
  const own = labels('wasm', [nOfM, byRank, int8, half]);
  expect(own['hidden.weight']).toBe('2:4 · rank 8 · int8·channel');
  expect(new Set(Object.values(own))).toContain('2:4 · rank 8 · int8·channel');
});

test('a factor is found by its own name', () => {
  const first: Step = { technique: 'fp16', where: { name: '*/A' }, options: {} };
  const own = labels('wasm', [byRank, first, int8]);
  expect(own['hidden.weight']).toBe('rank 8 · A fp16, B int8·channel');
  const onlyB: Step = { ...int8, where: { name: 'hidden.weight/B' } };
  expect(labels('wasm', [byRank, onlyB])['hidden.weight']).toBe('rank 8 · A fp32, B int8·channel');
});

test('zeros that are stored keep the bytes, and it is said what they are good for', () => {
  const stored: Step = { ...nOfM, options: { ...nOfM.options, zeros: 'stored' } };
  const { planned, warnings, byteLength } = plan('wasm', [stored]);
  expect(planned.map(weightLabel)).toContain('2:4');
  expect(byteLength - model.byteLength).toBeLessThan(200);
  expect(warnings.map(({ message }) => message)).toContain(
    'Zeros are stored like other values, because the step says so: the file shrinks only when compressed (gzip), and no runtime here is faster for them.',
  );
});

describe('a residual', () => {
  const int4: Step = { technique: 'rtn', options: { bits: 4, blockSize: 32 } };
  const beside = (rank: number, factors = 'float16'): Step => ({
    technique: 'residual',
    options: { rank, factors },
  });

  test('stands beside the codes, stored as its step says', () => {
    expect(labels('webgpu', [int4, beside(4)])['hidden.weight']).toBe('int4·32 · + rank 4 fp16');
    const small = labels('wasm', [int4, beside(4, 'int8')]);
    expect(small['hidden.weight']).toBe('int4·32 · + rank 4 int8·channel');
    const { planned, byteLength } = plan('webgpu', [int4, beside(4)]);
    const hidden = planned.find(({ weight }) => weight.label === 'hidden.weight');
    expect(hidden?.parts.map(({ part }) => part)).toEqual(['', 'A', 'B']);
    expect(byteLength).toBeGreaterThan(plan('webgpu', [int4]).byteLength);
    expect(byteLength).toBeLessThan(plan('webgpu', [int4, beside(5)]).byteLength);
  });

  test('needs an error to correct, a matrix, and to be worth its bytes', () => {
    const messages = (steps: Step[]) => plan('wasm', steps).warnings.map(({ message }) => message);
    expect(messages([beside(4)])).toContainEqual(
      expect.stringMatching(/Residual: there is no error of quantizing to correct/),
    );
    expect(messages([byRank, int4, beside(4)])).toContainEqual(
      expect.stringMatching(/Residual: factors have a rank of their own/),
    );
    const { warnings } = plan('wasm', [int4, beside(256)]);
    expect(warnings.some(({ fix }) => fix?.kind === 'option' && fix.key === 'rank')).toBe(true);
  });
});

test('one budget for all weights is at most that until ranks are given', () => {
  const shared: Step = {
    technique: 'svd',
    options: { by: 'budget', budget: 0.5, scope: 'global' },
  };
  const bound = plan('wasm', [shared]);
  expect(bound.exact).toBe(false);
  const ranks = new Map(weights.map(({ name }, at) => [name, at % 3]));
  const known = plan('wasm', [shared], { ranks });
  expect(known.exact).toBe(true);
  expect(known.byteLength).toBeLessThan(bound.byteLength);
  for (const { weight, factorize } of known.planned) {
    expect(factorize?.rank).toBe(ranks.get(weight.name));
  }
});

describe('a rank by energy', () => {
  const hidden = weights.find(({ label }) => label === 'hidden.weight')?.name ?? '';
  const others = weights.map(({ name }) => [name, 0] as const);

  test('is at most what saves anything until it is known', () => {
    const bound = plan('wasm', [byEnergy]);
    expect(bound.exact).toBe(false);
    const known = plan('wasm', [byEnergy], { ranks: new Map([...others, [hidden, 10]]) });
    expect(known.exact).toBe(true);
    expect(known.byteLength).toBeLessThan(bound.byteLength);
    expect(known.planned.map((item) => [item.weight.name, weightLabel(item)])).toEqual([
      [hidden, 'rank 10'],
    ]);
  });

  test('that does not exist leaves the weight to the other steps, and says so', () => {
    const none = plan('wasm', [byEnergy, int8], { ranks: new Map(others) });
    expect(none.planned.every(({ factorize }) => factorize === null)).toBe(true);
    expect(none.warnings.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(
        /^Without this step: \d+ weights?\. Low rank would not make it smaller/,
      ),
    );
    const alone = plan('wasm', [byEnergy], { ranks: new Map(others) });
    expect(alone.leftAlone.find(({ weight }) => weight.name === hidden)?.reason).toBe(
      'Low rank would not make it smaller at 90 % energy',
    );
  });
});

describe('scales of inputs', () => {
  const smooth: Step = { technique: 'smoothquant', options: {} };
  const said = (steps: Step[], facts: PlanFacts = {}) =>
    plan('wasm', steps, facts).warnings.map(({ step, message }) => `${step} ${message}`);
  const scaled = (steps: Step[]) => plan('wasm', steps).scalings.length;
  const alone = scaled([smooth]);

  test('come before zeros, ranks and residuals', () => {
    const residual: Step = { technique: 'residual', options: { rank: 2 } };
    expect(alone).toBeGreaterThan(0);
    for (const steps of [[nOfM], [byRank], [nOfM, byRank, int8], [int8, residual]]) {
      expect(scaled([smooth, ...steps])).toBe(alone);
      expect(said([smooth, ...steps])).not.toContainEqual(expect.stringMatching(/not scaled/));
    }
  });

  test.each<[string, Step, RegExp]>([
    [
      'zeros over all weights',
      { technique: 'magnitude', options: { scope: 'global' } },
      /^0 Without this step: \d+ weights?\. Inputs not scaled: zeros are chosen over all/,
    ],
    [
      'ranks by energy',
      byEnergy,
      /^0 Without this step: \d+ weights?\. Inputs not scaled: the rank depends on values/,
    ],
  ])('are left out, and it is said why, with %s', (_, step, message) => {
    const { scalings, planned } = plan('wasm', [smooth, step]);
    expect(scalings).toEqual([]);
    expect(said([smooth, step])).toContainEqual(expect.stringMatching(message));
    const hidden = planned.find(({ weight }) => weight.label === 'hidden.weight');
    expect(hidden?.undone).toContainEqual(expect.stringMatching(/^Inputs not scaled/));
  });

  test('stay out once a rank by energy is known to serve nobody', () => {
    const ranks = new Map(weights.map(({ name }) => [name, 0]));
    expect(plan('wasm', [smooth, byEnergy], { ranks }).scalings).toEqual([]);
  });

  test('of two steps only one is taken', () => {
    const awq: Step = { technique: 'awq', options: { bits: 4 } };
    expect(said([smooth, awq])).toContainEqual(
      expect.stringMatching(/^1 Without scales: \d+ weights?\. Inputs not scaled: another step/),
    );
  });

  test('factors of a weight are rounded without a look at their inputs, which is said', () => {
    const gptq: Step = { technique: 'gptq', options: { bits: 8 } };
    expect(said([byRank, gptq])).toContainEqual(
      expect.stringMatching(/^1 The inputs of factors are not seen/),
    );
  });
});

test('a rank too large to save anything is refused with the largest that does', () => {
  const step: Step = { technique: 'svd', options: { by: 'rank', rank: 4096 } };
  const { leftAlone } = plan('wasm', [step]);
  expect(leftAlone.map(({ reason }) => reason)).toContainEqual(
    expect.stringMatching(/^Low rank would not make it smaller: at most rank \d+ does$/),
  );
});

test('4-bit convolutions raise the opset, 8-bit ones leave it', () => {
  const conv = (bits: number): Step => ({
    ...{ technique: 'rtn', where: { op: 'Conv' }, options: { bits, blockSize: 32 } },
  });
  const opsetOf = async (bits: number) => {
    const { layout } = plan('webgpu', [conv(bits)]);
    const bytes = layout.files.flatMap(({ parts }) =>
      parts.map((part) =>
        part.kind === 'copy'
          ? blob.slice(part.range.start, part.range.end)
          : part.kind === 'bytes'
            ? part.bytes
            : new Uint8Array(part.byteLength),
      ),
    );
    const reopened = await openOnnx([{ path: 'model.onnx', blob: new Blob(bytes) }]);
    return [reopened.opsets.get(''), reopened.irVersion];
  };
  return Promise.all([opsetOf(8), opsetOf(4)]).then(([eight, four]) => {
    expect(eight).toEqual([model.opsets.get(''), model.irVersion]);
    expect(four).toEqual([21, 10]);
  });
});

describe('zeros that are left out', () => {
  const half: Step = { technique: 'magnitude', options: { sparsity: 0.5 } };

  test('make the file smaller by what they take, less a bit for each value', () => {
    const { planned, byteLength, warnings } = plan('wasm', [half]);
    const packed = planned.filter(({ prune }) => prune?.stored === null);
    expect(packed.map(weightLabel)).toContain('50 % pruned · fp32 packed');
    const bytes = packed.map(({ weight }) => {
      const count = weight.tensor.byteLength / 4;
      return weight.tensor.byteLength - Math.ceil(count / 8) - 4 * (Math.ceil(count / 2) + 1);
    });
    const saved = bytes.reduce((sum, own) => sum + own, 0);
    expect(model.byteLength - byteLength).toBeLessThan(saved);
    expect(model.byteLength - byteLength).toBeGreaterThan(saved - 1024 * packed.length);
    expect(warnings.map(({ message }) => message)).toContain(
      'Zeros take one bit each in the file and are put back as it is loaded, which takes longer and more memory; no runtime here is faster for them.',
    );
  });

  test.each<[string, TargetId, Step[], string]>([
    [
      'no bits are saved',
      'wasm',
      [half, { ...int8, options: { bits: 2 } }],
      'as much as the zeros',
    ],
    [
      'how many there are is not known',
      'wasm',
      [{ ...half, options: { scope: 'global' } }],
      'only once all are compared',
    ],
    [
      'codes have zero points',
      'wasm',
      [half, { ...int8, options: { ...int8.options, symmetric: false } }],
      'asymmetric codes',
    ],
    ['the file is for any runtime', 'portable', [half], 'not every portable runtime'],
    ['factors take their place', 'wasm', [half, byRank], 'the factors of a pruned weight'],
  ])('are stored where %s', (_, target, steps, reason) => {
    const { planned, warnings } = plan(target, steps);
    const said = planned.map(({ prune }) => prune?.stored?.reason ?? '');
    expect(said.some((own) => own.includes(reason))).toBe(true);
    expect(warnings.some(({ message }) => message.includes(reason))).toBe(true);
  });
});
