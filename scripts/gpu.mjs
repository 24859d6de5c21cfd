/**
 * `npm run gpu`: the tests of kernels in Node on this machine's GPU, through Dawn; for machines
 * without a browser. `npm run gpu -- --times` prints how fast each kernel is instead, with
 * `--elements=45088768 --side=4096` on as much; `--weights --side=2048` how long each method takes for
 * a whole weight of that side (`--only=hqq`: those of that name), with `--cpu` beside one thread. All
 * need a Vulkan driver and its loader.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { installDawn } from './dawn.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: 'boolean', default: false },
    weights: { type: 'boolean', default: false },
    cpu: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    elements: { type: 'string', default: String(2 ** 24) },
    side: { type: 'string', default: '2048' },
    json: { type: 'string' },
  },
});

if (options.times) await printTimes();
if (options.weights) await printWeights();
if (options.times || options.weights) process.exit(0); // Dawn's threads would go on
spawn('node_modules/.bin/vitest', ['run', '--config', 'vitest.dawn.config.ts', ...positionals], {
  stdio: 'inherit',
}).on('exit', (code) => process.exit(code ?? 1));

/** @returns {Promise<typeof import('../src/methods/times-on-device.ts')>} */
async function timing() {
  installDawn();
  const { module } = await runnerImport('./src/methods/times-on-device.ts', {
    configFile: false,
    oxc: { target: 'es2024' }, // Node 20 has no `using`
  });
  return /** @type {typeof import('../src/methods/times-on-device.ts')} */ (module);
}

/** @param {import('../src/gpu/adapter-summary.ts').AdapterSummary} adapter */
function printAdapter({ name, description, isSoftware }) {
  console.log(
    `${name}, ${description}${isSoftware ? ' (software: says nothing about a GPU)' : ''}`,
  );
}

/** @param {unknown} result */
function keep(result) {
  if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
}

async function printTimes() {
  const { timesOnDevice } = await timing();
  const result = await timesOnDevice(Number(options.elements), Number(options.side));
  printAdapter(result.adapter);
  console.table(
    Object.fromEntries(
      result.times.map(({ kernel, durationMs, bytes, flop }) => [
        kernel,
        {
          ms: Number(durationMs.toFixed(4)),
          'GB/s': Number((bytes / 1e6 / durationMs).toFixed(1)),
          'GFLOP/s': flop === undefined ? '' : Number((flop / 1e6 / durationMs).toFixed(0)),
        },
      ]),
    ),
  );
  keep(result);
}

async function printWeights() {
  const { weightsOnDevice } = await timing();
  const side = Number(options.side);
  /** @type {{ adapter: unknown, times: unknown[] }} */
  const result = { adapter: null, times: [] };
  console.log(`Whole weights of ${side} × ${side}, values in memory to results in memory`);
  const asked = weightsOnDevice(side, options.only, options.cpu, (adapter) => {
    result.adapter = adapter;
    printAdapter(adapter);
  });
  for await (const time of asked) {
    result.times.push(time);
    keep(result);
    const [own = 0, cpu] = time.durationsMs;
    const rate = `${((side * side) / 1e3 / own).toFixed(1)} M values/s`;
    const peer =
      cpu === undefined ? '' : `; one thread ${cpu.toFixed(1)} ms, ${(cpu / own).toFixed(2)} ×`;
    console.log(`${time.method.padEnd(26)} ${own.toFixed(1).padStart(9)} ms, ${rate}${peer}`);
  }
}
