import { TARGETS } from '../catalog/targets.ts';
import { classAnswer, listed } from './class-answer.ts';
import { type ExampleInput, exampleInput, takesTokens } from './model-inputs.ts';
import {
  commented,
  filesBeside,
  hasFile,
  quoted,
  type Snippet,
  type Usage,
  usesEncoding,
} from './usage.ts';

/** Encodings that the graph unpacks by constants, once, as it is loaded. */
const UNPACKED_AT_LOAD = ['blocks-to-uint8', 'tied-blocks', 'tied-uint8', 'float16'];

/** onnxruntime-web in a page: the provider that the run was made for, and its build. */
export function javascriptSnippet(usage: Usage): Snippet {
  const onGpu = TARGETS[usage.target].backend === 'webgpu';
  const build = onGpu ? 'onnxruntime-web/webgpu' : 'onnxruntime-web/wasm';
  const [model = 'model.onnx', ...side] = usage.files;
  const text = takesTokens(usage.inputs) && hasFile(usage, 'tokenizer.json');
  const code = [
    `import * as ort from ${quoted(build)};`,
    ...(text ? ["import { Tokenizer } from '@huggingface/tokenizers';"] : []),
    '',
    ...beside(text ? filesBeside(usage) : []),
    '// Serve node_modules/onnxruntime-web/dist/*.{mjs,wasm} from here.',
    "ort.env.wasm.wasmPaths = new URL('/ort/', location.href).href;",
    '',
    `const session = await ort.InferenceSession.create(${quoted(model)}, {`,
    `  executionProviders: [${onGpu ? "'webgpu'" : "'wasm'"}],`,
    ...optimization(usage),
    ...sideFiles(side),
    '});',
    '',
    ...(text ? tokenFeeds(usage) : exampleFeeds(usage)),
    'const outputs = await session.run(feeds);',
    ...answers(usage),
    '',
  ].join('\n');
  return {
    id: 'onnxruntime-web',
    title: 'onnxruntime-web',
    language: 'js',
    needs: `npm install onnxruntime-web@1.30${text ? ' @huggingface/tokenizers' : ''}`,
    code,
    notes: [...webNotes(usage, onGpu)],
  };
}

/** Names are commented, as a line break in one would end the comment. */
const beside = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [`// Serve beside the model, unchanged: ${commented(names.join(', '))}.`];

/** The class and its score; the tensors where nothing says that they are classes. */
function answers(usage: Usage): readonly string[] {
  const answer = classAnswer(usage);
  if (!answer) {
    return usage.outputs.slice(0, 4).map(({ name }) => `console.log(outputs[${quoted(name)}]);`);
  }
  const values = `Array.from(outputs[${quoted(answer.output)}].data)`;
  return [
    '',
    ...listed('const labels = [', answer.labels, '];', '  '),
    ...(answer.by === null ? [`const scores = ${values};`] : [`const values = ${values};`]),
    ...(answer.by === 'softmax' ? SOFTMAX : answer.by === 'sigmoid' ? [SIGMOID] : []),
    ...(answer.by === 'sigmoid'
      ? ['labels.forEach((label, index) => console.log(label, scores[index].toFixed(3)));']
      : [
          'const best = scores.indexOf(Math.max(...scores));',
          'console.log(labels[best], scores[best].toFixed(3));',
        ]),
  ];
}

const SIGMOID = 'const scores = values.map((value) => 1 / (1 + Math.exp(-value)));';
const SOFTMAX = [
  'const powers = values.map((value) => Math.exp(value - Math.max(...values)));',
  'const total = powers.reduce((sum, power) => sum + power, 0);',
  'const scores = powers.map((power) => power / total);',
];

/** Said where leaving it out, or lowering it, would change what the file gives. */
const optimization = (usage: Usage): readonly string[] =>
  usesEncoding(usage, UNPACKED_AT_LOAD)
    ? ["  graphOptimizationLevel: 'all', // unpacks the weights once, at load"]
    : [];

const sideFiles = (paths: readonly string[]): readonly string[] =>
  paths.length === 0
    ? []
    : [
        '  externalData: [',
        ...paths.map((path) => `    { path: ${quoted(path)}, data: ${quoted(path)} },`),
        '  ],',
      ];

function webNotes(usage: Usage, onGpu: boolean): readonly string[] {
  const notes: string[] = [];
  if (onGpu && usesEncoding(usage, ['gather-block-quantized', 'tied-nbits'])) {
    notes.push(
      'Its embeddings use GatherBlockQuantized, which onnxruntime-web/webgpu runs on WebGPU only: where there is no GPU, import onnxruntime-web/wasm and ask for wasm.',
    );
  }
  if (!onGpu) {
    notes.push(
      'WASM uses several threads only on pages that are cross-origin isolated: send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
    );
  }
  return notes;
}

const ARRAYS: Readonly<Record<string, string>> = {
  float32: 'Float32Array',
  float64: 'Float64Array',
  float16: 'Uint16Array',
  int64: 'BigInt64Array',
  uint64: 'BigUint64Array',
  int32: 'Int32Array',
  uint32: 'Uint32Array',
  int16: 'Int16Array',
  uint16: 'Uint16Array',
  int8: 'Int8Array',
  uint8: 'Uint8Array',
  bool: 'Uint8Array',
};

function exampleFeeds({ inputs }: Usage): readonly string[] {
  return [
    '// Your own values go here.',
    'const feeds = {',
    ...inputs.map((input) => `  ${feed(exampleInput(input))}`),
    '};',
  ];
}

function feed({ name, dtype, dims, shape, fill }: ExampleInput): string {
  const length = dims.reduce((product, size) => product * size, 1);
  const array = ARRAYS[dtype] ?? 'Float32Array';
  const value = array.startsWith('Big') ? `${fill}n` : fill;
  const filled = fill === 0 ? `new ${array}(${length})` : `new ${array}(${length}).fill(${value})`;
  const tensor = `new ort.Tensor(${quoted(dtype)}, ${filled}, [${dims.join(', ')}])`;
  return `${quoted(name)}: ${tensor}, // ${commented(shape)}`;
}

const ENCODED: Readonly<Record<string, string>> = {
  input_ids: 'encoded.ids',
  attention_mask: 'encoded.attention_mask',
  token_type_ids: 'encoded.token_type_ids',
};

function tokenFeeds(usage: Usage): readonly string[] {
  const { inputs, cutAt } = usage;
  return [
    'const json = async (path) => (await fetch(path)).json();',
    'const tokenizer = new Tokenizer(',
    "  await json('tokenizer.json'),",
    hasFile(usage, 'tokenizer_config.json')
      ? "  await json('tokenizer_config.json'),"
      : '  {}, // a tokenizer_config.json, if you have one',
    ');',
    "const encoded = tokenizer.encode('A sentence of yours.', {",
    '  return_token_type_ids: true,',
    '});',
    ...(cutAt === null
      ? []
      : [
          `// As it was measured: at most ${cutAt} tokens, the one that closes the text among them.`,
          'const cut = (ids) =>',
          `  ids.length > ${cutAt} ? [...ids.slice(0, ${cutAt - 1}), ids.at(-1)] : ids;`,
        ]),
    `const row = (${cutAt === null ? 'ids' : 'all'}) => {`,
    ...(cutAt === null ? [] : ['  const ids = cut(all);']),
    "  return new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);",
    '};',
    'const feeds = {',
    ...inputs.map(({ name }) => `  ${quoted(name)}: row(${ENCODED[name] ?? 'encoded.ids'}),`),
    '};',
  ];
}
