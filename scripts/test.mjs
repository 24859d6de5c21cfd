/**
 * `npm test`: every tier, and at the end one line with the sum of all. `npm test -- node gpu` runs
 * only the tiers named. Tiers of different lanes run side by side, as most wait or use one core;
 * those that hold a time run alone at the end. A tier that fails hides no other; one that runs no
 * test has failed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from './find-chromium.mjs';
import { judgeEnv } from './judge-env.mjs';
import { runCommand } from './run-command.mjs';
import {
  beginning,
  failed,
  readMatrix,
  readPlaywright,
  readVitest,
  settle,
} from './test-report.mjs';

/** @import { Print } from './run-command.mjs' */
/** @import { Outcome } from './test-report.mjs' */
/** @typedef {(print: Print) => Promise<Outcome>} Tier */

const TIER_LIMIT_MS = 3_600_000; // a hung tier must not hide the others
/**
 * The fuzz tests copy models of 90 MB thousands of times. Blocks of that size glibc gives back to the
 * system and gets anew, cleared page by page, which takes five times as long as the copy.
 */
const KEEP_LARGE_BLOCKS = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 30),
};

const { CI } = process.env;
const scratch = mkdtempSync(join(tmpdir(), 'whittle-test-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/** @type {Record<string, Tier>} */
const TIERS = {
  check: (print) =>
    commands(print, {
      'types of the page': ['tsc', '--noEmit', '-p', 'tsconfig.json'],
      'types of the workers': ['tsc', '--noEmit', '-p', 'tsconfig.worker.json'],
      'types of tools and tests': ['tsc', '--noEmit', '-p', 'tsconfig.node.json'],
      'format and lint': ['biome', 'ci', '--colors=off'],
    }),
  build: (print) =>
    commands(print, {
      'production build': ['vite', 'build'],
      'size of the first load': ['node', 'scripts/first-load.mjs'],
    }),
  node: (print) => vitest(print, 'node'),
  judge: async (print) => {
    if (noJudge && CI) return failed(`the judge must run in CI: ${noJudge}`);
    if (noJudge) print(`The judge is not asked: ${noJudge}\n`);
    return vitest(print, 'judge');
  },
  gpu: (print) => withChromium(() => vitest(print, 'gpu')),
  e2e: (print) => withBuild(() => withChromium(() => playwright(print, 'journeys'))),
  large: (print) => withBuild(() => withChromium(() => playwright(print, 'large', LARGE_PORT))),
  matrix: async (print) => {
    if (noJudge && CI) return failed(`the matrix must run in CI: ${noJudge}`);
    if (noJudge) {
      print(`The matrix is left out, as it needs the judge: ${noJudge}\n`);
      return { passed: 0, failed: 0, skipped: 1, failures: [] };
    }
    return withBuild(() => withChromium(() => matrix(print)));
  },
  timed: (print) => withBuild(() => withChromium(() => playwright(print, 'timed'))),
};
const LANES = [
  ['check', 'build', 'e2e', 'matrix'],
  ['node', 'large', 'judge', 'gpu'],
];
const ALONE = ['timed'];
const ASK_JUDGE = ['judge', 'e2e', 'large', 'matrix'];
const LARGE_PORT = 4178; // journeys are served at the same time

/**
 * Each command counts as one test.
 * @param {Print} print
 * @param {Record<string, [string, ...string[]]>} named
 * @returns {Promise<Outcome>}
 */
async function commands(print, named) {
  const failures = [];
  for (const [name, command] of Object.entries(named)) {
    const { status, printed } = await runCommand(command, { limitMs: TIER_LIMIT_MS, print });
    if (status !== 0) failures.push(beginning(`${name}\n${printed}`));
  }
  const total = Object.keys(named).length;
  return { passed: total - failures.length, failed: failures.length, skipped: 0, failures };
}

/**
 * @param {Print} print
 * @param {string} project
 */
async function vitest(print, project) {
  const report = join(scratch, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = await runCommand(['vitest', 'run', '--project', project, ...reporters], {
    limitMs: TIER_LIMIT_MS,
    print,
    env: KEEP_LARGE_BLOCKS,
  });
  return settle(status, readVitest(report));
}

/**
 * @param {Print} print
 * @param {string} project
 * @param {number} [port] Playwright's own, unless given
 */
async function playwright(print, project, port) {
  const report = join(scratch, `${project}.json`);
  const args = ['test', `--project=${project}`, '--reporter=list,json'];
  const { status } = await runCommand(['playwright', ...args], {
    limitMs: TIER_LIMIT_MS,
    print,
    env: {
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
      ...(port !== undefined && { PLAYWRIGHT_PORT: String(port) }),
    },
  });
  return settle(status, readPlaywright(report));
}

/** @param {Print} print */
async function matrix(print) {
  const report = join(scratch, 'matrix.json');
  const { status } = await runCommand(
    ['node', 'scripts/matrix.mjs', '--cover', `--json=${report}`],
    { limitMs: TIER_LIMIT_MS, print },
  );
  return settle(status, readMatrix(report));
}

/** @param {() => Promise<Outcome>} tier */
async function withChromium(tier) {
  try {
    Object.assign(process.env, { CHROMIUM_PATH: findChromium() });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  return tier();
}

/** @param {() => Promise<Outcome>} tier */
async function withBuild(tier) {
  const build = await begun.get('build');
  return build?.failed ? failed('not run: there is no build to test') : tier();
}

/** @type {Map<string, Promise<Outcome>>} */
const begun = new Map();

/**
 * @param {string} name
 * @param {boolean} isLive whether nothing runs beside it, so that what it prints shows at once
 */
async function runTier(name, isLive) {
  /** @type {string[]} */
  const held = [];
  const show = (/** @type {string} */ text) => process.stdout.write(text);
  const print = isLive ? show : (/** @type {string} */ text) => held.push(text);
  show(`\n== ${name}${isLive ? '' : ' begins; its words come when it ends'}\n`);
  const start = performance.now();
  const tier = TIERS[name];
  const outcome = tier ? await tier(print) : failed('there is no such tier');
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  show(`${isLive ? '' : `\n== ${name}\n${held.join('')}`}== ${name} took ${seconds} s\n`);
  return outcome;
}

/**
 * One tier after the other; all are known from the start, so that others can wait for them.
 * @param {readonly string[]} names
 * @param {boolean} isLive
 */
function runLane(names, isLive) {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  for (const name of names) {
    const tier = last.then(() => runTier(name, isLive)).catch((error) => failed(String(error)));
    begun.set(name, tier);
    last = tier;
  }
  return last;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in TIERS));
if (unknown.length > 0) {
  console.error(`No tier ${unknown.join(', ')}; there are ${Object.keys(TIERS).join(', ')}.`);
  process.exit(1);
}
const isWanted = (/** @type {string} */ name) => wanted.length === 0 || wanted.includes(name);
const start = performance.now();

// Made before anything runs beside it, and once: two tiers would make it at the same time.
const env = ASK_JUDGE.some(isWanted) ? judgeEnv() : null;
const noJudge = env && 'missing' in env ? env.missing : null;
if (noJudge) Object.assign(process.env, { WHITTLE_JUDGE_MISSING: noJudge });

const lanes = LANES.map((lane) => lane.filter(isWanted)).filter((lane) => lane.length > 0);
await Promise.all(lanes.map((lane) => runLane(lane, lanes.length === 1)));
await runLane(ALONE.filter(isWanted), true);

console.log('');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const name of Object.keys(TIERS)) {
  const outcome = await begun.get(name);
  if (!outcome) continue;
  const { passed, failed: wrong, skipped, failures } = outcome;
  console.log(`${name}: ${passed} ok, ${wrong} wrong, ${skipped} left out`);
  for (const failure of failures) console.log(`  ✗ ${failure.replaceAll('\n', '\n    ')}`);
  sum.passed += passed;
  sum.failed += wrong;
  sum.skipped += skipped;
}
const minutes = ((performance.now() - start) / 60_000).toFixed(1);
console.log(`\nall tiers took ${minutes} min\n`);
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed > 0 ? 1 : 0;
