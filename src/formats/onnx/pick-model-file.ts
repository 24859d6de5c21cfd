import { StudioError } from '../../core/studio-error.ts';
import type { SourceFile } from '../../model/model.ts';

const MOST_NAMED = 5;

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * The file that holds the graph, among a model's companions: of the .onnx files in the topmost
 * folder that has any, the only one or the one called model.onnx; without any, the largest file.
 * @throws not-a-model if there is no file, unsupported-model if there are several models
 */
export function pickModelFile(files: readonly SourceFile[]): SourceFile {
  const [only] = files;
  if (only && files.length === 1) return only;
  const candidates = files.filter(({ path }) => {
    const name = fileName(path);
    return name.toLowerCase().endsWith('.onnx') && !name.startsWith('.');
  });
  if (candidates.length === 0) {
    const largest = files.toSorted((a, b) => b.blob.size - a.blob.size)[0];
    if (largest) return largest; // what it is instead is for `probeOnnx` to say
    throw new StudioError(
      'not-a-model',
      'There is no file to open. Drop an .onnx file or a folder with one.',
    );
  }
  const depthOf = ({ path }: SourceFile) => path.split('/').length;
  const top = Math.min(...candidates.map(depthOf));
  const level = candidates.filter((file) => depthOf(file) === top);
  const preferred = level.filter(({ path }) => fileName(path).toLowerCase() === 'model.onnx');
  const [choice, ...others] = preferred.length > 0 ? preferred : level;
  if (choice && others.length === 0) return choice;
  const paths = level.map(({ path }) => path);
  const named = paths.slice(0, MOST_NAMED).join(', ');
  const rest = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  throw new StudioError(
    'unsupported-model',
    `There are ${paths.length} ONNX files here: ${named}${rest}. Drop the one to compress.`,
    { detail: { file: paths[0] ?? '' } },
  );
}
