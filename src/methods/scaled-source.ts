import { readElements } from './read-values.ts';
import { SOURCE_BYTES, type WeightSource } from './weight-source.ts';

/** Factors of a matrix's rows and columns; null leaves them as they are. */
export interface MatrixFactors {
  readonly rows: Float32Array | null;
  readonly columns: Float32Array | null;
}

/** A matrix with each element times the factors of its row and column, as float32. */
export function scaledSource(source: WeightSource, { rows, columns }: MatrixFactors): WeightSource {
  const width = source.dims[1] ?? 1;
  return {
    ...source,
    dtype: 'float32',
    read: async (byteStart, byteEnd) => {
      const first = byteStart / SOURCE_BYTES.float32;
      const values = await readElements(source, first, byteEnd / SOURCE_BYTES.float32 - first);
      for (let i = 0; i < values.length; i++) {
        const [row, column] = [Math.floor((first + i) / width), (first + i) % width];
        const factor = (rows?.[row] ?? 1) * (columns?.[column] ?? 1);
        values[i] = (values[i] as number) * factor;
      }
      return values.buffer;
    },
  };
}
