/**
 * The one door to onnxruntime-web: where its files are, how many threads it has, and the queue
 * through which every call goes. One build serves both backends.
 */
import mjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import * as ort from 'onnxruntime-web/webgpu';
import { assert } from '../core/assert.ts';

// Without these, in production every extra wasm thread evaluates this worker again and may hang.
ort.env.wasm.wasmPaths = {
  mjs: new URL(mjs, location.origin).href,
  wasm: new URL(wasm, location.origin).href,
};
ort.env.wasm.numThreads = defaultThreads();
ort.env.logLevel = 'error';

let started = false;

/** Threads for wasm where nothing else is asked; one without cross-origin isolation. */
export function defaultThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1;
}

export const runtimeThreads = (): number => ort.env.wasm.numThreads ?? 1;

export const RUNTIME_VERSION: string = ort.env.versions.web ?? ort.env.versions.common;

/**
 * Sets the wasm threads of this worker, before its first session: the runtime reads the count once.
 * To measure with another count, start another worker and configure that one.
 */
export function configureRuntime({ threads }: { readonly threads: number }): void {
  assert(
    !started || threads === runtimeThreads(),
    `the runtime of this worker has ${runtimeThreads()} threads already, not ${threads}`,
  );
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? threads : 1;
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
  bytes: Uint8Array,
  options: ort.InferenceSession.SessionOptions,
): Promise<ort.InferenceSession> {
  const { log } = console;
  console.log = (...words: unknown[]) => {
    if (capture) capture.push(words.join(' '));
    else log.apply(console, words);
  };
  started = true;
  try {
    return await ort.InferenceSession.create(bytes, options);
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

export type OrtSession = ort.InferenceSession;
export type OrtOptions = ort.InferenceSession.SessionOptions;
export const OrtTensor = ort.Tensor;
