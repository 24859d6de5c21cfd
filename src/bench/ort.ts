/**
 * The one door to onnxruntime-web: where its files are, how many threads it has, and the queue
 * through which every call goes. Each backend has its own build: the one with WebGPU lacks kernels
 * on WASM that the plain one has (GatherBlockQuantized, bfloat16, float8, sparse tensors), and a
 * person who deploys to WASM ships the plain one.
 */
import gpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import gpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import cpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuWasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as cpu from 'onnxruntime-web/wasm';
import * as gpu from 'onnxruntime-web/webgpu';
import { assert } from '../core/assert.ts';
import type { Backend } from '../core/backend.ts';

const BUILDS = { wasm: cpu, webgpu: gpu } as const;

/** The import that a page would use to run what was measured on `backend`. */
export const BUILD_NAMES: Readonly<Record<Backend, string>> = {
  wasm: 'onnxruntime-web/wasm',
  webgpu: 'onnxruntime-web/webgpu',
};

// Without the paths, in production every extra wasm thread evaluates this worker again and may hang.
cpu.env.wasm.wasmPaths = at(cpuMjs, cpuWasm);
gpu.env.wasm.wasmPaths = at(gpuMjs, gpuWasm);
for (const { env } of Object.values(BUILDS)) {
  env.wasm.numThreads = defaultThreads();
  env.logLevel = 'error';
}

function at(mjs: string, wasm: string): { mjs: string; wasm: string } {
  return {
    mjs: new URL(mjs, location.origin).href,
    wasm: new URL(wasm, location.origin).href,
  };
}

let started = false;

/** Threads for wasm where nothing else is asked; one without cross-origin isolation. */
function defaultThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1;
}

export const runtimeThreads = (): number => cpu.env.wasm.numThreads ?? 1;

export const RUNTIME_VERSION: string = gpu.env.versions.web ?? gpu.env.versions.common;

/**
 * Sets the wasm threads of this worker, before its first session: the runtime reads the count once.
 * To measure with another count, start another worker and configure that one.
 */
export function configureRuntime({ threads }: { readonly threads: number }): void {
  assert(
    !started || threads === runtimeThreads(),
    `the runtime of this worker has ${runtimeThreads()} threads already, not ${threads}`,
  );
  for (const { env } of Object.values(BUILDS)) {
    env.wasm.numThreads = globalThis.crossOriginIsolated ? threads : 1;
  }
}

let tail: Promise<unknown> = Promise.resolve();

/** Overlapping WebGPU runs block the thread for good, so every use of the runtime queues here. */
export function exclusively<T>(task: () => Promise<T>): Promise<T> {
  const result = tail.then(task);
  tail = result.catch(() => {}); // the caller sees it; the next in line need not
  return result;
}

let capture: string[] | null = null;

/**
 * Creates a session; only inside `exclusively`. The runtime keeps the `console.log` that it finds
 * when it starts and writes profiles there, so it is given one that can be listened to.
 */
export async function createOrtSession(
  backend: Backend,
  bytes: Uint8Array,
  options: OrtOptions,
): Promise<OrtSession> {
  const { log } = console;
  console.log = (...words: unknown[]) => {
    if (capture) capture.push(words.join(' '));
    else log.apply(console, words);
  };
  started = true;
  try {
    return await BUILDS[backend].InferenceSession.create(bytes, options);
  } finally {
    console.log = log;
  }
}

/** Lines that the runtime logs while `task` runs; only inside `exclusively`. */
export async function capturedLog(task: () => Promise<void>): Promise<string[]> {
  const lines: string[] = [];
  capture = lines;
  try {
    await task();
  } finally {
    capture = null;
  }
  return lines;
}

export type OrtSession = gpu.InferenceSession;
export type OrtOptions = gpu.InferenceSession.SessionOptions;

/** Each build takes only tensors of its own making. */
export const tensorClass = (backend: Backend): typeof gpu.Tensor => BUILDS[backend].Tensor;
