/**
 * Asks Python whether models compute what others do: pairs NAME.before.onnx and NAME.after.onnx of
 * one folder, or two files' bytes. See `judge/compare_upgrades.py`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeEnv } from '../../scripts/judge-env.mjs';

/** What the script prints for `args`. @throws without Python */
export function askToCompare(...args: readonly string[]): string {
  const env = judgeEnv();
  if ('missing' in env) throw new Error(env.missing);
  return execFileSync(env.python, ['judge/compare_upgrades.py', ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
}

/**
 * Largest difference of their outputs on one set of random inputs; null if shapes or types differ.
 * @throws if the checker refuses `after`, or one of them does not run
 */
export function differenceOfModels(before: Uint8Array, after: Uint8Array): number | null {
  const scratch = mkdtempSync(join(tmpdir(), 'whittle-compare-'));
  writeFileSync(join(scratch, 'two.before.onnx'), before);
  writeFileSync(join(scratch, 'two.after.onnx'), after);
  const { two } = JSON.parse(askToCompare(scratch));
  if (two.error) throw new Error(two.error);
  return two.difference;
}
