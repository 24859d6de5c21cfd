/** Code that loads the file as it was downloaded, with what this encoding and target need. */
import { javascriptSnippet } from './snippet-javascript.ts';
import { pythonSnippet } from './snippet-python.ts';
import { transformersSnippet } from './snippet-transformers.ts';
import type { Snippet, Usage } from './usage.ts';

export const snippets = (usage: Usage): readonly Snippet[] => [
  javascriptSnippet(usage),
  transformersSnippet(usage),
  pythonSnippet(usage),
];
