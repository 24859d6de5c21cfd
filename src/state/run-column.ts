/** Columns of the runs table that can be hidden; run and size always show. */
export const RUN_COLUMNS = ['wasm', 'webgpu', 'metric', 'difference', 'answers', 'gzip'] as const;

export type RunColumn = (typeof RUN_COLUMNS)[number];
