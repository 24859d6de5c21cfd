/** Recipes that must be refused: what is changed in a good one, the path and words of the refusal. */
import { TECHNIQUES } from '../../catalog/techniques.ts';

export interface BadRecipe {
  readonly change: (recipe: Draft) => void;
  readonly path: string;
  readonly message: string;
}

/** A recipe's JSON, loose enough to be broken. */
export type Draft = { [key: string]: unknown; steps: DraftStep[] };
type DraftStep = { [key: string]: unknown; where: Loose; options: Loose };
type Loose = Record<string, unknown>;

const step = (change: (step: DraftStep) => void) => (recipe: Draft) => {
  for (const first of recipe.steps.slice(0, 1)) change(first);
};
const option = (key: string, value: unknown) =>
  step(({ options }) => Object.assign(options, { [key]: value }));
const where = (selector: Loose) => step((first) => Object.assign(first, { where: selector }));
const field = (key: string, value: unknown) => (recipe: Draft) =>
  Object.assign(recipe, { [key]: value });
const nested = (depth: number): Loose =>
  depth === 0 ? { op: 'Gemm' } : { not: nested(depth - 1) };

export const BAD_RECIPES: Readonly<Record<string, BadRecipe>> = {
  'another format': {
    change: field('format', 'webpack'),
    path: 'format',
    message: '"whittle-recipe"',
  },
  'no format': { change: field('format', undefined), path: 'format', message: 'is missing' },
  'a future version': { change: field('version', 2), path: 'version', message: 'newer Whittle' },
  'a version as text': { change: field('version', '1'), path: 'version', message: 'Allowed: 1.' },
  'an unknown key': {
    change: field('comment', 'hi'),
    path: 'comment',
    message: 'not a known key. Allowed: format, version',
  },
  'an inherited key': {
    change: (recipe) => Object.defineProperty(recipe, '__proto__', { value: {}, enumerable: true }),
    path: '__proto__',
    message: 'not a known key',
  },
  'a very odd key': { change: field('a b'.repeat(200), 1), path: '["', message: 'not a known key' },
  'no name': {
    change: field('name', ''),
    path: 'name',
    message: 'is empty. Allowed: text of 1 to 200',
  },
  'a name that is too long': {
    change: field('name', 'x'.repeat(201)),
    path: 'name',
    message: 'has 201 characters',
  },
  'an unknown target': {
    change: field('target', 'toaster'),
    path: 'target',
    message: 'is "toaster". Allowed: webgpu, wasm, native, portable.',
  },
  'an inherited target': {
    change: field('target', 'constructor'),
    path: 'target',
    message: 'Allowed: webgpu, wasm, native, portable.',
  },
  'no seed': {
    change: field('seed', undefined),
    path: 'seed',
    message: 'is missing. Allowed: an integer from 0 to 4294967295.',
  },
  'a negative seed': { change: field('seed', -1), path: 'seed', message: 'is -1. Allowed' },
  'a seed of minus zero': {
    change: field('seed', -0),
    path: 'seed',
    message: 'Allowed: an integer',
  },
  'a fractional seed': { change: field('seed', 1.5), path: 'seed', message: 'is 1.5. Allowed' },
  'a seed too large': {
    change: field('seed', 2 ** 32),
    path: 'seed',
    message: 'is 4294967296. Allowed',
  },
  'steps that are no list': {
    change: field('steps', {}),
    path: 'steps',
    message: 'is an object. Allowed: a list of 0 to 1000.',
  },
  'too many steps': {
    change: (recipe) => Object.assign(recipe, { steps: Array(1001).fill(recipe.steps[0]) }),
    path: 'steps',
    message: 'has 1001 entries',
  },
  'a step that is no object': {
    change: field('steps', [null]),
    path: 'steps[0]',
    message: 'is null. Allowed: an object',
  },
  'an unknown technique': {
    change: step((first) => Object.assign(first, { technique: 'magic' })),
    path: 'steps[0].technique',
    message: `is "magic". Allowed in this version: ${Object.keys(TECHNIQUES).join(', ')}`,
  },
  'an inherited technique': {
    change: step((first) => Object.assign(first, { technique: 'toString' })),
    path: 'steps[0].technique',
    message: 'Allowed in this version',
  },
  'an unknown key of a step': {
    change: step((first) => Object.assign(first, { bits: 4 })),
    path: 'steps[0].bits',
    message: 'Allowed: technique, where, enabled, options.',
  },
  'a step enabled by a number': {
    change: step((first) => Object.assign(first, { enabled: 0 })),
    path: 'steps[0].enabled',
    message: 'is 0. Allowed: true, false.',
  },
  'a choice that is not offered': {
    change: option('bits', 3),
    path: 'steps[0].options.bits',
    message: 'is 3. Allowed: 2, 4, 8.',
  },
  'a choice of the wrong type': {
    change: option('bits', '4'),
    path: 'steps[0].options.bits',
    message: 'is "4". Allowed: 2, 4, 8.',
  },
  'a block size that is not offered': {
    change: option('blockSize', 48),
    path: 'steps[0].options.blockSize',
    message: 'is 48. Allowed: 16, 32, 64, 128, 256, "channel".',
  },
  'a toggle of the wrong type': {
    change: option('symmetric', 1),
    path: 'steps[0].options.symmetric',
    message: 'is 1. Allowed: true, false.',
  },
  'an option of null': {
    change: option('symmetric', null),
    path: 'steps[0].options.symmetric',
    message: 'is null',
  },
  'an unknown option': {
    change: option('blocksize', 32),
    path: 'steps[0].options.blocksize',
    message: 'Allowed: bits, blockSize, symmetric, scaleType, clip, compute.',
  },
  'options that are a list': {
    change: step((first) => Object.assign(first, { options: [] })),
    path: 'steps[0].options',
    message: 'is a list',
  },
  'options of null': {
    change: step((first) => Object.assign(first, { options: null })),
    path: 'steps[0].options',
    message: 'is null',
  },
  'an unknown selector key': {
    change: where({ ops: 'Gemm' }),
    path: 'steps[0].where.ops',
    message: 'Allowed: op, name, minElements, not.',
  },
  'an empty list of operators': {
    change: where({ op: [] }),
    path: 'steps[0].where.op',
    message: 'Allowed: a list of 1 to 64.',
  },
  'an operator that is a number': {
    change: where({ op: ['Gemm', 7] }),
    path: 'steps[0].where.op[1]',
    message: 'is 7',
  },
  'an empty glob': {
    change: where({ name: '' }),
    path: 'steps[0].where.name',
    message: 'is empty',
  },
  'a glob that is too long': {
    change: where({ name: '*'.repeat(501) }),
    path: 'steps[0].where.name',
    message: 'has 501 characters',
  },
  'a malformed regular expression': {
    change: where({ name: 're:(a' }),
    path: 'steps[0].where.name',
    message: 'without its )',
  },
  'a regular expression with a back-reference': {
    change: where({ name: 're:(a)\\1' }),
    path: 'steps[0].where.name',
    message: 'not supported',
  },
  'a regular expression with lookahead': {
    change: where({ name: 're:^(?=.*a)' }),
    path: 'steps[0].where.name',
    message: 'lookaround',
  },
  'a regular expression that explodes': {
    change: where({ name: 're:((a{99}){99}){99}' }),
    path: 'steps[0].where.name',
    message: 'repeats too much',
  },
  'a negative minElements': {
    change: where({ minElements: -5 }),
    path: 'steps[0].where.minElements',
    message: 'is -5. Allowed: an integer from 0',
  },
  'a bad selector within not': {
    change: where({ not: { op: 'Gemm', name: 4 } }),
    path: 'steps[0].where.not.name',
    message: 'is 4',
  },
  'not nested too deep': {
    change: where(nested(6)),
    path: 'steps[0].where.not.not.not.not.not',
    message: 'over 4 deep',
  },
};
