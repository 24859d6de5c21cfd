/**
 * `node scripts/make-large-model.mjs FOLDER --bytes=1e9 --tensors=2000 --files=2`: a model of many
 * equal square matrix products in a chain, with its weights, all zero, in files of external data.
 * These are sparse, so they take no room on the disk however long they are.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { fromJson, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';

const FLOAT = 1; // in ONNX's numbering of types
const ALIGNMENT = 4096; // of offsets, as runtimes map pages
const SIDE_STEP = 32; // whole blocks of every size that quantizers use at once

/**
 * - `bytes` — of all weights together, roughly: sides are multiples of 32
 * - `tensors` — how many there are
 * - `files` — of external data, from 1
 * @param {string} folder where it is written, made if need be
 * @param {{ bytes?: number, tensors?: number, files?: number }} [size]
 * @returns {{ paths: string[], side: number, byteLength: number }} the model's path first; rows and
 *   columns of each weight; bytes of all files together
 */
export function makeLargeModel(folder, { bytes = 1e9, tensors = 2000, files = 2 } = {}) {
  const ideal = Math.sqrt(bytes / 4 / tensors);
  const side = Math.max(SIDE_STEP, Math.round(ideal / SIDE_STEP) * SIDE_STEP);
  const length = 4 * side * side;
  const stride = Math.ceil(length / ALIGNMENT) * ALIGNMENT;
  const perFile = Math.ceil(tensors / files);
  const nameOf = (/** @type {number} */ file) => `model.onnx_data${file === 0 ? '' : `_${file}`}`;
  const range = Array.from({ length: tensors }, (_, index) => index);
  const valueInfo = (/** @type {string} */ name) => ({
    name,
    type: {
      tensorType: { elemType: FLOAT, shape: { dim: [{ dimParam: 'N' }, { dimValue: side }] } },
    },
  });
  const model = fromJson(ModelProtoSchema, {
    irVersion: 8,
    opsetImport: [{ version: 17 }],
    producerName: 'make-large-model',
    graph: {
      name: 'chain',
      node: range.map((index) => ({
        name: `/layers.${index}/MatMul`,
        opType: 'MatMul',
        input: [index === 0 ? 'x' : `v${index - 1}`, `layers.${index}.weight`],
        output: [index === tensors - 1 ? 'y' : `v${index}`],
      })),
      initializer: range.map((index) => ({
        name: `layers.${index}.weight`,
        dims: [side, side],
        dataType: FLOAT,
        dataLocation: 'EXTERNAL',
        externalData: Object.entries({
          location: nameOf(Math.floor(index / perFile)),
          offset: String((index % perFile) * stride),
          length: String(length),
        }).map(([key, value]) => ({ key, value })),
      })),
      input: [valueInfo('x')],
      output: [valueInfo('y')],
    },
  });
  mkdirSync(folder, { recursive: true });
  const graph = toBinary(ModelProtoSchema, model);
  const path = join(folder, 'model.onnx');
  writeFileSync(path, graph);
  let byteLength = graph.length;
  const paths = [path];
  for (let file = 0; file * perFile < tensors; file++) {
    const held = Math.min(perFile, tensors - file * perFile);
    const fileLength = (held - 1) * stride + length;
    const descriptor = openSync(join(folder, nameOf(file)), 'w');
    ftruncateSync(descriptor, fileLength);
    closeSync(descriptor);
    byteLength += fileLength;
    paths.push(join(folder, nameOf(file)));
  }
  return { paths, side, byteLength };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bytes: { type: 'string', default: '1e9' },
      tensors: { type: 'string', default: '2000' },
      files: { type: 'string', default: '2' },
    },
  });
  const [folder] = positionals;
  const size = [values.bytes, values.tensors, values.files].map(Number);
  const [bytes = 0, tensors = 0, files = 0] = size;
  if (!folder || size.some((count) => !(count >= 1))) {
    console.error('node scripts/make-large-model.mjs FOLDER --bytes=1e9 --tensors=2000 --files=2');
    process.exitCode = 1;
  } else {
    const { side, byteLength } = makeLargeModel(folder, { bytes, tensors, files });
    console.log(`${tensors} weights of ${side} × ${side}, ${byteLength} bytes, in ${folder}`);
  }
}
