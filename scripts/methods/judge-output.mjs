/** An output in ONNX Runtime for Python, on the sample's own test rows, beside what the page gave. */
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { faultsOf } from '../matrix/verdict.mjs';

/** @import { Cell } from '../../src/state/matrix-hook.ts' */
/** @typedef {{ label: number, predicted: number, logits: number[] }} Row */
/**
 * @typedef {object} Judged
 * @property {string} checker "ok", or what ONNX's checker says
 * @property {boolean} rounded an operator rounds what it is given to 8 bits as it runs
 * @property {number | null} native accuracy or perplexity in Python
 * @property {number | null} differing rows whose top answer differs; null of running text
 * @property {string[]} ties of each of them, by how much Python's logits prefer its own answer
 * @property {string[]} faults why it is wrong; none: it is not
 */

/** 8-bit inputs are rounded from floats that two builds of the runtime add up in another order. */
const ROUNDED_SHARE = 2 / 1000;
const PERPLEXITY_SHARE = 0.001;
const JUDGE = fileURLToPath(new URL('../../judge', import.meta.url));
const run = promisify(execFile);

/**
 * @param {string} python the judge's interpreter
 * @param {readonly string[]} files of the sample
 * @param {Cell} cell
 * @param {string} output the file that came down: a model, or a zip of it and what goes with it
 * @returns {Promise<Judged>}
 */
export async function judgeOutput(python, files, cell, output) {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-judged-'));
  /** @type {{ rounded: boolean } | null} */
  let checked = null;
  try {
    for (const path of files) {
      if (!path.endsWith('.onnx')) cpSync(path, join(folder, basename(path)));
    }
    const { model, byteLength } = unpacked(output, folder);
    const ask = async (/** @type {string} */ script, /** @type {string[]} */ args) =>
      (await run(python, [join(JUDGE, script), ...args], { maxBuffer: 1 << 26 })).stdout;
    const { rounded } = JSON.parse(await ask('check.py', [model]));
    checked = { rounded };
    const tokenizer = files.find((path) => basename(path) === 'tokenizer.json') ?? '';
    const compared = await compare(ask, { folder, model, tokenizer }, cell, rounded);
    const faults = [...faultsOf(cell, byteLength), ...compared.faults];
    return { checker: 'ok', rounded, ...compared, faults };
  } catch (error) {
    const said = String(error instanceof Error && 'stderr' in error ? error.stderr : error);
    const words = said.trim().split('\n').at(-1) ?? '';
    const own = checked ? { checker: 'ok', ...checked } : { checker: words, rounded: false };
    return { ...own, native: null, differing: null, ties: [], faults: [`Python: ${words}`] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} output
 * @param {string} folder
 * @returns {{ model: string, byteLength: number }} bytes of all files of the model
 */
function unpacked(output, folder) {
  const bytes = readFileSync(output);
  const isZip = bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04';
  const entries = isZip ? unzipSync(bytes) : { 'model.onnx': bytes };
  for (const [path, content] of Object.entries(entries)) {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
  const name = Object.keys(entries).find((path) => path.endsWith('.onnx'));
  if (!name) throw new Error(`The output has no model: ${readdirSync(folder)}`);
  const ofModel = Object.keys(entries).filter((path) => !/\.(json|txt)$/.test(path));
  const byteLength = ofModel.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  return { model: join(folder, name), byteLength };
}

/**
 * @param {(script: string, args: string[]) => Promise<string>} ask
 * @param {{ folder: string, model: string, tokenizer: string }} output with the original's tokenizer
 * @param {Cell} cell
 * @param {boolean} rounded
 * @returns {Promise<Pick<Judged, 'native' | 'differing' | 'ties' | 'faults'>>}
 */
async function compare(ask, { folder, model, tokenizer }, { accuracy, answers }, rounded) {
  const options = [folder, '--json', '--threads', '1', '--model', model]; // the page computes beside it
  if (!accuracy) return { native: null, differing: null, ties: [], faults: ['not scored'] };
  if (accuracy.metric === 'perplexity') {
    // An output may have fewer tokens: those of the original are counted.
    const counted = ['--original-tokenizer', tokenizer];
    const { perplexity } = JSON.parse(await ask('evaluate.py', [...options, ...counted]));
    const off = Math.abs(perplexity / accuracy.value - 1);
    const faults = off <= PERPLEXITY_SHARE ? [] : [`perplexity ${(off * 100).toFixed(2)} % off`];
    return { native: perplexity, differing: null, ties: [], faults };
  }
  const path = join(folder, 'rows.json');
  const { accuracy: native } = JSON.parse(await ask('evaluate.py', [...options, '--rows', path]));
  /** @type {Row[]} */
  const rows = JSON.parse(readFileSync(path, 'utf8'));
  return { native, ...compareRows(rows, answers ?? [], accuracy.correct ?? 0, rounded) };
}

/**
 * @param {readonly Row[]} rows Python's
 * @param {readonly number[]} answers the page's
 * @param {number} correct of the page's
 * @param {boolean} rounded
 */
export function compareRows(rows, answers, correct, rounded) {
  const allowed = rounded ? Math.floor(rows.length * ROUNDED_SHARE) : 0;
  const ties = rows.flatMap(({ predicted, logits }, at) => {
    const given = answers[at];
    if (given === undefined || given === predicted) return [];
    const margin = (logits[predicted] ?? 0) - (logits[given] ?? 0);
    return [`row ${at}: ${margin.toPrecision(2)}`];
  });
  const right = rows.filter(({ label, predicted }) => label === predicted).length;
  const faults = [];
  if (answers.length !== rows.length) {
    faults.push(`the page has ${answers.length} rows, Python ${rows.length}`);
  }
  if (ties.length > allowed) faults.push(`${ties.length} rows differ, ${allowed} allowed`);
  if (Math.abs(right - correct) > allowed) faults.push(`${correct} right, Python ${right}`);
  return { differing: ties.length, ties, faults };
}
