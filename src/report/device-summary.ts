/** What this device and browser can do, for the start screen, the header and reports. */
export interface DeviceSummary {
  /** null: no WebGPU; `webgpuMissing` says why. */
  readonly webgpu: WebGpuSummary | null;
  readonly webgpuMissing: string | null;
  readonly wasmThreads: number;
  readonly crossOriginIsolated: boolean;
  /** Free origin-private disk in bytes as the browser estimates it; null if it does not say. */
  readonly diskFreeBytes: number | null;
  readonly runtimeVersion: string;
}

export interface WebGpuSummary {
  /** As the browser reports it: "google swiftshader". */
  readonly name: string;
  /** A software adapter: its times say nothing about a GPU. */
  readonly software: boolean;
  readonly shaderF16: boolean;
  /** "4 to 64 lanes"; null without subgroups. */
  readonly subgroups: string | null;
  readonly maxBufferBytes: number;
  readonly maxBindingBytes: number;
}
