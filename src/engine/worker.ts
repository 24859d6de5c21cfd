/**
 * The engine: owns the GPU device and the runtime, and does one job at a time. The runtime's part
 * is loaded with the first measurement.
 */
import type { EngineCalls } from '../bridge/protocol.ts';
import { serve } from '../bridge/serve.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import { compress } from './compress.ts';
import { GpuOwner } from './gpu-owner.ts';
import { OpenModels } from './models.ts';
import { probeDevice } from './probe.ts';
import { profile } from './profile.ts';
import { wantedThreads } from './threads.ts';

const threads = wantedThreads(self.name);
const models = new OpenModels();
const gpu = new GpuOwner();
let job: string | null = null;
let pageVisible = true;
let runtime: Promise<typeof import('./measure.ts')> | null = null;

/** The runtime, with this engine's threads. */
function loadRuntime(): Promise<typeof import('./measure.ts')> {
  runtime ??= import('./measure.ts').then((loaded) => {
    loaded.useThreads(threads);
    return loaded;
  });
  return runtime;
}

/** @throws busy while another job runs */
async function asJob<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (job !== null) throw new StudioError('busy', `The engine is busy ${job}. Cancel it or wait.`);
  job = name;
  try {
    return await work();
  } finally {
    job = null;
  }
}

serve<EngineCalls>(self, {
  probe: () => probeDevice(threads),

  open: async ({ signal }, id, files) => {
    await models.open(id, files, signal);
    return null;
  },

  compress: ({ signal, progress }, id, recipe) =>
    asJob('compressing', async () => {
      const { gpu: device, rtn } = await gpu.acquire();
      const { name, isSoftware: software } = device.adapter;
      return compress(models.get(id), recipe, {
        signal,
        progress,
        rtn,
        device: { name, software },
      });
    }),

  measure: ({ signal, stop, progress }, request) =>
    asJob('measuring', async () => {
      const { measure } = await loadRuntime();
      const { webgpu } = await probeDevice(threads);
      const device = (backend: Backend) =>
        backend === 'webgpu'
          ? { name: webgpu?.name ?? 'no WebGPU', software: webgpu?.software ?? false }
          : { name: `WASM, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, software: false };
      return measure(models.get(request.modelId), request, {
        ...{ signal, stop, progress, device },
        isVisible: () => pageVisible,
      });
    }),

  profile: ({ signal }, id, recipe) =>
    asJob('profiling', async () =>
      profile(models.get(id), recipe, { ...(await gpu.acquire()), signal }),
    ),

  visible: async (_, visible) => {
    pageVisible = visible;
    return null;
  },

  close: async (_, id) => {
    const open = models.close(id);
    if (open && runtime) await (await runtime).releaseOriginal(open);
    return null;
  },
});
