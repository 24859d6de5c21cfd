/** Sessions of the runtime on one backend, fed and read in plain typed arrays. */
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import type { Feeds, FeedTensor, FeedValues } from '../dataset/rows.ts';
import {
  createOrtSession,
  exclusively,
  type OrtOptions,
  type OrtSession,
  tensorClass,
} from './ort.ts';
import type { Outputs } from './outputs.ts';
import { runtimeError } from './runtime-error.ts';

export interface ExternalFile {
  /** As the graph names it, relative to the model. */
  readonly path: string;
  readonly bytes: Uint8Array | Blob;
}

export interface SessionOptions {
  readonly externalFiles?: readonly ExternalFile[];
  /** WebGPU only: share this device instead of the runtime's own. */
  readonly device?: GPUDevice;
  /** The graph computes in float16: refused at once on a GPU without shader-f16. */
  readonly needsFloat16?: boolean;
  /** Write a profile, for `placementOf`. Slows the session down. */
  readonly profile?: boolean;
}

export interface Session {
  readonly backend: Backend;
  /** From bytes in memory to a session that can run. */
  readonly sessionMs: number;
  readonly outputNames: readonly string[];
  /** @throws runtime-failed, device-lost */
  run(feeds: Feeds): Promise<Outputs>;
  /** Milliseconds of one run, time in the queue left out. @throws as `run` */
  time(feeds: Feeds): Promise<number>;
  /** Outputs and milliseconds of the same run. @throws as `run` */
  timedRun(feeds: Feeds): Promise<{ readonly outputs: Outputs; readonly durationMs: number }>;
  release(): Promise<void>;
}

/** The runtime's own session, for the files of this room that need more than `Session` gives. */
export const ortSessions = new WeakMap<Session, OrtSession>();

/**
 * Opens `model` on exactly one backend: nothing falls back to another unseen (operators without a
 * WebGPU kernel do run on the CPU: `placementOf` tells).
 * @throws no-webgpu, runtime-failed, too-large
 */
export async function createSession(
  model: Uint8Array | Blob,
  backend: Backend,
  options: SessionOptions = {},
): Promise<Session> {
  await checkBackend(backend, options);
  // Everything is read before the runtime starts: a failed read inside would spoil WebGPU for good.
  const bytes = await bytesOf(model, 'The model');
  const externalData: { path: string; data: Uint8Array }[] = [];
  for (const { path, bytes } of options.externalFiles ?? []) {
    externalData.push({ path, data: await bytesOf(bytes, path) });
  }
  return exclusively(async () => {
    const start = performance.now();
    const inner = await createOrtSession(backend, bytes, {
      ...ortOptions(backend, options),
      ...(externalData.length > 0 && { externalData }),
    }).catch((cause: unknown) => {
      throw runtimeError(cause, backend, 'open the session');
    });
    return wrap(inner, backend, performance.now() - start);
  });
}

function ortOptions(backend: Backend, options: SessionOptions): OrtOptions {
  const { device, profile } = options;
  return {
    executionProviders: [backend === 'webgpu' && device ? { name: 'webgpu', device } : backend],
    logSeverityLevel: 3,
    ...(profile && { enableProfiling: true }),
  };
}

function wrap(inner: OrtSession, backend: Backend, sessionMs: number): Session {
  const exclusiveRun = (feeds: Feeds) =>
    exclusively(async () => {
      const tensors = ortFeeds(feeds, backend);
      const start = performance.now();
      const outputs = await inner.run(tensors).catch((cause: unknown) => {
        throw runtimeError(cause, backend, 'run a row');
      });
      return { outputs, durationMs: performance.now() - start };
    });
  const session: Session = {
    backend,
    sessionMs,
    outputNames: inner.outputNames,
    run: async (feeds) => readOutputs((await exclusiveRun(feeds)).outputs),
    time: async (feeds) => (await exclusiveRun(feeds)).durationMs,
    timedRun: async (feeds) => {
      const { outputs, durationMs } = await exclusiveRun(feeds);
      return { outputs: readOutputs(outputs), durationMs };
    },
    release: () => exclusively(() => inner.release()),
  };
  ortSessions.set(session, inner);
  return session;
}

async function checkBackend(backend: Backend, options: SessionOptions): Promise<void> {
  if (backend === 'wasm') return;
  const gpu = navigator.gpu as GPU | undefined; // absent in browsers without WebGPU
  const adapter = options.device ?? (await gpu?.requestAdapter());
  if (!adapter) {
    throw new StudioError('no-webgpu', 'This browser gives no WebGPU adapter. Measure on WASM.');
  }
  if (options.needsFloat16 && !adapter.features.has('shader-f16')) {
    throw runtimeError('shader-f16', backend, 'open the session');
  }
}

async function bytesOf(source: Uint8Array | Blob, what: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  try {
    return new Uint8Array(await source.arrayBuffer());
  } catch (cause) {
    const size = `${(source.size / 1e6).toFixed(0)} MB`;
    throw new StudioError(
      'too-large',
      `${what} (${size}) could not be read into memory to be measured. Close other tabs.`,
      { cause },
    );
  }
}

function ortFeeds(feeds: Feeds, backend: Backend) {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [name, ortTensor(tensor, backend)]),
  );
}

function ortTensor({ dtype, dims, data }: FeedTensor, backend: Backend) {
  // The types of sessions and of files go by the same names, but for the ones no row has.
  const OrtTensor = tensorClass(backend);
  return new OrtTensor(dtype as 'float32', data as FeedValues as Float32Array, dims);
}

function readOutputs(outputs: Awaited<ReturnType<OrtSession['run']>>): Outputs {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { type, dims, data }]) => [
      name,
      { dtype: type, dims, data },
    ]),
  );
}
