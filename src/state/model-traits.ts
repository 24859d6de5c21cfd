import type { ModelTraits } from '../recipe/model-traits.ts';
import type { ModelSummary } from '../report/model-summary.ts';

const known = new WeakMap<ModelSummary, ModelTraits>();

/** What presets look at in an opened model; the same object for the same model. */
export function traitsOf(model: ModelSummary): ModelTraits {
  const traits = known.get(model) ?? findTraits(model);
  known.set(model, traits);
  return traits;
}

function findTraits({ weights }: ModelSummary): ModelTraits {
  const own = weights.filter(({ notCompressible }) => notCompressible === null);
  const bytes = (of: typeof own) => of.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const short = own.filter(({ elementCount, byteLength }) => byteLength === 2 * elementCount);
  return {
    operators: new Set(own.flatMap(({ op }) => op.split(', '))),
    mostly16Bit: 2 * bytes(short) > bytes(own),
  };
}
