/** The axes of the matrix: what is done, where it must run, to which model. */

/** @typedef {{ technique: string, options: Record<string, unknown> }} Step */

/** @type {Readonly<Record<string, Step[]>>} */
export const RECIPES = {
  'int2 block 32': [rtn({ bits: 2 })],
  'int2 block 16 asymmetric': [rtn({ bits: 2, blockSize: 16, symmetric: false })],
  'int4 block 32': [rtn({ bits: 4 })],
  'int4 block 32 asymmetric': [rtn({ bits: 4, symmetric: false })],
  'int4 block 64': [rtn({ bits: 4, blockSize: 64 })],
  'int4 block 128, 32-bit scales': [rtn({ bits: 4, blockSize: 128, scaleType: 'float32' })],
  'int4 channel': [rtn({ bits: 4, blockSize: 'channel' })],
  'int4 clip search': [rtn({ bits: 4, clip: true })],
  'int4 exact': [rtn({ bits: 4, compute: 'exact' })],
  'int8 block 32': [rtn({ bits: 8 })],
  'int8 channel': [rtn({ bits: 8, blockSize: 'channel' })],
  'int8 channel asymmetric': [rtn({ bits: 8, blockSize: 'channel', symmetric: false })],
  'int8 channel exact': [rtn({ bits: 8, blockSize: 'channel', compute: 'exact' })],
  'hqq int4 block 32': [{ technique: 'hqq', options: { bits: 4 } }],
  'k-quant int8 block 64': [{ technique: 'k-quant', options: { bits: 8, blockSize: 64 } }],
  'nf4 block 64': [{ technique: 'nf4', options: {} }],
  'nf4 block 32, exact': [{ technique: 'nf4', options: { blockSize: 32, compute: 'exact' } }],
  '4 bit palettes': [{ technique: 'palettize', options: {} }],
  '5 bit palette, exact': [palettize({ bits: 5, channels: 'all', compute: 'exact' })],
  fp16: [{ technique: 'fp16', options: {} }],
  '50 % pruned': [magnitude({ sparsity: 0.5 })],
  '50 % pruned over all weights': [magnitude({ sparsity: 0.5, scope: 'global' })],
  '2:4': [magnitude({ pattern: '2:4' })],
  '4:8 + int8 block 32': [magnitude({ pattern: '4:8' }), rtn({ bits: 8 })],
  '2:4 + int8 channel': [magnitude({ pattern: '2:4' }), rtn({ bits: 8, blockSize: 'channel' })],
  'half rank': [svd({ by: 'budget', budget: 0.5 })],
  'rank 16': [svd({ by: 'rank', rank: 16 })],
  'energy 90 %': [svd({ by: 'energy', energy: 0.9 })],
  'half rank + int8 block 32': [svd({ by: 'budget', budget: 0.5 }), rtn({ bits: 8 })],
  'half rank + int8 channel': [
    svd({ by: 'budget', budget: 0.5 }),
    rtn({ bits: 8, blockSize: 'channel' }),
  ],
  'half rank + fp16': [svd({ by: 'budget', budget: 0.5 }), { technique: 'fp16', options: {} }],
  'half rank over all weights': [svd({ by: 'budget', budget: 0.5, scope: 'global' })],
  'half rank, better split': [svd({ by: 'budget', budget: 0.5, kernels: 'better' })],
  'int4 block 32 + residual': [rtn({ bits: 4 }), residual({ fit: 'values' })],
  'int4 channel + 8-bit residual': [
    rtn({ bits: 4, blockSize: 'channel' }),
    residual({ fit: 'values', rank: 8, factors: 'int8' }),
  ],
  'a block dropped': [{ technique: 'cut-blocks', options: { share: 0.25 } }],
  'a block dropped + int4 block 32': [
    { technique: 'cut-blocks', options: { share: 0.25 } },
    rtn({ bits: 4 }),
  ],
  '30 % pruned + energy 95 % + int4': [
    magnitude({ sparsity: 0.3 }),
    svd({ by: 'energy', energy: 0.95 }),
    rtn({ bits: 4 }),
  ],
};

export const TARGETS = ['webgpu', 'wasm', 'native', 'portable'];

/**
 * About how much longer a recipe takes than one pass over the weights.
 * @param {string} recipe
 */
export const secondsOf = (recipe) =>
  RECIPES[recipe]?.some(({ options }) => options['by'] === 'energy') ? 10 : 0;

/** @param {Record<string, unknown>} options */
function rtn(options) {
  return { technique: 'rtn', options };
}

/** @param {Record<string, unknown>} options */
function palettize(options) {
  return { technique: 'palettize', options };
}

/** @param {Record<string, unknown>} options */
function magnitude(options) {
  return { technique: 'magnitude', options };
}

/** @param {Record<string, unknown>} options */
function svd(options) {
  return { technique: 'svd', options };
}

/** @param {Record<string, unknown>} options */
function residual(options) {
  return { technique: 'residual', options };
}

/**
 * @param {string} name
 * @param {string} target
 */
export const recipeOf = (name, target) => ({
  format: 'whittle-recipe',
  version: 1,
  name,
  target,
  seed: 1,
  steps: RECIPES[name],
});
