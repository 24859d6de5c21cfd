import { TARGETS } from '../catalog/targets.ts';
import { quoted, type Snippet, type Usage } from './usage.ts';
import { variantPath } from './variants.ts';

/** transformers.js on the repository's layout, which the zip of chosen runs has. */
export function transformersSnippet(usage: Usage): Snippet {
  const { task, dtype, folder } = usage;
  const device = TARGETS[usage.target].backend;
  const code = [
    "import { env, pipeline } from '@huggingface/transformers';",
    '',
    `// The folder ${folder}, as the zip has it, served from /models/.`,
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
  return {
    id: 'transformers.js',
    title: 'transformers.js',
    language: 'js',
    needs: 'npm install @huggingface/transformers',
    code: missing === null ? code : null,
    notes: missing === null ? NOTES : [missing],
  };
}

const NOTES = [
  'Put the folder on the Hub, and its name replaces the local one: then leave out the three lines of env.',
  'By itself transformers.js fetches the runtime from a CDN: set env.backends.onnx.wasm.wasmPaths to a folder of your own with the files of onnxruntime-web/dist.',
];

const EXAMPLES: Readonly<Record<string, string>> = {
  'text-generation': 'Once upon a time',
  'image-classification': 'picture.png',
};

function lacks({ task, hasTokenizer }: Usage): string | null {
  if (task === null) {
    return 'transformers.js needs a config.json that names the architecture: open the model with its folder.';
  }
  if (task !== 'image-classification' && !hasTokenizer) {
    return 'transformers.js needs the tokenizer: open the model with its tokenizer.json.';
  }
  return null;
}
