import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openOnnx } from './open.ts';
import { readFloat32 } from './read-float32.ts';
import { applyEdit, editOf } from './testing/apply-edit.ts';
import {
  asFiles,
  buildGraph,
  buildMessage,
  buildNode,
  buildValueInfo,
  floatTensor,
} from './testing/build-model.ts';
import { openGolden, readGolden, sourceFile } from './testing/golden.ts';

describe('external data', () => {
  test.each(['external_two_files', 'external_subfolder'])('of %s moves in', async (name) => {
    const model = await openGolden(name, readFileSync);
    const { reopened } = await applyEdit(
      model,
      editOf({ addedTensors: [floatTensor('extra', [1], [1])] }),
    );
    expect(reopened.files).toHaveLength(1);
    expect(reopened.wire.external).toEqual([]);
    for (const [key, tensor] of model.graph.tensors) {
      const moved = reopened.graph.tensors.get(key);
      expect(moved && (await readFloat32(reopened, moved))).toEqual(
        await readFloat32(model, tensor),
      );
    }
  });

  test('of a removed weight stays out', async () => {
    const model = await openGolden('external_two_files', readFileSync);
    const { nodes } = model.graph;
    const spec = buildNode('Identity', ['x'], nodes[0]?.outputs ?? []);
    const { bytes, reopened } = await applyEdit(
      model,
      editOf({
        removedTensors: new Set(['A']),
        replacedNodes: new Map([[0, [spec]]]),
      }),
    );
    expect([...reopened.graph.tensors.keys()]).toEqual(['B', 'bias']);
    expect(bytes.length).toBeLessThan(24 * 8 * 4 + 32 + 600);
  });

  test('inside a Constant of a body moves in through every message around it', async () => {
    const values = Float32Array.of(1, 2, 3, 4);
    const entry = buildMessage([1, 'location'], [2, 'side.bin']);
    const tensor = buildMessage([1, 4], [2, 1], [8, 'c'], [13, entry], [14, 1]);
    const value = buildMessage([1, 'value'], [5, tensor], [20, 4]);
    const constant = buildMessage([2, 'k'], [4, 'Constant'], [5, value]);
    const addition = buildMessage([1, 'x'], [1, 'k'], [2, 'z'], [4, 'Add']);
    const output = buildValueInfo('z', [4]);
    const body = buildMessage([1, constant], [1, addition], [2, 'body'], [12, output]);
    const branch = (name: string) => buildMessage([1, name], [6, body], [20, 5]);
    const choice = buildMessage(
      ...([
        [1, 'c'],
        [2, 'y'],
        [4, 'If'],
      ] as const),
      ...([
        [5, branch('then_branch')],
        [5, branch('else_branch')],
      ] as const),
    );
    const rest = buildGraph({ nodes: [], initializers: [], inputs: ['x', 'c'], outputs: ['y'] });
    const graph = Uint8Array.of(...buildMessage([1, choice]), ...rest);
    const model = await openOnnx([
      ...asFiles(buildMessage([1, 8], [7, graph])),
      sourceFile('side.bin', new Uint8Array(values.buffer)),
    ]);
    expect(model.files.map(({ path }) => path)).toEqual(['model.onnx', 'side.bin']);
    const { reopened, proto } = await applyEdit(model, editOf({}, new Map([['', 17]])));
    const bodies = reopened.graph.nodes.flatMap(({ subgraphs }) => subgraphs);
    expect(bodies).toHaveLength(2);
    for (const { tensors } of bodies) {
      const constantTensor = tensors.get('k');
      expect(constantTensor && (await readFloat32(reopened, constantTensor))).toEqual(values);
    }
    expect(proto.opsetImport.map(({ version }) => version)).toEqual([17n]);
  });
});

test('loose files are found by name where their folder is not known', async () => {
  const golden = readGolden('external_subfolder', readFileSync);
  const loose = golden.sourceFiles.map(({ path, blob }) => ({
    path: path.slice(path.lastIndexOf('/') + 1),
    blob,
  }));
  const model = await openOnnx(loose);
  expect(model.files.map(({ path }) => path)).toEqual(['external_subfolder.onnx', 'w.bin']);
});

test('side files are looked for below the folder of the model', async () => {
  const golden = readGolden('external_subfolder', readFileSync);
  const nested = golden.sourceFiles.map(({ path, blob }) => ({ path: `hf/onnx/${path}`, blob }));
  const decoy = sourceFile('sub/w.bin', new Uint8Array(1));
  const model = await openOnnx([decoy, ...nested]);
  expect(model.files.map(({ path }) => path)).toEqual([
    'hf/onnx/external_subfolder.onnx',
    'hf/onnx/sub/w.bin',
  ]);
  expect(model.byteLength).toBe(nested.reduce((sum, { blob }) => sum + blob.size, 0));
});
