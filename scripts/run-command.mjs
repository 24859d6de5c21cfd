/** Runs the packages' commands for `npm test`, without blocking what runs beside them. */
import { spawn } from 'node:child_process';

const LAST_WORDS_MS = 2000;

/** @typedef {(text: string) => void} Print */
/** @typedef {{ status: number | null, printed: string }} Ended `status` is null after a signal */

/**
 * @param {readonly [program: string, ...args: string[]]} command a package's command, or `node`
 * @param {{ limitMs: number, print: Print, env?: Record<string, string> }} how
 *   `limitMs`: it is killed after that
 * @returns {Promise<Ended>}
 */
export function runCommand([program, ...args], { limitMs, print, env }) {
  const prefix = program === 'node' ? [] : [`node_modules/.bin/${program}`];
  const child = spawn(process.execPath, [...prefix, ...args], {
    timeout: limitMs,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  /** @type {string[]} */
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      printed.push(text);
      print(text);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (status) => {
      const end = () => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ status, printed: printed.join('') });
      };
      child.once('close', end);
      setTimeout(end, LAST_WORDS_MS); // a process that it left behind may hold the streams for ever
    });
  });
}
