/** Where a weight's elements come from, wherever they lie. */
export interface WeightSource {
  /** For messages. */
  readonly name: string;
  readonly dtype: SourceDType;
  readonly dims: readonly number[];
  /** Raw little-endian row-major bytes `[byteStart, byteEnd)`. */
  read(byteStart: number, byteEnd: number): Promise<ArrayBuffer>;
}

/** float64 is rounded to float32 first; the others widen exactly. */
export type SourceDType = 'float32' | 'float16' | 'bfloat16' | 'float64';

export const SOURCE_BYTES: Readonly<Record<SourceDType, number>> = {
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float64: 8,
};
