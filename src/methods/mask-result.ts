import type { ErrorStatistics } from '../core/quantize-spec.ts';
import type { PruneMask } from '../reference/prune-mask.ts';
import { addErrors, NO_ERRORS } from './errors.ts';
import { joinMask } from './pruned-source.ts';

/** Puts the masks and errors of pieces together. */
export class MaskResult {
  readonly #mask: Uint8Array<ArrayBuffer>;
  #errors: ErrorStatistics = NO_ERRORS;

  constructor(elementCount: number) {
    this.#mask = new Uint8Array(Math.ceil(elementCount / 8));
  }

  /** `mask` — of elements `[first, first + count)`; may be longer */
  add(first: number, count: number, mask: Uint8Array, errors: ErrorStatistics): void {
    joinMask(mask, count, this.#mask, first);
    this.#errors = addErrors(this.#errors, errors);
  }

  finish(): PruneMask {
    return { mask: this.#mask, errors: this.#errors };
  }
}
