import { expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../core/testing/hostile-text.ts';
import { zipEntries } from './zip-entries.ts';

const namesOf = (...paths: string[]) =>
  zipEntries(paths.map((path) => ({ path, blob: new Blob() }))).map(({ name }) => name);

test('plain paths stay as they are, as models refer to their side files by them', () => {
  const paths = [
    'llama/model.onnx',
    'llama/model.onnx_data',
    'llama/weights/a b_1.bin',
    '模型.onnx',
  ];
  expect(namesOf(...paths)).toEqual(paths);
});

test.each([
  ['../../x', 'x'],
  ['/etc/passwd', 'etc/passwd'],
  ['a/../../b', 'a/b'],
  ['..\\..\\x', 'x'],
  ['C:\\x', 'C-/x'],
  ['./x', 'x'],
  ['..', 'file'],
  ['a\u0000\u202eb', 'ab'],
])('%j becomes %j', (path, name) => {
  expect(namesOf(path)).toEqual([name]);
});

test('no entry hides another', () => {
  expect(namesOf('x', '../x', './X')).toEqual(['x', '2-x', '3-X']);
});

test('whatever files are called, their entries stay inside', () => {
  const names = namesOf(...HOSTILE_NAMES, ...HOSTILE_NAMES.map((name) => `${name}/../${name}`));
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) {
    expect(name).toMatch(/^[^\p{C}\\<>:"|?*]+$/u);
    expect(name.split('/').filter((step) => /^\.*$/.test(step))).toEqual([]);
  }
});
