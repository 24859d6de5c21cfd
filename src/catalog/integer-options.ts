/** Options that every technique with integer codes has. */
import type { OptionSpec } from './technique.ts';

export const BITS = {
  kind: 'choice',
  key: 'bits',
  label: 'Bits',
  help: 'Bits for each weight. Fewer are smaller and less exact.',
  level: 'main',
  choices: [
    { value: 2, label: '2' },
    { value: 4, label: '4' },
    { value: 8, label: '8' },
  ],
  default: 4,
} as const satisfies OptionSpec;

/** Block sizes that suit every way of rounding. */
export const SHORT_BLOCKS = [
  { value: 16, label: '16', phrase: 'block 16' },
  { value: 32, label: '32', phrase: 'block 32' },
  { value: 64, label: '64', phrase: 'block 64' },
  { value: 128, label: '128', phrase: 'block 128' },
] as const;

export const BLOCK_SIZE = {
  kind: 'choice',
  key: 'blockSize',
  label: 'Block size',
  help: 'Weights that share one scale. Smaller blocks are more exact and take more scales.',
  level: 'main',
  choices: [
    ...SHORT_BLOCKS,
    { value: 256, label: '256', phrase: 'block 256' },
    { value: 'channel', label: 'channel', phrase: 'per channel' },
  ],
  default: 32,
} as const satisfies OptionSpec;

export const SYMMETRIC = {
  kind: 'toggle',
  key: 'symmetric',
  label: 'Symmetric',
  help: 'Levels centred on zero. Off: each block stores a zero point too.',
  level: 'advanced',
  default: true,
} as const satisfies OptionSpec;

export const SCALE_TYPE = {
  kind: 'choice',
  key: 'scaleType',
  label: 'Scales',
  help: '16-bit scales take half the bytes; 32-bit ones hold values beyond 65,504.',
  level: 'advanced',
  choices: [
    { value: 'float16', label: '16 bit' },
    { value: 'float32', label: '32 bit' },
  ],
  default: 'float16',
} as const satisfies OptionSpec;

export const CLIP = {
  kind: 'toggle',
  key: 'clip',
  label: 'Clip search',
  help: 'Tries smaller ranges for each block and keeps the one with the least squared error. Slower to compress.',
  level: 'advanced',
  timed: true,
  default: false,
} as const satisfies OptionSpec;

export const COMPUTE = {
  kind: 'choice',
  key: 'compute',
  label: 'Compute',
  help: 'On WASM and native: 8-bit activations are fast; exact ones keep full precision and are slower.',
  level: 'advanced',
  choices: [
    { value: 'int8', label: 'int8' },
    { value: 'exact', label: 'exact' },
  ],
  default: 'int8',
} as const satisfies OptionSpec;
