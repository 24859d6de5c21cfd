export interface ValueRange {
  /** Of the finite values; Infinity and -Infinity if there are none. */
  readonly min: number;
  readonly max: number;
  readonly finiteCount: number;
  readonly nonFiniteCount: number;
}

/** CPU definition of `shaders/value-range.wgsl`. */
export function valueRange(values: Float32Array): ValueRange {
  const finite = values.filter(Number.isFinite);
  return {
    min: finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    max: finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    finiteCount: finite.length,
    nonFiniteCount: values.length - finite.length,
  };
}
