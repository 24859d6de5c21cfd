/** Every float weight taken out and put back in its own graph, under another name, run by ONNX Runtime. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { askToCompare } from '../../../e2e/support/compare-models.ts';
import { judgeMissing } from '../../../e2e/support/judge.ts';
import { isFloat } from '../../core/dtype.ts';
import {
  type Edit,
  EMPTY_GRAPH_EDIT,
  type GraphEdit,
  type NodeSpec,
  type TensorSpec,
} from '../../model/edit.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { GraphId } from '../../model/graphs.ts';
import { graphsOf } from '../../model/graphs.ts';
import { takenNames } from '../../model/testing/taken-names.ts';
import type { Weight } from '../../model/weight.ts';
import { layoutOnnx } from './layout.ts';
import type { OnnxModel } from './onnx-model.ts';
import { openOnnx } from './open.ts';
import { readTensor } from './read-tensor.ts';
import { editOf } from './testing/apply-edit.ts';
import { buildNode } from './testing/build-model.ts';
import { GOLDEN_FOLDER, openGolden } from './testing/golden.ts';
import { writeOnnx } from './write.ts';

const scratch = mkdtempSync(join(tmpdir(), 'whittle-weights-'));
/** No runtime runs these. */
const NOT_RUN = ['dtypes_typed_new', 'dtypes_raw_new', 'custom_domain'];
const NAMES = readdirSync(GOLDEN_FOLDER)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.slice(0, -'.onnx'.length))
  .filter((name) => !NOT_RUN.includes(name));

/** All weights as new tensors behind an Identity that has the old name. */
async function remade(model: OnnxModel) {
  const graphs = graphsOf(model);
  const unique = takenNames(model);
  const payloads = new Map<string, Uint8Array<ArrayBuffer>>();
  const changed = new Map<GraphId, GraphEdit>();
  const weights = findWeights(model).filter(isOpen);
  for (const { name: key, graph: id, tensor } of weights) {
    const known = changed.get(id) ?? EMPTY_GRAPH_EDIT;
    const copy: TensorSpec = {
      name: unique(`${tensor.name}_copy`),
      key,
      dtype: tensor.dtype,
      dims: tensor.dims,
    };
    payloads.set(key, await readTensor(model, tensor));
    const maker = graphs.get(id)?.nodes.find(({ outputs }) => outputs[0] === tensor.name);
    const gone: [number, readonly NodeSpec[]][] = maker ? [[maker.index, []]] : [];
    changed.set(id, {
      removedTensors: new Set([...known.removedTensors, ...(maker ? [] : [tensor.name])]),
      replacedNodes: new Map([...known.replacedNodes, ...gone]),
      addedTensors: [...known.addedTensors, copy],
      prelude: [...known.prelude, buildNode('Identity', [copy.name], [tensor.name])],
    });
  }
  const edit: Edit = { graphs: changed, opsets: new Map() };
  return { edit, payloads };
}

const isOpen = ({ tensor, isGraphInput, isGraphOutput }: Weight): boolean =>
  isFloat(tensor.dtype) && !isGraphInput && !isGraphOutput;

describe.skipIf(judgeMissing)('weights put back in their graphs', () => {
  let results: Record<string, { error: string } | { difference: number | null }> = {};
  const edited = new Map<string, readonly GraphId[]>();

  beforeAll(async () => {
    for (const name of NAMES) {
      const model = await openGolden(name, readFileSync);
      const { edit, payloads } = await remade(model);
      edited.set(name, [...edit.graphs.keys()]);
      const keep = async (kind: string, what: Edit) => {
        const [file] = writeOnnx(model, layoutOnnx(model, what), payloads);
        const bytes = new Uint8Array((await file?.blob.arrayBuffer()) ?? []);
        await openOnnx([{ path: 'model.onnx', blob: new Blob([bytes]) }]);
        writeFileSync(join(scratch, `${name}.${kind}.onnx`), bytes);
      };
      await keep('before', editOf({})); // in one file
      await keep('after', edit.graphs.size === 0 ? editOf({}) : edit);
    }
    results = JSON.parse(askToCompare(scratch));
  }, 120_000);

  test('some are in bodies and functions', () => {
    const within = ['if_subgraphs', 'loop_subgraph', 'local_function'];
    expect(within.map((name) => edited.get(name))).toEqual([
      ['', '/0.0', '/0.1'],
      ['/0.0'],
      ['', 'function:0'],
    ]);
  });

  test.each(NAMES)('%s gives the same outputs', (name) => {
    const result = results[name];
    if (!result || 'error' in result) throw new Error(result?.error ?? 'it was not compared');
    // An LSTM sums in another order where its weights are no constants.
    expect(result.difference).toBeLessThanOrEqual(1e-7);
  });
});
