/** `npm run gpu`: the tests of kernels on this machine's GPU, without a browser. */
import { mergeConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import viteConfig from './vite.config.ts';

/** The tests that need more of a browser than WebGPU. */
const IN_BROWSERS = [
  'src/{bench,plan}/**', // runtime sessions
  'src/engine/{calibrated,every-technique,fit-rows,measure,measure-files,runtime-calibrator}.*',
  'src/engine/{session-files,trials,trimmed-head,trimmed-outputs}.*',
  'src/engine/resume.*', // loses devices, which browsers tell sooner
  'src/dataset/**', // decodes images
  'src/storage/**', // the origin private file system and IndexedDB
];

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      include: ['src/**/*.gpu.test.ts'],
      exclude: IN_BROWSERS,
      setupFiles: ['./scripts/dawn-setup.mjs'],
      testTimeout: 60_000,
    },
  }),
);
