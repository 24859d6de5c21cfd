import { expect, test } from 'vitest';
import { runCommand } from './run-command.mjs';

const run = (script: string, limitMs = 30_000, env: Record<string, string> = {}) => {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const ended = runCommand(['node', '-e', script], { limitMs, print, env });
  return { ended, printed };
};

test('gives the status and what was printed, errors too, as it comes', async () => {
  const { ended, printed } = run(
    'console.log(process.env.WORD); console.error("2"); process.exitCode = 3',
    ...([30_000, { WORD: '1' }] as const),
  );
  const { status, printed: all } = await ended;
  expect(status).toBe(3);
  expect(all).toContain('1\n');
  expect(all).toContain('2\n');
  expect(printed.join('')).toBe(all);
});

test('two run side by side', async () => {
  const wait = 'setTimeout(() => {}, 2000)';
  const start = performance.now();
  await Promise.all([run(wait).ended, run(wait).ended, run(wait).ended, run(wait).ended]);
  expect(performance.now() - start).toBeLessThan(7500);
});

test('what it leaves behind does not hold it', async () => {
  const lingering = `require('child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 20000)'], { stdio: 'inherit', detached: true }).unref(); console.log('done')`;
  const start = performance.now();
  expect(await run(lingering).ended).toMatchObject({ status: 0, printed: 'done\n' });
  expect(performance.now() - start).toBeLessThan(15_000);
});

test('one that hangs is ended at its limit, by a signal', async () => {
  expect(await run('setInterval(() => {}, 1000)', 500).ended).toMatchObject({ status: null });
});
