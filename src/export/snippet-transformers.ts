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
    `// The folder ${folder}, as the zip has it, served beside the page under models/.`,
    'env.allowRemoteModels = false;',
    'env.allowLocalModels = true;',
    "env.localModelPath = new URL('models/', document.baseURI).href;",
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
    notes:
      missing === null
        ? [
            'Put the folder on the Hub, and its name replaces the local one: then leave out the three lines of env.',
          ]
        : [missing],
  };
}

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
