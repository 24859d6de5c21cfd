/** Reads `golden/onnx`; how files are read is handed in, as only tests know Node. */
import type { SourceFile } from '../../../model/model.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { openOnnx } from '../open.ts';

export type ReadFile = (path: string) => Uint8Array;

export const GOLDEN_FOLDER = 'golden/onnx';

interface GoldenArray {
  readonly dtype: 'float32' | 'float64' | 'float16' | 'int64';
  readonly shape: readonly number[];
  readonly offset: number;
  readonly byteLength: number;
}

export interface Golden {
  readonly name: string;
  readonly sourceFiles: readonly SourceFile[];
  readonly unknownFieldBytes: string | undefined;
  /** Expected weights by name, as their golden dtype stores them. */
  readonly weights: ReadonlyMap<string, { readonly dtype: string; readonly bytes: Uint8Array }>;
}

export function readGolden(name: string, readFile: ReadFile): Golden {
  const meta = JSON.parse(new TextDecoder().decode(readFile(`${GOLDEN_FOLDER}/${name}.json`))) as {
    arrays: Record<string, GoldenArray>;
    params: { sideFiles: string[] };
    expect: { unknownFieldBytes?: string };
  };
  const arrays = new Uint8Array(readFile(`${GOLDEN_FOLDER}/${name}.bin`));
  const weights = Object.entries(meta.arrays)
    .filter(([key]) => key.startsWith('weight:'))
    .map(([key, { dtype, offset, byteLength }]) => {
      const bytes = arrays.slice(offset, offset + byteLength);
      return [key.slice('weight:'.length), { dtype, bytes }] as const;
    });
  return {
    name,
    sourceFiles: [`${name}.onnx`, ...meta.params.sideFiles].map((path) =>
      sourceFile(path, readFile(`${GOLDEN_FOLDER}/${path}`)),
    ),
    unknownFieldBytes: meta.expect.unknownFieldBytes,
    weights: new Map(weights),
  };
}

export const sourceFile = (path: string, bytes: Uint8Array): SourceFile => ({
  path,
  blob: new Blob([new Uint8Array(bytes)]),
});

export const openGolden = (name: string, readFile: ReadFile): Promise<OnnxModel> =>
  openOnnx(readGolden(name, readFile).sourceFiles);
