import { type ErrorDetail, StudioError } from '../../core/studio-error.ts';

const REMEDY = 'Export or download the model again.';

/**
 * The error for a file that breaks its format's rules.
 * @param fact a clause that follows the file's name: "is cut short at byte 72"
 */
export const malformed = (
  file: string,
  fact: string,
  where: Pick<ErrorDetail, 'path' | 'offset'> = {},
  remedy = REMEDY,
): StudioError =>
  new StudioError('malformed-model', `${file} ${fact}. ${remedy}`, { detail: { file, ...where } });

export const unsupported = (
  file: string,
  fact: string,
  where: Pick<ErrorDetail, 'path' | 'offset'>,
  remedy: string,
): StudioError =>
  new StudioError('unsupported-model', `${file} ${fact}. ${remedy}`, {
    detail: { file, ...where },
  });
