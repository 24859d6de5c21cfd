import type { Device } from './state.ts';

/** WebGPU is there, by a software adapter, whose times say nothing about GPUs. */
export const hasSoftwareAdapter = (device: Device): boolean =>
  device.status === 'known' && device.summary.webgpu?.software === true;
