const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** What the browser tells of an adapter; often only vendor and architecture. Plain data. */
export interface AdapterSummary {
  /** "google swiftshader", or "unknown adapter". */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** Its times say nothing about a GPU. */
  readonly isSoftware: boolean;
  readonly features: readonly string[];
  /** null without subgroups. */
  readonly subgroupSizes: readonly [min: number, max: number] | null;
  readonly limits: Readonly<Record<AdapterLimit, number>>;
}

export const ADAPTER_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

export type AdapterLimit = (typeof ADAPTER_LIMITS)[number];

export function summarizeAdapter({ info, features, limits }: GPUAdapter): AdapterSummary {
  const { vendor, architecture, description } = info;
  const name = [vendor, architecture].filter(Boolean).join(' ') || description || 'unknown adapter';
  return {
    name,
    vendor,
    architecture,
    description,
    isSoftware: info.isFallbackAdapter || SOFTWARE.test(`${vendor} ${architecture} ${description}`),
    features: [...features].sort(),
    subgroupSizes: features.has('subgroups') ? [info.subgroupMinSize, info.subgroupMaxSize] : null,
    limits: Object.fromEntries(ADAPTER_LIMITS.map((limit) => [limit, limits[limit]])) as Record<
      AdapterLimit,
      number
    >,
  };
}
