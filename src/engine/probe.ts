import { type AdapterSummary, summarizeAdapter } from '../gpu/adapter-summary.ts';
import type { DeviceSummary, WebGpuSummary } from '../report/device-summary.ts';

/** What this device and browser can do; starts neither a device nor the runtime. */
export async function probeDevice(threads: number): Promise<DeviceSummary> {
  const { gpu, storage } = navigator as Partial<WorkerNavigator>;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  const estimate = await storage?.estimate();
  const { quota, usage = 0 } = estimate ?? {};
  return {
    webgpu: adapter ? webGpuOf(summarizeAdapter(adapter)) : null,
    webgpuMissing: adapter ? null : missing(gpu !== undefined),
    wasmThreads: threads,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    diskFreeBytes: quota === undefined ? null : quota - usage,
    runtimeVersion: __ORT_VERSION__,
  };
}

function missing(hasApi: boolean): string {
  if (hasApi) return 'The browser found no GPU that it may use.';
  return globalThis.isSecureContext
    ? 'This browser has no WebGPU.'
    : 'WebGPU needs a page that came by https or from localhost.';
}

function webGpuOf(adapter: AdapterSummary): WebGpuSummary {
  const { name, isSoftware, features, subgroupSizes, limits } = adapter;
  return {
    name,
    software: isSoftware,
    shaderF16: features.includes('shader-f16'),
    subgroups: subgroupSizes && lanes(subgroupSizes),
    maxBufferBytes: limits.maxBufferSize,
    maxBindingBytes: limits.maxStorageBufferBindingSize,
  };
}

const lanes = ([least, most]: readonly [number, number]): string =>
  least === most ? `${least} lanes` : `${least} to ${most} lanes`;
