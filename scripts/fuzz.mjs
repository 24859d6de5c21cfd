/**
 * `npm run fuzz -- --mutants 100000 --seed 7`: all fuzz tests with about as many mutants together,
 * shared among them as in the usual run. `--only 'digits#17' --seed 7` makes one mutant again, as the failure
 * of a test says. Prints what was accepted and refused by base, and the sum.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { WHITTLE_SAMPLES } = process.env;
/** Mutants of all fuzz tests together in the usual run: with the large samples, and without. */
const USUAL = WHITTLE_SAMPLES ? 30_590 : 30_390;

const { values } = parseArgs({
  options: {
    mutants: { type: 'string', default: String(USUAL) },
    seed: { type: 'string', default: '20000' },
    only: { type: 'string' },
  },
});

const start = performance.now();
const child = spawn('node_modules/.bin/vitest', ['run', '--project', 'node', 'fuzz'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    ...process.env,
    WHITTLE_FUZZ_SEED: values.seed,
    WHITTLE_FUZZ_SCALE: String(values.only ? 1000 : Number(values.mutants) / USUAL),
    ...(values.only ? { WHITTLE_FUZZ_ONLY: values.only } : {}),
  },
});

const sum = { accepted: 0, rejected: 0, slowestMs: 0 };
for await (const line of createInterface({ input: child.stdout })) {
  console.log(line);
  const tally = /fuzz (\{.*\})/.exec(line)?.[1];
  if (!tally) continue;
  const { accepted, rejected, slowestMs } = JSON.parse(tally);
  sum.accepted += accepted;
  sum.rejected += rejected;
  sum.slowestMs = Math.max(sum.slowestMs, slowestMs);
}
const status = await new Promise((resolve) => {
  if (child.exitCode !== null) resolve(child.exitCode);
  else child.once('close', resolve);
});
const seconds = ((performance.now() - start) / 1000).toFixed(0);
console.log(
  `seed ${values.seed}: ${sum.accepted + sum.rejected} mutants in ${seconds} s, ${sum.accepted} accepted, ${sum.rejected} rejected, the slowest ${sum.slowestMs.toFixed(0)} ms`,
);
process.exitCode = status === 0 ? 0 : 1;
