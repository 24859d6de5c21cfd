import { StudioError } from '../core/studio-error.ts';
import { ADAPTER_LIMITS, type AdapterLimit, summarizeAdapter } from './adapter-summary.ts';
import { Gpu } from './gpu.ts';

const OPTIONAL_FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;

export interface OpenOptions {
  /** Lower limits than the adapter offers, to see how code tiles under them. */
  readonly limits?: Partial<Record<AdapterLimit, number>>;
}

/**
 * Opens a device with all that its adapter offers.
 * @throws no-webgpu if there is no adapter or it refuses
 */
export async function openDevice({ limits = {} }: OpenOptions = {}): Promise<Gpu> {
  const { gpu } = navigator as Partial<Navigator>;
  if (!gpu) throw noWebGpu('This browser has no WebGPU.');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw noWebGpu('The browser found no GPU that it may use.');
  const offered = Object.fromEntries(ADAPTER_LIMITS.map((name) => [name, adapter.limits[name]]));
  try {
    const device = await adapter.requestDevice({
      label: 'whittle',
      requiredFeatures: OPTIONAL_FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: { ...offered, ...limits },
    });
    return new Gpu(device, summarizeAdapter(adapter));
  } catch (cause) {
    throw noWebGpu('The GPU refused to start.', cause);
  }
}

const noWebGpu = (fact: string, cause?: unknown) =>
  new StudioError(
    'no-webgpu',
    `${fact} Compressing needs WebGPU: use a current Chrome, Edge, Firefox or Safari with hardware acceleration switched on.`,
    { cause },
  );
