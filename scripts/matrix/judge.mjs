/** Python's closeness of one file after the other, asked of one process. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../judge/closeness.py', import.meta.url));

/** @typedef {{ cosine: number, broken: number } | { error: string }} Closeness */

export class Judge {
  /** @type {((answer: Closeness) => void)[]} */
  #waiting = [];
  #printed = '';
  #process;

  /** @param {string} python its interpreter */
  constructor(python) {
    this.#process = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.stderr.on('data', (chunk) => {
      this.#printed = `${this.#printed}${chunk}`.slice(-600);
    });
    this.#process.stdin.on('error', () => {}); // it ended, which `close` tells
    createInterface({ input: this.#process.stdout }).on('line', (line) =>
      this.#waiting.shift()?.(JSON.parse(line)),
    );
    this.#process.on('close', (code) => {
      const error = `Python ended with ${code ?? 'a signal'}: ${this.#printed}`;
      for (const answer of this.#waiting.splice(0)) answer({ error });
    });
  }

  /**
   * @param {string} original
   * @param {string} compressed
   * @returns {Promise<Closeness>}
   */
  closeness(original, compressed) {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) {
      return Promise.resolve({ error: `Python has ended: ${this.#printed}` });
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#process.stdin.write(`${JSON.stringify({ original, compressed })}\n`);
    });
  }

  end() {
    this.#process.stdin.end();
  }
}
