/** Sums of products of input channels, in the runtime: its threads and vector units are faster. */
import { assert } from '../core/assert.ts';
import type { AddGram } from './accumulate.ts';
import { floatsOf } from './outputs.ts';
import { createSession } from './session.ts';

export interface GramSession {
  readonly add: AddGram;
  release(): Promise<void>;
}

/**
 * - `model` — gives `names.after` = `names.before` + `names.vectors`ᵀ · `names.vectors`
 * @throws runtime-failed
 */
export async function openGramSession(
  model: Uint8Array,
  names: { readonly vectors: string; readonly before: string; readonly after: string },
): Promise<GramSession> {
  const session = await createSession(model, 'wasm');
  return {
    async add(h, x, K) {
      const outputs = await session.run({
        [names.before]: { dtype: 'float32', dims: [K, K], data: h },
        [names.vectors]: { dtype: 'float32', dims: [x.length / K, K], data: x },
      });
      const sum = outputs[names.after];
      const values = sum && floatsOf(sum);
      assert(values, 'the sum is float32');
      return values as Float32Array<ArrayBuffer>;
    },
    release: () => session.release(),
  };
}
