/**
 * `npm test`: every tier, one after the other, and at the end one line with the sum of all.
 * `npm test -- node gpu` runs only the tiers named. A tier that fails hides no other; one that
 * runs no test has failed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './find-chromium.mjs';
import { judgeEnv } from './judge-env.mjs';
import { beginning, failed, readPlaywright, readVitest, settle } from './test-report.mjs';

/** @import { Outcome } from './test-report.mjs' */

const TIER_LIMIT_MS = 1_500_000; // a hung tier must not hide the others

const { CI } = process.env;
const scratch = mkdtempSync(join(tmpdir(), 'whittle-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @type {Record<string, () => Outcome>} */
const TIERS = {
  check: () =>
    commands({
      'types of the page': ['tsc', '--noEmit', '-p', 'tsconfig.json'],
      'types of the workers': ['tsc', '--noEmit', '-p', 'tsconfig.worker.json'],
      'types of tools and tests': ['tsc', '--noEmit', '-p', 'tsconfig.node.json'],
      'format and lint': ['biome', 'ci', '--colors=off'],
    }),
  node: () => vitest('node'),
  gpu: () => withChromium(() => vitest('gpu')),
  judge: () => {
    const env = judgeEnv();
    if ('python' in env) return vitest('judge');
    if (CI) return failed(`the judge must run in CI: ${env.missing}`);
    console.log(`The judge is not asked: ${env.missing}`);
    // So that no test tries to make it again.
    Object.assign(process.env, { WHITTLE_JUDGE_MISSING: env.missing });
    return vitest('judge');
  },
  build: () =>
    commands({
      'production build': ['vite', 'build'],
      'size of the first load': ['node', 'scripts/first-load.mjs'],
    }),
  e2e: () => withChromium(playwright),
};

/**
 * @param {string} program a package's command, or `node`
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, keep?: boolean }} [how] `keep`: give back what it prints
 */
function run(program, args, { env, keep = false } = {}) {
  const prefix = program === 'node' ? [] : [`node_modules/.bin/${program}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...prefix, ...args], {
    timeout: TIER_LIMIT_MS,
    stdio: ['ignore', keep ? 'pipe' : 'inherit', keep ? 'pipe' : 'inherit'],
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const printed = `${stderr ?? ''}${stdout ?? ''}`; // reasons before summaries
  process.stdout.write(printed);
  return { status, printed };
}

/**
 * Each command counts as one test.
 * @param {Record<string, [string, ...string[]]>} named
 * @returns {Outcome}
 */
function commands(named) {
  const failures = Object.entries(named).flatMap(([name, [program, ...args]]) => {
    const { status, printed } = run(program, args, { keep: true });
    return status === 0 ? [] : [beginning(`${name}\n${printed}`)];
  });
  const total = Object.keys(named).length;
  return { passed: total - failures.length, failed: failures.length, skipped: 0, failures };
}

/** @param {string} project */
function vitest(project) {
  const report = join(scratch, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = run('vitest', ['run', '--project', project, ...reporters]);
  return settle(status, readVitest(report));
}

function playwright() {
  const report = join(scratch, 'e2e.json');
  const { status } = run('playwright', ['test', '--reporter=list,json'], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  return settle(status, readPlaywright(report));
}

/** @param {() => Outcome} tier */
function withChromium(tier) {
  try {
    Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  return tier();
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in TIERS));
if (unknown.length > 0) {
  console.error(`No tier ${unknown.join(', ')}; there are ${Object.keys(TIERS).join(', ')}.`);
  process.exit(1);
}

/** @type {Map<string, Outcome>} */
const outcomes = new Map();
for (const [name, tier] of Object.entries(TIERS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const start = performance.now();
  const outcome =
    name === 'e2e' && outcomes.get('build')?.failed
      ? failed('not run: there is no build to test')
      : tier();
  outcomes.set(name, outcome);
  console.log(`== ${name} took ${((performance.now() - start) / 1000).toFixed(0)} s`);
}

console.log('');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const [name, { passed, failed, skipped, failures }] of outcomes) {
  console.log(`${name}: ${passed} ok, ${failed} wrong, ${skipped} left out`);
  for (const failure of failures) console.log(`  ✗ ${failure.replaceAll('\n', '\n    ')}`);
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
}
console.log('');
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
