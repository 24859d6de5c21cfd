/** Debian packages that the tests need, on machines where nobody minds: root with apt-get. */
import { spawnSync } from 'node:child_process';

export const canInstall = () =>
  process.getuid?.() === 0 && spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;

/**
 * @param {string[]} names
 * @throws {Error} if apt-get fails
 */
export function installPackages(names) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const { status } = spawnSync('apt-get', ['-q', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed with exit ${status}.`);
  }
}
