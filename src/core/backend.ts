export const BACKENDS = ['wasm', 'webgpu'] as const;

/** Where a measurement ran. */
export type Backend = (typeof BACKENDS)[number];
