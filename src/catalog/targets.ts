import type { Backend } from '../core/backend.ts';

export interface Target {
  readonly id: string;
  readonly label: string;
  /** Where a run for this target is scored and which latency decides its verdict. */
  readonly backend: Backend;
  readonly summary: string;
}

const ALL = {
  webgpu: {
    id: 'webgpu',
    label: 'WebGPU',
    backend: 'webgpu',
    summary:
      'For pages whose visitors have WebGPU: weights stay packed and are multiplied on the GPU (MatMulNBits).',
  },
  wasm: {
    id: 'wasm',
    label: 'WASM',
    backend: 'wasm',
    summary:
      'For every browser, loaded with WASM: the bits of each step are those in the file; they become 8-bit integers at load, for a fast product that WebGPU sessions do not have.',
  },
  native: {
    id: 'native',
    label: 'Native',
    backend: 'wasm',
    summary:
      'For ONNX Runtime on CPU and CUDA: packed weights with 8-bit or exact products. Measured here on WASM.',
  },
  portable: {
    id: 'portable',
    label: 'Portable',
    backend: 'wasm',
    summary:
      'One file for many runtimes: plain DequantizeLinear, for TensorRT, OpenVINO and ONNX Runtime. Measured here on WASM.',
  },
} as const satisfies Record<string, Target>;

export type TargetId = keyof typeof ALL;

export const TARGETS: Readonly<Record<TargetId, Target>> = ALL;

export const isTargetId = (id: string): id is TargetId => Object.hasOwn(TARGETS, id);
