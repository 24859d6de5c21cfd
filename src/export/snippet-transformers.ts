import { TARGETS } from '../catalog/targets.ts';
import { hasFile, quoted, type Snippet, type Usage } from './usage.ts';
import { variantPath } from './variants.ts';

/** transformers.js on the repository's layout, which the zip of chosen runs has. */
export function transformersSnippet(usage: Usage): Snippet {
  const { task, dtype, folder } = usage;
  const device = TARGETS[usage.target].backend;
  const code = [
    "import { env, pipeline } from '@huggingface/transformers';",
    '',
    `// The folder ${folder} of "Export, Hugging Face folder", served from /models/.`,
    'env.allowRemoteModels = false;',
    'env.allowLocalModels = true;',
    // A path, not a URL: with a URL, 4.3 does not find the tokenizer.
    "env.localModelPath = '/models/';",
    '',
    `const pipe = await pipeline(${quoted(task ?? '')}, ${quoted(folder)}, {`,
    `  dtype: ${quoted(dtype)}, // ${variantPath(dtype)}`,
    `  device: ${quoted(device)},`,
    '});',
    `console.log(await pipe(${quoted(EXAMPLES[task ?? ''] ?? 'A sentence of yours.')}));`,
    '',
  ].join('\n');
  const missing = lacks(usage);
  const hasConfig = hasFile(usage, 'config.json');
  return {
    id: 'transformers.js',
    title: 'transformers.js',
    language: 'js',
    needs: 'npm install @huggingface/transformers',
    code: missing === null ? code : null,
    notes: missing === null ? (hasConfig ? NOTES : [CONFIG_NOTE, ...NOTES]) : [missing],
    ...(missing === null && !hasConfig && { template: configTemplate(usage) }),
  };
}

const CONFIG_NOTE =
  'transformers.js also reads config.json, which was not opened with the model, and the model’s file does not say its architecture. Take the config.json that the model was exported with, or complete the one shown and put it into the folder.';

/** What is known truly; the architecture is left to the person, as weights do not tell it. */
function configTemplate({ labels }: Usage): NonNullable<Snippet['template']> {
  const id2label = Object.fromEntries(labels.map((label, index) => [index, label]));
  const label2id = Object.fromEntries(labels.map((label, index) => [label, index]));
  const config = { model_type: FILL_IN, ...(labels.length > 0 && { id2label, label2id }) };
  return { name: 'config.json', text: `${JSON.stringify(config, null, 2)}\n` };
}

const FILL_IN = 'the architecture, such as bert or distilbert';

const NOTES = [
  'Put the folder on the Hub, and its name replaces the local one: then leave out the three lines of env.',
  'By itself transformers.js fetches the runtime from a CDN: set env.backends.onnx.wasm.wasmPaths to a folder of your own with the files of onnxruntime-web/dist.',
];

const EXAMPLES: Readonly<Record<string, string>> = {
  'text-generation': 'Once upon a time',
  'image-classification': 'picture.png',
};

function lacks(usage: Usage): string | null {
  const { task } = usage;
  if (task === null) {
    return 'transformers.js needs a config.json that names the architecture, and nothing that was opened says what the model is for. Open the model with the config.json that it was exported with.';
  }
  if (task !== 'image-classification' && !hasFile(usage, 'tokenizer.json')) {
    return 'transformers.js needs the tokenizer: open the model with its tokenizer.json.';
  }
  return null;
}
