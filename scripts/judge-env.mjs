/**
 * The Python environment of the judge: `.venv`, made once from `judge/requirements.txt` and made
 * again when that file changes. As a command it makes it and prints its interpreter.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { canInstall, installPackages } from './apt.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOME = join(ROOT, '.venv');
const REQUIREMENTS = join(ROOT, 'judge/requirements.txt');
const STAMP = 'requirements.sha256';

/** @typedef {{ python: string } | { missing: string }} JudgeEnv */

/**
 * The judge's interpreter, made if it is not there yet; or one sentence saying why there is none.
 * @returns {JudgeEnv}
 */
export function judgeEnv() {
  const { WHITTLE_JUDGE_MISSING } = process.env; // set by a runner that tried already
  if (WHITTLE_JUDGE_MISSING) return { missing: WHITTLE_JUDGE_MISSING };
  const python = join(HOME, 'bin/python');
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (stampOf(HOME) === wanted && existsSync(python)) return { python };
  try {
    make(wanted);
    return { python };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** @param {string} home */
function stampOf(home) {
  const path = join(home, STAMP);
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * Made aside and then renamed, so that an interrupted or a second maker leaves no half of one.
 * A renamed environment keeps its `python -m`; only its console scripts break, and nobody calls them.
 * @param {string} stamp
 */
function make(stamp) {
  if (!hasVenv()) {
    if (!canInstall()) throw new Error('Python 3 with its venv module is not installed.');
    installPackages(['python3', 'python3-venv']);
  }
  const aside = mkdtempSync(`${HOME}-`);
  try {
    run('python3', ['-m', 'venv', aside]);
    run(join(aside, 'bin/python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      REQUIREMENTS,
    ]);
    writeFileSync(join(aside, STAMP), stamp);
    if (stampOf(HOME) === stamp) return;
    rmSync(HOME, { recursive: true, force: true });
    renameSync(aside, HOME);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

// Debian ships the module without what it needs to install pip, so importing `venv` proves nothing.
const hasVenv = () =>
  spawnSync('python3', ['-c', 'import venv, ensurepip'], { stdio: 'ignore' }).status === 0;

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit ${status}`;
  throw new Error(`The judge's Python packages could not be installed: ${reason}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const env = judgeEnv();
  if ('python' in env) console.log(env.python);
  else {
    console.error(env.missing);
    process.exitCode = 1;
  }
}
