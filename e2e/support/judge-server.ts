import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('../../judge/serve.py', import.meta.url));

interface Waiting {
  readonly resolve: (code: number) => void;
  readonly reject: (error: Error) => void;
}

/** Python with its packages loaded, which runs one script of the judge after the other. */
export class JudgeServer {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #waiting: Waiting[] = [];
  #ended: Error | null = null;

  /** `python` — its interpreter; it ends with this process */
  constructor(python: string) {
    this.#process = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.unref();
    this.#process.stdin.on('error', () => {}); // it ended, which `close` tells
    createInterface({ input: this.#process.stdout }).on('line', (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line).code),
    );
    this.#process.on('error', (error) => this.#end(error));
    this.#process.on('close', (code) => this.#end(new Error(`Python ended with ${code}`)));
  }

  /**
   * Runs a script of `judge/` in a process of its own.
   * - `scratch` — an empty folder for what it prints
   * @throws with what it complained of, if it does not end with 0
   */
  async run(script: string, args: readonly string[], scratch: string): Promise<string> {
    const [printed, complained] = [join(scratch, 'printed'), join(scratch, 'complained')];
    const code = await new Promise<number>((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.push({ resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ script, args, printed, complained })}\n`);
    });
    if (code !== 0) {
      throw new Error(`${script} ended with ${code}: ${await readFile(complained, 'utf8')}`);
    }
    return readFile(printed, 'utf8');
  }

  #end(error: Error): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
