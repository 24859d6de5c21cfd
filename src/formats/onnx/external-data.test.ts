import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { NodeSpec } from '../../model/edit.ts';
import { layoutOnnx } from './layout.ts';
import type { OnnxModel } from './onnx-model.ts';
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
import { writeOnnx } from './write.ts';

const VALUES = Float32Array.from({ length: 100 }, (_, at) => at);

/** An If whose branches each hold a Constant in a side file; `before` are nodes listed before it. */
async function openBranches(before: readonly NodeSpec[] = []) {
  const entry = buildMessage([1, 'location'], [2, 'side.bin']);
  const tensor = buildMessage([1, 100], [2, 1], [8, 'c'], [13, entry], [14, 1]);
  const value = buildMessage([1, 'value'], [5, tensor], [20, 4]);
  const constant = buildMessage([2, 'k'], [4, 'Constant'], [5, value]);
  const addition = buildMessage([1, 'x'], [1, 'k'], [2, 'z'], [4, 'Add']);
  const output = buildValueInfo('z', [100]);
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
  const first = buildGraph({ nodes: before, initializers: [], inputs: [], outputs: [] });
  const graph = Uint8Array.of(...first, ...buildMessage([1, choice]), ...rest);
  return openOnnx([
    ...asFiles(buildMessage([1, 8], [7, graph])),
    sourceFile('side.bin', new Uint8Array(VALUES.buffer)),
  ]);
}

async function expectBranches(reopened: OnnxModel): Promise<void> {
  const bodies = reopened.graph.nodes.flatMap(({ subgraphs }) => subgraphs);
  expect(bodies).toHaveLength(2);
  for (const { tensors } of bodies) {
    const constant = tensors.get('k');
    expect(constant && (await readFloat32(reopened, constant))).toEqual(VALUES);
  }
}

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
    const model = await openBranches();
    expect(model.files.map(({ path }) => path)).toEqual(['model.onnx', 'side.bin']);
    const { reopened, proto } = await applyEdit(model, editOf({}, new Map([['', 17]])));
    await expectBranches(reopened);
    expect(reopened.files).toHaveLength(1);
    expect(proto.opsetImport.map(({ version }) => version)).toEqual([17n]);
  });

  test('inside a node that is put in order comes along, in one file or beside it', async () => {
    const model = await openBranches([buildNode('Relu', ['y'], ['r'])]);
    const edit = editOf({ addedTensors: [floatTensor('extra', [1], [1])] });
    const { reopened } = await applyEdit(model, edit);
    expect(reopened.graph.nodes.map(({ op }) => op)).toEqual(['If', 'Relu']);
    expect(reopened.wire.graphs.get('')?.isSorted).toBe(true);
    await expectBranches(reopened);
    const limits = { largestFile: reopened.byteLength - 1, leastExternal: 8 };
    const files = writeOnnx(model, layoutOnnx(model, edit, limits), new Map());
    expect(files.map(({ blob }) => blob.size)[1]).toBe(VALUES.byteLength);
    const beside = await openOnnx(files);
    expect(beside.files.map(({ path }) => path)).toEqual(['model.onnx', 'model.onnx.data']);
    await expectBranches(beside);
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
