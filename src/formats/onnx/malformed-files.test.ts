import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../core/studio-error.ts';
import { openOnnx } from './open.ts';
import { GOLDEN_FOLDER, sourceFile } from './testing/golden.ts';

const FOLDER = `${GOLDEN_FOLDER}/malformed`;
const { cases } = JSON.parse(readFileSync(`${FOLDER}/cases.json`, 'utf8')) as {
  cases: { file: string; expect: 'reject' | 'accept-with-warning'; why: string }[];
};
const open = (file: string) =>
  openOnnx([file, 'side.bin'].map((path) => sourceFile(path, readFileSync(`${FOLDER}/${path}`))));

test('the cases were found', () => {
  expect(cases).toHaveLength(63);
});

describe('rejected', () => {
  const rejected = cases.filter(({ expect: outcome }) => outcome === 'reject');
  test.each(rejected)('$file: $why', { timeout: 2000 }, async ({ file }) => {
    const error = await open(file).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof StudioError)) throw error ?? new Error('it was accepted');
    expect(error.message).toContain(file);
    expect(error.message).toMatch(/\.$/);
    expect(error.detail?.file).toBeDefined();
    expect(error.detail?.path ?? error.detail?.offset).toBeDefined();
  });
});

describe('accepted with a note', () => {
  const accepted = cases.filter(({ expect: outcome }) => outcome !== 'reject');
  test.each(accepted)('$file: $why', { timeout: 2000 }, async ({ file }) => {
    const { notes } = await open(file);
    expect(notes).not.toEqual([]);
  });
});

test.each([
  ['gguf', 'a GGUF file', 4],
  ['safetensors', 'a safetensors file', 9],
  ['zip', 'a zip archive', 4],
  ['png', 'a PNG picture', 4],
  ['html', 'a web page', 14],
  ['json', 'JSON text', 2],
  ['git_lfs_pointer', 'a Git LFS pointer', 23],
])('says what %s.onnx is', async (name, actually, headMatch) => {
  const bytes = readFileSync(`${FOLDER}/${name}.onnx`);
  const detail = { actually, headMatch, head: [...bytes.subarray(0, 32)] };
  await expect(open(`${name}.onnx`)).rejects.toMatchObject({ code: 'not-a-model', detail });
});

test('a GGUF file is refused in these words', async () => {
  await expect(open('gguf.onnx')).rejects.toThrow(
    'gguf.onnx is a GGUF file, not ONNX. Look for the .onnx file of the same model, or export one from the original weights.',
  );
});

test('what the header of a GGUF file says comes with its refusal', async () => {
  const detail = { facts: 'GGUF version 3, 0 tensors', byteLength: 24 };
  await expect(open('gguf.onnx')).rejects.toMatchObject({ detail });
});

test('a side file that was not dropped is asked for by name', async () => {
  await expect(open('external_missing_file.onnx')).rejects.toMatchObject({
    code: 'missing-file',
    detail: { file: 'absent.bin' },
  });
});

test('of two initializers with one name the last is used, of two payloads the raw one', async () => {
  const twice = await open('duplicate_initializer.onnx');
  const last = twice.wire.graphs.get('')?.initializers.get('W')?.at(-1);
  expect(twice.graph.tensors.get('W')?.payload).toMatchObject({ range: { end: last?.end } });
  const both = await open('raw_and_typed.onnx');
  expect(both.graph.tensors.get('W')?.payload.kind).toBe('raw');
  const outside = await open('external_and_raw.onnx');
  expect(outside.graph.tensors.get('W')?.payload).toMatchObject({ range: { file: 1 } });
});

test('unsorted nodes are put in order', async () => {
  const { graph, wire } = await open('unsorted_nodes.onnx');
  expect(graph.nodes.map(({ op, index }) => [op, index])).toEqual([
    ['MatMul', 0],
    ['Relu', 1],
  ]);
  expect(wire.graphs.get('')?.isSorted).toBe(false);
});
