import { expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../core/testing/hostile-text.ts';
import { BASELINE, RUN } from '../report/testing/runs.ts';
import { escapeMarkdown, fenced } from './markdown.ts';
import { modelCardSection } from './model-card.ts';
import { exampleInput } from './model-inputs.ts';
import {
  companionsOf,
  repositoryObstacle,
  repositoryReadme,
  suggestedNames,
} from './repository.ts';
import { snippets } from './snippets.ts';
import { taskOf } from './task.ts';
import type { Usage } from './usage.ts';
import { suggestedDtype } from './variants.ts';

const [row] = RUN.weights;
if (!row) throw new Error('the fixture has a weight');
const stored = (bitsPerWeight: number, bytesBefore: number, encoding = 'matmul-nbits int4·32') => ({
  ...{ ...row, bitsPerWeight, bytesBefore, encoding },
});

test.each([
  ['4 bits and 8-bit embeddings', [stored(4.5, 50), stored(8, 50)], 'q4'],
  ['8 bits, and 4 in a corner', [stored(8, 95), stored(4.5, 5)], 'q8'],
  ['2 bits in small blocks', [stored(3, 90)], 'q2'],
  ['16 bits', [stored(16, 90)], 'fp16'],
  ['nf4', [stored(4.5, 90, 'matmul-bnb4 nf4·64')], 'bnb4'],
  ['pruned only', [stored(32, 90, 'dense fp32')], 'fp32'],
  ['nothing', [{ ...row, technique: null, reason: 'too small' }], 'fp32'],
])('%s is named as transformers.js would', (_, weights, dtype) => {
  expect(suggestedDtype({ kind: 'run', weights })).toBe(dtype);
});

test('two runs of one name are told apart by the person', () => {
  const other = { ...RUN, id: 'run-5', name: 'other' };
  const names = suggestedNames([BASELINE, RUN, other]);
  expect([...names.values()]).toEqual(['fp32', 'q4', null]);
  const choice = (name: string, dtype: string | null, fileCount = 1) => ({
    name,
    dtype,
    fileCount,
  });
  expect(repositoryObstacle([])).toBe('Choose at least one run.');
  expect(repositoryObstacle([choice('a', 'q4'), choice('b', null)])).toBe('Choose a name for b.');
  expect(repositoryObstacle([choice('a', 'q4'), choice('b', 'q4')])).toBe(
    'a and b would both be onnx/model_q4.onnx. Give one of them another name.',
  );
  expect(repositoryObstacle([choice('a', 'q4', 2)])).toMatch(
    /^a has files of its own beside the graph/,
  );
  expect(repositoryObstacle([choice('a', 'q4'), choice('b', 'q4f16')])).toBeNull();
});

test('companions are those that transformers.js reads, each name once', () => {
  const paths = [
    'm/config.json',
    'm/tokenizer.json',
    'old/config.json',
    'm/test.csv',
    'm/model.onnx',
  ];
  expect(companionsOf(paths.map((path) => ({ path }))).map(({ path }) => path)).toEqual([
    'm/config.json',
    'm/tokenizer.json',
  ]);
});

test('a model card has the figures, the recipe and how they were measured', () => {
  const card = modelCardSection([BASELINE, RUN], new Map([[RUN.id, 'onnx/model_q4.onnx']]));
  expect(card).toContain(
    '| int4 block 32 + int8 embeddings (`onnx/model_q4.onnx`) | 13.7 MB | 6.6× smaller | ×1.9 (15.0 ms, original 28.6 ms in the same pairs) | ×0.32 (30.6 ms, original 9.8 ms in the same pairs) | 83.6 % ±2.2 | −0.4 pt ±0.9 | 97.8 % | 0.0087 |',
  );
  expect(card).toContain('"whittle-recipe"');
  expect(card).toContain('1,068 rows of test.csv');
  expect(card).toContain('cd'.repeat(32));
  const readme = repositoryReadme('m', 'text-classification', BASELINE, [
    { run: RUN, dtype: 'q4' },
  ]);
  expect(readme).toMatch(
    /^---\nlibrary_name: transformers.js\npipeline_tag: text-classification\n/,
  );
  expect(readme).toContain("`dtype: 'q4'` loads `onnx/model_q4.onnx`");
});

test.each(HOSTILE_NAMES)('the name %j stays a cell of its table', (name) => {
  const card = modelCardSection([BASELINE, { ...RUN, name }]);
  const line = card.split('\n').find((text) => text.includes('13.7 MB')) ?? '';
  expect(line.replace(/\\./g, '').split('|')).toHaveLength(11);
  expect(escapeMarkdown(name).replace(/\\./g, '')).not.toMatch(/[<>[\]`*_|]/);
});

test('a fence outlasts the backticks in it', () => {
  expect(fenced('a ````` b', 'json')).toBe('``````json\na ````` b\n``````\n');
});

test.each([
  ['BertForSequenceClassification', 'text-classification'],
  ['GPT2LMHeadModel', 'text-generation'],
  ['LlamaForCausalLM', 'text-generation'],
  ['ViTForImageClassification', 'image-classification'],
  ['BertModel', 'feature-extraction'],
  ['SomethingElse', null],
])('%s is for %s', (architecture, task) => {
  expect(taskOf({ architectures: [architecture] })).toBe(task);
  expect(taskOf({ architectures: architecture })).toBeNull();
  expect(taskOf(null)).toBeNull();
});

test('inputs get sizes that run', () => {
  const dims = (type: string) => exampleInput({ name: 'x', type }).dims;
  expect(dims('int64 batch × sequence')).toEqual([1, 16]);
  expect(dims('float32 batch × 3 × height × width')).toEqual([1, 3, 224, 224]);
  expect(dims('float32 batch × 4 × past_sequence_length × 64')).toEqual([1, 4, 0, 64]);
  expect(dims('int64 batch × past_sequence_length + 1')).toEqual([1, 16]);
  expect(dims('float32 any shape')).toEqual([]);
});

const usage: Usage = {
  files: ['digits.int4.onnx'],
  inputs: [{ name: 'image', type: 'float32 batch × 1 × 28 × 28' }],
  outputs: [{ name: 'logits', type: 'float32 batch × 10' }],
  target: 'webgpu',
  dtype: 'q4',
  task: 'text-classification',
  folder: 'digits',
  companions: [],
  cutAt: null,
  labels: [],
  multiLabel: false,
  run: RUN,
};
const codeOf = (it: Usage, id: string) =>
  snippets(it).find((snippet) => snippet.id === id)?.code ?? '';

test('snippets name the file, its inputs and the provider of its target', () => {
  const web = codeOf(usage, 'onnxruntime-web');
  expect(web).toContain('"onnxruntime-web/webgpu"');
  expect(web).toContain("executionProviders: ['webgpu']");
  expect(web).toContain(
    '"image": new ort.Tensor("float32", new Float32Array(784), [1, 1, 28, 28])',
  );
  const wasm = { ...usage, target: 'wasm', files: ['m.onnx', 'm.data'] } as const;
  expect(codeOf(wasm, 'onnxruntime-web')).toContain('{ path: "m.data", data: "m.data" }');
  expect(codeOf(wasm, 'onnxruntime-web')).toContain("executionProviders: ['wasm']");
  expect(codeOf(usage, 'python')).toContain('"image": np.zeros((1, 1, 28, 28), dtype=np.float32)');
  expect(codeOf(usage, 'transformers.js')).toBe('');
});

test('options follow the encoding', () => {
  const run = (encoding: string) => ({ ...RUN, weights: [{ ...row, encoding }] });
  const unpacked = { ...usage, target: 'wasm', run: run('blocks-to-uint8 int4·32') } as const;
  expect(codeOf(unpacked, 'onnxruntime-web')).toContain("graphOptimizationLevel: 'all'");
  expect(codeOf(usage, 'onnxruntime-web')).not.toContain('graphOptimizationLevel');
  const portable = { ...usage, target: 'portable', run: run('dequantize-linear int4·64') } as const;
  expect(codeOf(portable, 'python')).toContain('"session.qdq_matmulnbits_accuracy_level", "0"');
  const gathered = snippets({ ...usage, run: run('gather-block-quantized int8·32') })[0];
  expect(gathered?.notes.join()).toContain('GatherBlockQuantized');
});

test('a tokenizer gives a text as the example', () => {
  const inputs = ['input_ids', 'attention_mask'].map((name) => ({ name, type: 'int64 b × s' }));
  const text = { ...usage, inputs, companions: ['tokenizer.json', 'config.json'] };
  expect(codeOf(text, 'python')).toContain('Tokenizer.from_file("tokenizer.json")');
  expect(codeOf(text, 'onnxruntime-web')).toContain(
    '"attention_mask": row(encoded.attention_mask)',
  );
  expect(codeOf(text, 'transformers.js')).toContain('pipeline("text-classification", "digits"');
  expect(codeOf(text, 'transformers.js')).toContain('dtype: "q4"');
});

test('longer texts are cut as they were where the file was measured', () => {
  const inputs = [{ name: 'input_ids', type: 'int64 b × s' }];
  const text = { ...usage, inputs, companions: ['tokenizer.json'], cutAt: 4 };
  expect(codeOf(text, 'python')).toContain('tokenizer.enable_truncation(4)');
  const [cut] = /const cut = [\s\S]+?;/.exec(codeOf(text, 'onnxruntime-web')) ?? [''];
  const ids = new Function(`${cut} return [cut([1, 2, 3, 9]), cut([1, 2, 3, 4, 5, 9])];`)();
  expect(ids).toEqual([
    [1, 2, 3, 9],
    [1, 2, 3, 9],
  ]);
  expect(codeOf({ ...text, cutAt: null }, 'python')).not.toContain('truncation');
});

test('text that begins with a figure stays as it is, and a list does not begin', () => {
  expect(escapeMarkdown('4.9× smaller')).toBe('4.9× smaller');
  expect(escapeMarkdown('1.30.0')).toBe('1.30.0');
  expect(escapeMarkdown('1. first')).toBe('1\\. first');
  expect(escapeMarkdown('- first')).toBe('\\- first');
});

const texts = ['input_ids', 'attention_mask'].map((name) => ({ name, type: 'int64 b × s' }));
const sentiment: Usage = {
  ...usage,
  inputs: texts,
  outputs: [{ name: 'logits', type: 'float32 b × 2' }],
  companions: ['tokenizer.json'],
  labels: ['negative', 'positive'],
};

test('code reads no file that was not there', () => {
  const web = codeOf(sentiment, 'onnxruntime-web');
  expect(web).toContain("json('tokenizer.json')");
  expect(web).toContain('  {}, // a tokenizer_config.json');
  const companions = ['tokenizer.json', 'tokenizer_config.json'];
  const both = codeOf({ ...sentiment, companions }, 'onnxruntime-web');
  expect(both).toContain("  await json('tokenizer_config.json'),");
  expect(both).toContain('// Serve beside the model, unchanged: tokenizer.json, tokenizer_config');
  const own = { ...sentiment, files: ['m.onnx', 'tokenizer.json'], companions: [] };
  expect(codeOf(own, 'onnxruntime-web')).toContain("json('tokenizer.json')");
  for (const line of web.split('\n')) expect(line.length).toBeLessThanOrEqual(96);
});

/** Runs the lines after the session's, as the page or Python would. */
const printed = (code: string, values: number[]): unknown[] => {
  const at = code.indexOf('const labels');
  const lines: unknown[] = [];
  const log = (...words: unknown[]) => lines.push(words.join(' '));
  const run = new Function('outputs', 'console', code.slice(at));
  run({ logits: { data: Float32Array.from(values) } }, { log });
  return lines;
};

test('code ends with the class and its score', () => {
  expect(printed(codeOf(sentiment, 'onnxruntime-web'), [0, 3])).toEqual(['positive 0.953']);
  const each = codeOf({ ...sentiment, multiLabel: true }, 'onnxruntime-web');
  expect(printed(each, [0, 3])).toEqual(['negative 0.500', 'positive 0.953']);
  const python = codeOf(sentiment, 'python');
  expect(python).toContain('labels = ["negative", "positive"]');
  expect(python).toContain('session.run(["logits"], feeds)[0][0]');
  const wide = { ...sentiment, outputs: [{ name: 'logits', type: 'float32 b × 3' }] };
  expect(codeOf(wide, 'onnxruntime-web')).toContain('console.log(outputs["logits"]);');
});

test('a missing config.json is shown as far as it is known', () => {
  const [, snippet] = snippets(sentiment);
  expect(snippet?.code).toContain('pipeline("text-classification"');
  expect(snippet?.notes[0]).toContain('does not say its architecture');
  expect(JSON.parse(snippet?.template?.text ?? '')).toEqual({
    model_type: 'the architecture, such as bert or distilbert',
    id2label: { 0: 'negative', 1: 'positive' },
    label2id: { negative: 0, positive: 1 },
  });
  const [, whole] = snippets({ ...sentiment, companions: ['tokenizer.json', 'config.json'] });
  expect(whole?.template).toBeUndefined();
});

test.each(HOSTILE_NAMES)('the name %j stays a literal in code', (name) => {
  const hostile = { ...usage, files: [name], inputs: [{ name, type: `float32 ${name}` }] };
  const printedName = codeOf({ ...sentiment, labels: [name, `not ${name}`] }, 'onnxruntime-web');
  expect(printed(printedName, [3, 0])).toEqual([`${name.toWellFormed()} 0.953`]);
  const web = codeOf(hostile, 'onnxruntime-web');
  const literal = /create\((".*"), \{$/m.exec(web)?.[1] ?? '';
  expect(JSON.parse(literal)).toBe(name.toWellFormed());
  expect(web.split('\n')).toHaveLength(codeOf(usage, 'onnxruntime-web').split('\n').length);
  expect(codeOf(hostile, 'python').split('\n')).toHaveLength(
    codeOf(usage, 'python').split('\n').length,
  );
});
