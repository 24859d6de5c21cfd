/**
 * Finds the payloads that a model keeps in side files. Locations come from the file and are not
 * trusted: they may only name files at or below the model's folder, among those that were opened.
 */
import { StudioError } from '../../core/studio-error.ts';
import type { ByteRange, SourceFile } from '../../model/model.ts';
import { malformed } from './malformed.ts';

const DECIMAL = /^\d{1,15}$/;

export class ExternalFiles {
  /** The graph's file, then side files in order of first use. */
  readonly used: SourceFile[];
  readonly #given: readonly SourceFile[];
  readonly #folder: string;
  readonly #indices = new Map<string, number>();

  constructor(graphFile: SourceFile, given: readonly SourceFile[]) {
    this.used = [graphFile];
    this.#given = given;
    this.#folder = graphFile.path.slice(0, graphFile.path.lastIndexOf('/') + 1);
  }

  /**
   * The bytes that `external_data` entries point at.
   * @param byteLength what the tensor's dtype and dims need
   * @throws malformed-model, or missing-file with the file's name
   */
  resolve(
    entries: ReadonlyMap<string, string>,
    byteLength: number,
    file: string,
    { path, label }: { readonly path: string; readonly label: string },
  ): ByteRange {
    const location = entries.get('location');
    const where = { path: `${path}.external_data` };
    if (!location) throw malformed(file, `keeps ${label} in a side file without naming it`, where);
    const offset = decimal(entries.get('offset'), 0);
    const length = decimal(entries.get('length'), byteLength);
    if (offset === null || length === null) {
      const given = `${entries.get('offset') ?? ''}, ${entries.get('length') ?? ''}`;
      throw malformed(
        file,
        `gives ${label} an offset or length that is no number (${given})`,
        where,
      );
    }
    if (length !== byteLength) {
      throw malformed(
        file,
        `says that ${label} has ${length} bytes in ${location}, and its shape needs ${byteLength}`,
        where,
      );
    }
    const index = this.#indexOf(location, file, where);
    const { size } = this.used[index]!.blob;
    if (offset + length > size) {
      throw malformed(
        file,
        `expects ${label} at bytes ${offset} to ${offset + length} of ${location}, which has ${size}`,
        where,
        'Drop the side file that belongs to this model.',
      );
    }
    return { file: index, start: offset, end: offset + length };
  }

  #indexOf(location: string, file: string, where: { path: string }): number {
    const known = this.#indices.get(location);
    if (known !== undefined) return known;
    const steps = location.split('/').filter((step) => step !== '.');
    const leaves =
      /[\\\0]|^[A-Za-z]:/.test(location) || steps.some((step) => step === '..' || step === '');
    if (leaves) {
      throw malformed(
        file,
        `points at a side file outside its folder (${location})`,
        where,
        'Whittle opens only files beside the model. Export it again with a plain file name.',
      );
    }
    const found = this.#find(steps);
    if (!found) {
      throw new StudioError(
        'missing-file',
        `${file} keeps weights in ${location}, which was not dropped. Drop it together with the model.`,
        { detail: { file: location, ...where } },
      );
    }
    let index = this.used.indexOf(found);
    if (index < 0) index = this.used.push(found) - 1;
    this.#indices.set(location, index);
    return index;
  }

  /** By path below the model's folder; else, as loose files have no folders, by a unique name. */
  #find(steps: readonly string[]): SourceFile | undefined {
    const path = this.#folder + steps.join('/');
    const exact = this.#given.find((file) => file.path === path);
    if (exact) return exact;
    const sameName = this.#given.filter(({ path: other }) => other === steps.at(-1));
    return sameName.length === 1 ? sameName[0] : undefined;
  }
}

const decimal = (text: string | undefined, absent: number): number | null => {
  if (text === undefined) return absent;
  return DECIMAL.test(text) ? Number(text) : null;
};
