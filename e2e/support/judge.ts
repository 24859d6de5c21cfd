/**
 * The independent judge: what Python's onnx and onnxruntime say about a file.
 * Without Python the tests that ask it are skipped, with the reason; in CI they must run.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeEnv } from '../../scripts/judge-env.mjs';
import { JudgeServer } from './judge-server.ts';

const { CI } = process.env;
const ENV = judgeEnv();
if (CI && 'missing' in ENV) throw new Error(`The judge must run in CI. ${ENV.missing}`);

/** Why the judge cannot be asked here, or `undefined` if it can. */
export const judgeMissing = 'missing' in ENV ? ENV.missing : undefined;

/** One scored row: indices into `id2label`, and the raw outputs. */
export type JudgedRow = { label: number; predicted: number; logits: number[] };

export type Accuracy = {
  accuracy: number;
  cross_entropy: number;
  examples: number;
  rows: JudgedRow[];
};

export type Perplexity = { perplexity: number; cross_entropy: number; tokens: number };

/** `bytes` — little-endian elements of `dtype` (NumPy's name), row-major. */
export type JudgedTensor = { dtype: string; dims: number[]; bytes: Uint8Array<ArrayBuffer> };

/** Milliseconds of the wall clock, imports not counted. */
export type QuantizerTime = { load: number; quantize: number; save: number; total: number };

/** @throws if the ONNX checker, shape inference included, refuses the file; its words are in the message. */
export async function checkModel(path: string): Promise<void> {
  await ask('check.py', [path]);
}

/**
 * Scores a classifier on the test file of `folder`, row by row at batch 1.
 * - `limit` — only the first rows
 */
export async function evaluate(
  folder: string,
  modelPath: string,
  limit?: number,
): Promise<Accuracy> {
  return inScratch(async (scratch) => {
    const rowsPath = join(scratch, 'rows.json');
    const options = ['--rows', rowsPath, ...limited(limit)];
    const printed = await ask('evaluate.py', [folder, '--json', '--model', modelPath, ...options]);
    return { ...JSON.parse(printed), rows: JSON.parse(await readFile(rowsPath, 'utf8')) };
  });
}

/**
 * Scores a causal language model on the test text of `folder`.
 * - `limit` — only the first windows of 256 tokens
 * - `tokenizer` — whose tokens are counted, where the folder's has fewer
 */
export async function evaluatePerplexity(
  folder: string,
  modelPath: string,
  { limit, tokenizer }: { limit?: number; tokenizer?: string } = {},
): Promise<Perplexity> {
  const counted = tokenizer === undefined ? [] : ['--original-tokenizer', tokenizer];
  const options = ['--json', '--model', modelPath, ...limited(limit), ...counted];
  return JSON.parse(await ask('evaluate.py', [folder, ...options]));
}

/**
 * Runs a model once on the CPU.
 * - `feedsPath` — an `.npz` with an array for every graph input; others are ignored
 * @returns every graph output by name
 */
export async function runModel(
  modelPath: string,
  feedsPath: string,
): Promise<Record<string, JudgedTensor>> {
  type Printed = Record<string, { dtype: string; dims: number[]; base64: string }>;
  const printed: Printed = JSON.parse(await ask('run_model.py', [modelPath, feedsPath]));
  return Object.fromEntries(
    Object.entries(printed).map(([name, { dtype, dims, base64 }]) => [
      name,
      { dtype, dims, bytes: Uint8Array.from(Buffer.from(base64, 'base64')) },
    ]),
  );
}

/** Whether protobuf can parse each of `files` as an ONNX model, whatever the model means. */
export async function parsesAsModel(files: readonly Uint8Array[]): Promise<readonly boolean[]> {
  return inScratch(async (scratch) => {
    const path = join(scratch, 'models.bin');
    const framed = files.flatMap((bytes) => {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.length, true);
      return [length, bytes];
    });
    await writeFile(path, Buffer.concat(framed));
    return JSON.parse(await ask('parse_models.py', [path]));
  });
}

/**
 * Times ONNX Runtime's `MatMulNBitsQuantizer` on a file: MatMul and Gather at 4 bits, block 32,
 * symmetric.
 * - `outputPath` — where its file is kept; else it is thrown away
 */
export async function quantizerTime(
  modelPath: string,
  outputPath?: string,
): Promise<QuantizerTime> {
  return inScratch(async (scratch) =>
    JSON.parse(
      await ask('quantizer_time.py', [modelPath, outputPath ?? join(scratch, 'model.onnx')]),
    ),
  );
}

const limited = (limit: number | undefined) =>
  limit === undefined ? [] : ['--limit', String(limit)];

let server: JudgeServer | null = null;

async function ask(script: string, args: readonly string[]): Promise<string> {
  if ('missing' in ENV) throw new Error(ENV.missing);
  server ??= new JudgeServer(ENV.python);
  const judge = server;
  return inScratch((scratch) => judge.run(script, args, scratch));
}

async function inScratch<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'judge-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
