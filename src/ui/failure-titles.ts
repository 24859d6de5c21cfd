import type { Failure } from '../state/failure.ts';

/** What happened, in a few words; the message says the rest. */
export const FAILURE_TITLES: Readonly<Record<Failure['code'], string>> = {
  'not-a-model': 'this is not a model',
  'malformed-model': 'the model is damaged',
  'unsupported-model': 'Whittle cannot open this model yet',
  'missing-file': 'a file is missing',
  'wrong-file': 'this is another file',
  'bad-recipe': 'the recipe is wrong',
  'bad-dataset': 'the data cannot be read',
  'bad-tokenizer': 'the tokenizer cannot be read',
  'bad-report': 'the report cannot be read',
  'bad-link': 'the link cannot be read',
  'too-large': 'too large',
  'out-of-memory': 'out of memory',
  'no-webgpu': 'no WebGPU here',
  'device-lost': 'the GPU was lost',
  'gpu-failed': 'the GPU failed',
  'runtime-failed': 'the runtime failed',
  'worker-failed': 'a worker stopped',
  quota: 'the disk is full',
  'no-storage': 'nothing can be kept here',
  busy: 'busy',
  bug: 'Whittle failed',
};
