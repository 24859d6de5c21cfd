/** What `npm run methods` compares: one method a recipe, everything else alike. */

/** @import { TargetId } from '../../src/catalog/targets.ts' */
/** @import { Step } from '../../src/recipe/recipe.ts' */
/** @typedef {{ name: string, steps: Step[], target?: TargetId }} Method `webgpu` if absent */

const MATRICES = { op: ['MatMul', 'Gemm'] };
const PRODUCTS = { op: [...MATRICES.op, 'Conv'] };
const EMBEDDINGS = /** @type {Step} */ ({
  technique: 'rtn',
  where: { op: ['Gather'] },
  options: { bits: 8, blockSize: 32 },
});

/**
 * Products by `technique`, embeddings at 8 bits.
 * @param {string} technique
 * @param {Record<string, string | number | boolean>} options
 * @returns {Step[]}
 */
const quantized = (technique, options) => [
  /** @type {Step} */ ({ technique, where: PRODUCTS, options }),
  EMBEDDINGS,
];

/**
 * Products by `technique`, and nothing else: floats.
 * @param {string} technique
 * @param {Record<string, string | number | boolean>} options
 * @returns {Step[]}
 */
const alone = (technique, options) => [
  /** @type {Step} */ ({ technique, where: PRODUCTS, options }),
];

const FOUR = { bits: 4, blockSize: 32 };
const HALF = { pattern: 'free', sparsity: 0.5 };
const TWO_OF_FOUR = { pattern: '2:4' };
const RANK = { by: 'budget', budget: 0.6 };

/**
 * Units cut away, floats kept.
 * @param {Record<string, number>} shares by technique
 * @param {Record<string, string | boolean>} options
 * @returns {Step[]}
 */
const cut = (shares, options) =>
  Object.entries(shares).map(
    ([technique, share]) => /** @type {Step} */ ({ technique, options: { share, ...options } }),
  );

/**
 * Whole blocks away, floats kept: 1 and 2 of six, or 1 and 1 of four.
 * @param {number} share
 * @returns {Step[]}
 */
const dropped = (share, score = 'influence') => [
  /** @type {Step} */ ({ technique: 'cut-blocks', options: { share, score } }),
];

const HALF_FFN = { 'cut-heads': 1 / 6, 'cut-neurons': 0.5 };
const REFITTED = { score: 'loss', reconstruct: true };
const OVER_ALL = { ...REFITTED, scope: 'global' };
const AS_CUT = { score: 'wanda', reconstruct: false };

/**
 * Shares of units cut away and refitted, 4 bits for what stays, few bits for tables.
 * @typedef {{ neurons: number, heads: number, tableBits: number, symmetric: boolean }} HybridSettings
 */

/** What the preset "Even smaller, faster" does to matrices and tables; found by `npm run choose`. */
export const HYBRID = { neurons: 0.5, heads: 0.35, tableBits: 3, symmetric: true };

/**
 * @param {HybridSettings} settings
 * @returns {Step[]}
 */
export const hybridSteps = ({ neurons, heads, tableBits, symmetric }) => [
  ...cut({ 'cut-neurons': neurons, 'cut-heads': heads }, OVER_ALL),
  { technique: 'gptq', where: MATRICES, options: { ...FOUR, rows: 512, symmetric } },
  {
    technique: 'palettize',
    where: { op: ['Gather'] },
    options: { bits: tableBits, channels: 1 },
  },
];

/** @type {Step} */
export const VOCABULARY = { technique: 'vocabulary', options: {} };
/** @type {Step} */
const BY_CHANNEL = { technique: 'rtn', options: { bits: 8, blockSize: 'channel' } };
/** @type {Step} */
const SMOOTH = { technique: 'smoothquant', options: {} };
/** @type {Step} */
const STATIC = { technique: 'int8-static', options: {} };

/** @type {Method[]} */
export const METHODS = [
  { name: 'fp16', steps: [{ technique: 'fp16', options: {} }] },
  { name: 'rtn 8', steps: quantized('rtn', { bits: 8, blockSize: 32 }) },
  { name: 'int8 dynamic', target: 'wasm', steps: [BY_CHANNEL] },
  { name: 'int8 dynamic, smooth', target: 'wasm', steps: [SMOOTH, BY_CHANNEL] },
  { name: 'int8 static', target: 'portable', steps: [STATIC, EMBEDDINGS] },
  { name: 'int8 static, smooth', target: 'portable', steps: [SMOOTH, STATIC, EMBEDDINGS] },
  { name: 'int8 static for wasm', target: 'wasm', steps: [STATIC, EMBEDDINGS] },
  { name: 'rtn 4', steps: quantized('rtn', FOUR) },
  { name: 'rtn 4 for wasm', target: 'wasm', steps: quantized('rtn', FOUR) },
  { name: 'rtn 4 for native', target: 'native', steps: quantized('rtn', FOUR) },
  { name: 'rtn 4 for portable', target: 'portable', steps: quantized('rtn', FOUR) },
  { name: 'rtn 4 asymmetric', steps: quantized('rtn', { ...FOUR, symmetric: false }) },
  { name: 'rtn 4 clip', steps: quantized('rtn', { ...FOUR, clip: true }) },
  { name: 'gptq 4', steps: quantized('gptq', FOUR) },
  { name: 'gptq 4 in order', steps: quantized('gptq', { ...FOUR, actOrder: false }) },
  { name: 'awq 4', steps: quantized('awq', FOUR) },
  { name: 'hqq 4', steps: quantized('hqq', FOUR) },
  { name: 'k-quant 4', steps: quantized('k-quant', FOUR) },
  { name: 'nf4', steps: quantized('nf4', {}) },
  { name: 'palettize 4', steps: quantized('palettize', { bits: 4 }) },
  {
    name: 'palettize 4 by inputs',
    steps: quantized('palettize', { bits: 4, byInputs: true }),
  },
  { name: 'palettize 4 by channel', steps: quantized('palettize', { bits: 4, channels: 1 }) },
  {
    name: 'palettize 4 by channel and inputs',
    steps: quantized('palettize', { bits: 4, channels: 1, byInputs: true }),
  },
  { name: 'palettize 3', steps: quantized('palettize', { bits: 3 }) },
  {
    name: 'palettize 3 by inputs',
    steps: quantized('palettize', { bits: 3, byInputs: true }),
  },
  { name: 'rtn 2', steps: quantized('rtn', { bits: 2, blockSize: 32 }) },
  { name: 'gptq 2', steps: quantized('gptq', { bits: 2, blockSize: 32 }) },
  { name: 'rtn 2 block 16', steps: quantized('rtn', { bits: 2, blockSize: 16, symmetric: false }) },
  {
    name: 'gptq 2 block 16',
    steps: quantized('gptq', { bits: 2, blockSize: 16, symmetric: false }),
  },
  { name: 'magnitude 50 %', steps: alone('magnitude', HALF) },
  { name: 'wanda 50 %', steps: alone('wanda', HALF) },
  { name: 'sparsegpt 50 %', steps: alone('sparsegpt', HALF) },
  { name: 'magnitude 2:4', steps: alone('magnitude', TWO_OF_FOUR) },
  { name: 'wanda 2:4', steps: alone('wanda', TWO_OF_FOUR) },
  { name: 'sparsegpt 2:4', steps: alone('sparsegpt', TWO_OF_FOUR) },
  { name: 'svd 60 %', steps: alone('svd', RANK) },
  { name: 'asvd 60 %', steps: alone('asvd', RANK) },
  { name: 'svd-llm 60 %', steps: alone('svd-llm', RANK) },
  { name: 'svd-llm 60 % over all', steps: alone('svd-llm', { ...RANK, scope: 'global' }) },
  {
    name: 'rtn 4 + residual 16',
    steps: [
      ...quantized('rtn', FOUR),
      { technique: 'residual', where: PRODUCTS, options: { rank: 16 } },
    ],
  },
  { name: 'half the ffn, refitted', steps: cut(HALF_FFN, REFITTED) },
  { name: 'half the ffn over all layers, refitted', steps: cut(HALF_FFN, OVER_ALL) },
  { name: 'half the ffn, as cut', steps: cut(HALF_FFN, AS_CUT) },
  { name: 'a sixth of the blocks', steps: dropped(1 / 6) },
  { name: 'a third of the blocks', steps: dropped(1 / 3) },
  { name: 'a third of the blocks by depth', steps: dropped(1 / 3, 'depth') },
  { name: 'half the channels, refitted', steps: cut({ 'cut-channels': 0.5 }, REFITTED) },
  {
    name: 'half the channels over all layers, refitted',
    steps: cut({ 'cut-channels': 0.5 }, OVER_ALL),
  },
  { name: 'half the channels, as cut', steps: cut({ 'cut-channels': 0.5 }, AS_CUT) },
  { name: 'vocabulary', steps: [VOCABULARY] },
  { name: 'hybrid', target: 'wasm', steps: hybridSteps(HYBRID) },
  { name: 'hybrid + vocabulary', target: 'wasm', steps: [VOCABULARY, ...hybridSteps(HYBRID)] },
];

/**
 * @param {Method} method
 * @param {{ target?: string, seed?: number }} wanted its natural target and seed 1 if absent
 */
export const recipeOf = ({ name, steps, target = 'webgpu' }, wanted) => ({
  ...{ format: 'whittle-recipe', version: 1, name, steps },
  ...{ target: wanted.target ?? target, seed: wanted.seed ?? 1 },
});
