/** What tests of kernels find in a browser: WebGPU, here Dawn's, and the files that are served. */
import { readFile } from 'node:fs/promises';
import { installDawn } from './dawn.mjs';

const root = new URL('..', import.meta.url);
const fetchRemote = globalThis.fetch;

installDawn();

/** @type {typeof fetch} */
globalThis.fetch = async (input, init) => {
  if (typeof input !== 'string' || !input.startsWith('/')) return fetchRemote(input, init);
  const folder = input.startsWith('/samples/') ? 'public' : '.';
  return new Response(new Uint8Array(await readFile(new URL(`${folder}${input}`, root))));
};
