import { expect, test } from 'vitest';
import type { BuildFiles } from './build-files.ts';
import { keptBuild } from './kept-build.ts';
import { FakeCaches } from './testing/fake-caches.ts';

const SCOPE = 'https://host.example/some/whittle/';
const ISOLATION = 'Cross-Origin-Embedder-Policy';
const file = (path: string, version = '1') => ({ path, version, integrity: `sha256-${path}` });
const BUILD: BuildFiles = {
  shell: [{ path: './', version: '1', integrity: null }, file('assets/index-a.js')],
  later: [file('samples/digits/model.onnx')],
  entry: 'assets/index-a.js',
  headers: { [ISOLATION]: 'require-corp' },
};
const PAGE = '<script src="./assets/index-a.js">';

/** A host that gives `texts` by path, and the studio's cache of it. */
function host(texts: Readonly<Record<string, string>>, build = BUILD, caches = new FakeCaches()) {
  const asked: { path: string; init: RequestInit | undefined }[] = [];
  const load = async (address: string | URL | Request, init?: RequestInit) => {
    const path = String(address).slice(SCOPE.length);
    asked.push({ path, init });
    const text = texts[path];
    return text === undefined ? new Response('', { status: 404 }) : new Response(text);
  };
  const kept = keptBuild(build, SCOPE, caches as unknown as CacheStorage, load);
  const at = (path: string) => new URL(path, SCOPE);
  const textAt = async (path: string) => (await kept.answer(at(path)))?.text();
  return { kept, asked, caches, at, textAt };
}
const TEXTS = { '': PAGE, 'assets/index-a.js': 'code', 'samples/digits/model.onnx': 'weights' };

test("what is kept is answered with the build's headers, and without the host", async () => {
  const { kept, asked, at } = host(TEXTS);
  await kept.keep(BUILD.shell);
  const before = asked.length;
  for (const path of ['', 'index.html', '?sample=digits#r=x', 'assets/index-a.js']) {
    const answer = await kept.answer(at(path));
    expect(answer?.headers.get(ISOLATION), path).toBe('require-corp');
    expect(answer?.headers.get('Content-Type'), path).toMatch(/^text\/(html|javascript)/);
  }
  expect(asked.length).toBe(before);
});

test('content is held to its digest, and the page to its script', async () => {
  const { kept, asked } = host({ ...TEXTS, '': '<script src="./assets/index-b.js">' });
  await expect(kept.keep(BUILD.shell)).rejects.toThrow('belongs to another build');
  await kept.keep(BUILD.later);
  expect(asked.at(-1)?.init?.integrity).toBe('sha256-samples/digits/model.onnx');
  const missing = host({});
  await expect(missing.kept.keep(BUILD.shell)).rejects.toThrow('HTTP 404');
});

test('nothing outside the build is touched', async () => {
  const { kept, at } = host(TEXTS);
  const others = [
    'other.html',
    'samples/mine.onnx',
    '../',
    'https://else.example/',
    '../whittle2/',
  ];
  for (const path of others) {
    expect(kept.has(at(path)), path).toBe(false);
    expect(await kept.answer(at(path)), path).toBeNull();
  }
  expect(kept.has(at('samples/digits/model.onnx'))).toBe(true);
});

test('what is used is kept, asked for once at a time, and answered on a full disk', async () => {
  const { textAt, asked, caches } = host(TEXTS);
  const both = [textAt('samples/digits/model.onnx'), textAt('samples/digits/model.onnx')];
  expect(await Promise.all(both)).toEqual(['weights', 'weights']);
  expect(asked).toHaveLength(1);
  expect(await textAt('samples/digits/model.onnx')).toBe('weights');
  expect(asked).toHaveLength(1);
  for (const cache of caches.stores.values()) cache.full = true;
  expect(await textAt('assets/index-a.js')).toBe('code');
});

test('builds share what did not change; an old tab finds its files until they are removed', async () => {
  const old = host(TEXTS);
  await old.kept.keep([...BUILD.shell, ...BUILD.later]);
  const next: BuildFiles = {
    ...BUILD,
    shell: [{ path: './', version: '2', integrity: null }, file('assets/index-b.js')],
    entry: 'assets/index-b.js',
  };
  const texts = { '': '<script src="./assets/index-b.js">', 'assets/index-b.js': 'newer' };
  const { kept, asked, textAt } = host(texts, next, old.caches);
  await kept.keep([...next.shell, ...next.later]);
  expect(asked.map(({ path }) => path).sort()).toEqual(['', 'assets/index-b.js']);
  expect(await textAt('')).toContain('index-b.js');
  expect(await old.textAt('')).toContain('index-a.js');
  expect(await textAt('assets/index-a.js')).toBe('code');
  await kept.removeOthers();
  expect(await textAt('assets/index-a.js')).toBeUndefined();
  expect(await textAt('samples/digits/model.onnx')).toBe('weights');
});
