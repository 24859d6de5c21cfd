/**
 * The engine: owns the GPU device and the runtime, and does one job at a time. The runtime's part
 * is loaded with the first measurement.
 */
import type { CompressOptions, CompressProgress } from '../bridge/compress-calls.ts';
import type { EngineCalls } from '../bridge/protocol.ts';
import { serve } from '../bridge/serve.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import { CpuExecutor } from '../methods/cpu-executor.ts';
import { openStorage } from '../storage/storage.ts';
import { analyseRecipe } from './analyse-recipe.ts';
import type { Calibrator } from './calibration.ts';
import { compress } from './compress.ts';
import type { Executors } from './computing.ts';
import { estimateCpu } from './estimate-cpu.ts';
import { GpuOwner } from './gpu-owner.ts';
import { JobWeights } from './job-weights.ts';
import { KeptTuning } from './kept-tuning.ts';
import { LatestJob } from './latest-job.ts';
import { OpenModels } from './models.ts';
import { probeDevice } from './probe.ts';
import { profile } from './profile.ts';
import { runtimeCalibrator } from './runtime-calibrator.ts';
import { wantedThreads } from './threads.ts';
import type { Trials } from './trials.ts';

const threads = wantedThreads(self.name);
const models = new OpenModels();
const gpu = new GpuOwner(new KeptTuning(openStorage));
const cpu = new CpuExecutor();
const weights = new JobWeights(openStorage, __APP_VERSION__);
const latest = new LatestJob();
let job: string | null = null;
let pageVisible = true;
let runtime: Promise<typeof import('./measure.ts')> | null = null;
let trials: Promise<Trials> | null = null;

/** The runtime, with this engine's threads. */
function loadRuntime(): Promise<typeof import('./measure.ts')> {
  runtime ??= import('./measure.ts').then((loaded) => {
    loaded.useThreads(threads);
    return loaded;
  });
  return runtime;
}

/** Opens sessions as measuring does: the first one settles the count of threads. */
const calibrator: Calibrator = {
  async rows(open, signal) {
    await loadRuntime();
    return runtimeCalibrator.rows(open, signal);
  },
  async pass(...args) {
    await loadRuntime();
    return runtimeCalibrator.pass(...args);
  },
  async divergence(...args) {
    await loadRuntime();
    return runtimeCalibrator.divergence(...args);
  },
};

/** What a person tries, once that is asked for. */
function loadTrials(): Promise<Trials> {
  trials ??= loadRuntime().then(async () => {
    const loaded = await import('./trials.ts');
    return new loaded.Trials(models);
  });
  trials.catch(() => {
    trials = null; // whoever asked sees it; jobs need not
  });
  return trials;
}

/** Ends what is tried; where it did not load there is nothing to end. */
async function releaseTrials(): Promise<void> {
  const loaded = await trials?.catch(() => null);
  await loaded?.release();
}

/** @throws busy while a job runs */
function checkIdle(): void {
  if (job !== null) throw new StudioError('busy', `The engine is busy ${job}. Cancel it or wait.`);
}

/** Trials while no job runs. @throws busy */
async function idleTrials(): Promise<Trials> {
  checkIdle();
  const loaded = await loadTrials();
  checkIdle(); // one may have begun meanwhile
  return loaded;
}

/** What is tried makes way for the job. @throws busy while another job runs */
async function asJob<T>(name: string, work: () => Promise<T>): Promise<T> {
  checkIdle();
  job = name;
  try {
    await releaseTrials();
    return await work();
  } finally {
    job = null;
  }
}

/** Without WebGPU nothing begins: the page asks first. @throws no-webgpu */
async function executorsFor({ executor }: CompressOptions): Promise<Executors> {
  const executors = executor === 'cpu' ? { acquire: async () => cpu } : gpu;
  await executors.acquire();
  return executors;
}

/** What a backend runs on, as the browser names it. */
async function devices(): Promise<(backend: Backend) => { name: string; software: boolean }> {
  const { webgpu } = await probeDevice(threads);
  return (backend) =>
    backend === 'webgpu'
      ? { name: webgpu?.name ?? 'no WebGPU', software: webgpu?.software ?? false }
      : { name: `WASM, ${threads} ${threads === 1 ? 'thread' : 'threads'}`, software: false };
}

/** Says in the middle of a job, once, that what it finishes would not outlive the tab. */
function withNotice(
  progress: (progress: CompressProgress) => void,
  notKept: () => string | null,
): (progress: CompressProgress) => void {
  let told = false;
  return (latest) => {
    const notice = told ? null : notKept();
    told ||= notice !== null;
    progress(notice === null ? latest : { ...latest, notice });
  };
}

serve<EngineCalls>(self, {
  probe: () => probeDevice(threads),

  open: async ({ signal }, id, files, mapping = null) => {
    await models.open(id, files, mapping, signal);
    return null;
  },

  remap: (_, id, mapping) =>
    asJob('reading the rows', async () => {
      const before = await models.remap(id, mapping);
      if (runtime) await (await runtime).releaseOriginal(before);
      return null;
    }),

  analyse: ({ signal, progress }, id, recipe, options) =>
    asJob('analysing', async () => {
      const executors = await executorsFor(options);
      const { weights: finished } = await weights.of(options.jobId, recipe);
      return analyseRecipe(models.get(id), recipe, {
        ...{ signal, progress, executors, finished, calibrator },
      });
    }),

  compress: ({ signal, progress }, id, recipe, options) =>
    asJob('compressing', async () => {
      const executors = await executorsFor(options);
      const { weights: finished, notKept } = await weights.of(options.jobId, recipe);
      const device = options.executor === 'gpu' ? (await gpu.acquire()).gpu : null;
      device?.restartPeak();
      const compressed = await compress(models.get(id), recipe, {
        ...{ signal, executors, finished, calibrator, onPlan: latest.begin(options.jobId) },
        progress: withNotice(progress, notKept),
      });
      const notice = notKept();
      const warnings = notice ? [...compressed.warnings, notice] : compressed.warnings;
      // A device that was lost did not see the whole run.
      const peakBufferBytes = device && !device.failure ? device.peakBufferBytes : null;
      return { ...compressed, warnings, peakBufferBytes };
    }),

  estimateCpu: ({ signal }, id, recipe, jobId) =>
    asJob('timing the CPU', async () => {
      const { weights: finished } = await weights.of(jobId, recipe);
      const durationMs = await estimateCpu(models.get(id), recipe, finished, {
        ...{ executor: cpu, signal },
      });
      return { durationMs };
    }),

  finishedWeight: async (_, jobId, name) => latest.weight(jobId, name),

  settle: async (_, jobId) => {
    latest.end(jobId);
    await weights.settle(jobId);
    return null;
  },

  measure: ({ signal, stop, progress }, request) =>
    asJob('measuring', async () => {
      const { measure } = await loadRuntime();
      return measure(models.get(request.modelId), request, {
        ...{ signal, stop, progress, device: await devices() },
        isVisible: () => pageVisible,
      });
    }),

  operators: ({ signal, progress }, request) =>
    asJob('profiling', async () => {
      await loadRuntime();
      const { profileOperators } = await import('./operators.ts');
      const device = (await devices())(request.backend);
      return profileOperators(models.get(request.modelId), request, { signal, progress, device });
    }),

  trial: async (_, id) => (await loadTrials()).summary(id),

  answer: async ({ progress }, request) => (await idleTrials()).answer(request, progress),

  timeAnswers: async ({ progress }, request) =>
    (await idleTrials()).time(request, progress, () => pageVisible),

  askLabels: async (_, id, values) => (await idleTrials()).askLabels(id, values),

  continueText: async ({ progress, stop }, request) =>
    (await idleTrials()).continue(request, progress, stop),

  profile: ({ signal }, id, recipe) =>
    asJob('profiling', async () =>
      profile(models.get(id), recipe, { executor: await gpu.acquire(), signal }),
    ),

  visible: async (_, visible) => {
    pageVisible = visible;
    return null;
  },

  close: async (_, id) => {
    await releaseTrials();
    const open = models.close(id);
    weights.release();
    latest.release();
    if (open && runtime) await (await runtime).releaseOriginal(open);
    return null;
  },
});
