/**
 * `npm run gpu`: the tests of kernels in Node on this machine's GPU, through Dawn; for machines
 * without a browser. `npm run gpu -- --times` prints how fast each kernel is instead, with
 * `--elements=45088768 --side=4096` on as much. Both need a Vulkan driver and its loader.
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
    elements: { type: 'string', default: String(2 ** 24) },
    side: { type: 'string', default: '2048' },
    json: { type: 'string' },
  },
});

if (options.times) {
  await printTimes();
  process.exit(0); // Dawn's threads would go on
}
spawn('node_modules/.bin/vitest', ['run', '--config', 'vitest.dawn.config.ts', ...positionals], {
  stdio: 'inherit',
}).on('exit', (code) => process.exit(code ?? 1));

async function printTimes() {
  installDawn();
  const { module } = await runnerImport('./src/methods/times-on-device.ts', {
    configFile: false,
    oxc: { target: 'es2024' }, // Node 20 has no `using`
  });
  const { timesOnDevice } = /** @type {typeof import('../src/methods/times-on-device.ts')} */ (
    module
  );
  const { adapter, times } = await timesOnDevice(Number(options.elements), Number(options.side));
  const note = adapter.isSoftware ? ' (software: says nothing about a GPU)' : '';
  console.log(`${adapter.name}, ${adapter.description}${note}`);
  console.table(
    Object.fromEntries(
      times.map(({ kernel, durationMs, bytes, flop }) => [
        kernel,
        {
          ms: Number(durationMs.toFixed(4)),
          'GB/s': Number((bytes / 1e6 / durationMs).toFixed(1)),
          'GFLOP/s': flop === undefined ? '' : Number((flop / 1e6 / durationMs).toFixed(0)),
        },
      ]),
    ),
  );
  if (options.json) {
    writeFileSync(options.json, `${JSON.stringify({ adapter, times }, null, 2)}\n`);
  }
}
