/** Small models, archives and tokenizers for the tests of this room. */
import { zipSync } from 'fflate';
import type { Graph, Node, ValueInfo } from '../../model/model.ts';

export const named = (path: string, content: BlobPart) => ({ path, blob: new Blob([content]) });

export function graphOf(
  inputs: readonly ValueInfo[],
  table?: { input: string; rows: number },
): Graph {
  const gather: Node = {
    index: 0,
    name: 'embed',
    op: 'Gather',
    domain: '',
    inputs: ['table', table?.input ?? ''],
    outputs: ['embedded'],
    attributes: new Map(),
    subgraphs: [],
    subgraphNames: [],
  };
  const dims = [table?.rows ?? 0, 4];
  return {
    name: 'g',
    nodes: table ? [gather] : [],
    tensors: new Map(
      table
        ? [
            [
              'table',
              {
                name: 'table',
                dtype: 'float32' as const,
                dims,
                byteLength: 16 * table.rows,
                storedByteLength: 16 * table.rows,
                payload: { kind: 'inline' as const, bytes: new Uint8Array(0) },
                place: 'initializer' as const,
              },
            ],
          ]
        : [],
    ),
    inputs,
    outputs: [],
    overridable: new Set(),
  };
}

export const modelOf = (graph: Graph) => ({ graph, files: [named('model.onnx', 'x')] });

const tokens = (name: string): ValueInfo => ({
  name,
  dtype: 'int64',
  dims: ['batch', 'sequence'],
});

/** `graph` with one float output. */
export const withOutput = (graph: Graph, name: string, ...dims: (number | string)[]): Graph => ({
  ...graph,
  outputs: [...graph.outputs, { name, dtype: 'float32', dims }],
});

export const textGraph = (rows: number): Graph =>
  graphOf(['input_ids', 'attention_mask', 'token_type_ids'].map(tokens), {
    input: 'input_ids',
    rows,
  });

export const textModel = (rows: number) =>
  modelOf(withOutput(textGraph(rows), 'logits', 'batch', 2));

/** A language model of the tiny tokenizer's nine tokens. */
export const languageModel = (...more: ValueInfo[]) => languageModelOf(9, ...more);

export const languageModelOf = (rows: number, ...more: ValueInfo[]) =>
  modelOf(
    withOutput(
      graphOf([...['input_ids', 'attention_mask'].map(tokens), ...more], {
        input: 'input_ids',
        rows,
      }),
      ...(['logits', 'batch', 'sequence', rows] as const),
    ),
  );

const image: ValueInfo = { name: 'image', dtype: 'float32', dims: ['batch', 1, 2, 2] };

export const imageModel = modelOf(withOutput(graphOf([image]), 'logits', 'batch', 3));

const VOCABULARY = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'good', 'bad', 'movie', '##s', '.'];

export const tinyTokenizer = tokenizerOf(VOCABULARY);

/** The tiny tokenizer's nine tokens, and more. */
export const tinyTokenizerWith = (...more: string[]) => tokenizerOf([...VOCABULARY, ...more]);

function tokenizerOf(tokens: readonly string[]): string {
  return JSON.stringify({
    version: '1.0',
    added_tokens: tokens.slice(0, 4).map((content, id) => ({ id, content, special: true })),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
        { Sequence: { id: 'B', type_id: 1 } },
        { SpecialToken: { id: '[SEP]', type_id: 1 } },
      ],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    },
  });
}

/** A `.npy` file with `dims` of `descr`, C order, format 1.0. */
export function npy(
  descr: string,
  dims: readonly number[],
  data: ArrayBufferView,
): Uint8Array<ArrayBuffer> {
  const shape = dims.length === 1 ? `${dims[0]},` : dims.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const bytes = new Uint8Array(10 + header.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length);
  return bytes;
}

export const npz = (entries: Record<string, Uint8Array>): Uint8Array<ArrayBuffer> =>
  zipSync(Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${key}.npy`, value])));

/** `count` different images [count, 1, 2, 2] with labels 0, 1, 2, 0, 1 … */
export const imagesNpz = (count: number, first = 0) =>
  npz({
    image: npy(
      '<f4',
      [count, 1, 2, 2],
      Float32Array.from({ length: 4 * count }, (_, index) => 4 * first + index),
    ),
    labels: npy(
      '<i8',
      [count],
      BigInt64Array.from({ length: count }, (_, row) => BigInt(row % 3)),
    ),
  });
