import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { listBuildFiles } from './offline-files.mjs';

const dist = mkdtempSync(join(tmpdir(), 'whittle-dist-'));
afterAll(() => rmSync(dist, { recursive: true }));

const PAGE = { entry: 'assets/index-a.js', headers: { 'X-A': 'b' } };
const write = (path: string, content: string) => {
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  writeFileSync(join(dist, path), content);
};

test("the page starts with its shell; runtime and samples come later; tools' files never", () => {
  const paths = ['index.html', 'assets/index-a.js', 'samples/index.json'];
  const later = ['assets/ort.wasm', 'samples/digits/model.onnx'];
  for (const path of [...paths, ...later, '.vite/manifest.json', '_headers', 'service-worker.js']) {
    write(path, path);
  }
  const files = listBuildFiles(dist, PAGE);
  const named = (list: readonly { path: string }[]) => list.map(({ path }) => path).sort();
  expect(named(files.shell)).toEqual(['./', 'assets/index-a.js', 'samples/index.json']);
  expect(named(files.later)).toEqual(later);
  const script = files.shell.find(({ path }) => path === 'assets/index-a.js');
  const digest = createHash('sha256').update('assets/index-a.js').digest('base64');
  expect(script?.integrity).toBe(`sha256-${digest}`);
  expect(files.shell.find(({ path }) => path === './')?.integrity).toBeNull();
});

test('a version changes with the content and with the headers', () => {
  const versionOf = (headers: Record<string, string>) =>
    listBuildFiles(dist, { ...PAGE, headers }).shell.find(({ path }) => path === './')?.version;
  const before = versionOf({ 'X-A': 'b' });
  expect(versionOf({ 'X-A': 'b' })).toBe(before);
  expect(versionOf({ 'X-A': 'c' })).not.toBe(before);
  write('index.html', 'changed');
  expect(versionOf({ 'X-A': 'b' })).not.toBe(before);
});
