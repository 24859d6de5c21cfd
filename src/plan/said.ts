import type { OptionFix } from '../catalog/encodings.ts';
import type { TargetId } from '../catalog/targets.ts';
import type { Backend } from '../core/backend.ts';

/** A warning before it is known which step it belongs to. */
export interface Said {
  readonly message: string;
  readonly fix?: OptionFix | { readonly target: TargetId };
  /** Says how fast the result is against the original, there: until that is measured. */
  readonly forecast?: Backend | 'target';
}

export const WIDENED_AT_LOAD: Said = {
  message:
    'This step makes the file smaller, not faster: the runtime widens these values as it loads the model.',
  forecast: 'target',
};

export const SLOW_ON_WASM: Said = {
  message:
    'Visitors of a web page without WebGPU get WASM, where this is slower than fp32. One file for all of them: target WASM.',
  fix: { target: 'wasm' },
  forecast: 'wasm',
};

export const EXACT_IS_SLOW: Said = {
  message: 'Exact products are slower than fp32 on WASM: compute int8 is fast.',
  fix: { key: 'compute', value: 'int8' },
  forecast: 'target',
};
