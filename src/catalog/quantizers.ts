/** Techniques that store a weight in fewer bits: the encoding each gets, and how codes are found. */
import type { QuantizeMethod } from '../core/quantize-method.ts';
import { encodingForNf4, encodingForPalettize } from './choose-codebook.ts';
import { type EncodingPlace, encodingForFp16, encodingForRtn } from './choose-encoding.ts';
import { encodingForStatic } from './choose-static.ts';
import type { EncodingDecision, FloatType } from './encodings.ts';
import type { TargetId } from './targets.ts';
import type { OptionValue } from './technique.ts';
import type { TechniqueId } from './techniques.ts';

type Options = Readonly<Record<string, OptionValue>>;

/** Where a weight is used, and what it is stored as now. */
export interface StoredPlace extends EncodingPlace {
  readonly valueType: FloatType;
  /** Its operators read values of the main graph, which calibration can see. */
  readonly isSeen: boolean;
}

export interface Quantizer {
  readonly encoding: (options: Options, place: StoredPlace, target: TargetId) => EncodingDecision;
  /** null: there are no integer codes. */
  readonly method: (options: Options) => QuantizeMethod | null;
}

const QUANTIZERS: Readonly<Partial<Record<TechniqueId, Quantizer>>> = {
  rtn: { encoding: encodingForRtn, method: () => ({ kind: 'rtn' }) },
  awq: {
    // Its own clipping takes the place of the search by squared error.
    encoding: (options, place, target) =>
      encodingForRtn({ ...options, clip: false }, place, target),
    method: ({ clip }) => ({ kind: 'awq', clip: clip === true }),
  },
  hqq: { encoding: asymmetric, method: () => ({ kind: 'hqq' }) },
  'k-quant': { encoding: asymmetric, method: () => ({ kind: 'k-quant' }) },
  nf4: { encoding: encodingForNf4, method: () => null },
  palettize: { encoding: encodingForPalettize, method: () => null },
  gptq: {
    encoding: encodingForRtn,
    method: ({ damping, actOrder }) => ({
      kind: 'gptq',
      damping: damping as number,
      actOrder: actOrder as boolean,
    }),
  },
  'int8-static': { encoding: encodingForStatic, method: () => ({ kind: 'rtn' }) },
  fp16: {
    encoding: (_, { valueType }) =>
      valueType === 'float16' || valueType === 'bfloat16'
        ? { refused: 'Stored in 16 bits already' }
        : encodingForFp16(),
    method: () => null,
  },
};

/** With a zero point for each block. */
function asymmetric(options: Options, place: StoredPlace, target: TargetId): EncodingDecision {
  return encodingForRtn({ ...options, symmetric: false }, place, target);
}

/** Of a technique of the families `quantize` and `share`. */
export function quantizerOf(id: TechniqueId): Quantizer {
  const quantizer = QUANTIZERS[id];
  if (!quantizer) throw new Error(`${id} does not say how it stores weights`);
  return quantizer;
}
