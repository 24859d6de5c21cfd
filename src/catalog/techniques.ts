import { asvd } from './asvd.ts';
import { awq } from './awq.ts';
import { cutBlocks } from './cut-blocks.ts';
import { cutChannels } from './cut-channels.ts';
import { cutHeads } from './cut-heads.ts';
import { cutNeurons } from './cut-neurons.ts';
import { fp16 } from './fp16.ts';
import { gptq } from './gptq.ts';
import { hqq } from './hqq.ts';
import { int8Static } from './int8-static.ts';
import { kQuant } from './k-quant.ts';
import { magnitude } from './magnitude.ts';
import { nf4 } from './nf4.ts';
import { palettize } from './palettize.ts';
import { residual } from './residual.ts';
import { rtn } from './rtn.ts';
import { smoothquant } from './smoothquant.ts';
import { sparsegpt } from './sparsegpt.ts';
import { svd } from './svd.ts';
import { svdLlm } from './svd-llm.ts';
import type { Technique } from './technique.ts';
import { vocabulary } from './vocabulary.ts';
import { wanda } from './wanda.ts';

const ALL = {
  vocabulary,
  'cut-blocks': cutBlocks,
  ...{ 'cut-neurons': cutNeurons, 'cut-heads': cutHeads, 'cut-channels': cutChannels },
  ...{ smoothquant, magnitude, wanda, sparsegpt, svd, asvd, 'svd-llm': svdLlm },
  ...{ rtn, awq, gptq, hqq, 'k-quant': kQuant, 'int8-static': int8Static, nf4, palettize, fp16 },
  ...{ residual },
} as const;

export type TechniqueId = keyof typeof ALL;

/** Every technique by its id, in the order in which pickers show them. */
export const TECHNIQUES: Readonly<Record<TechniqueId, Technique>> = ALL;

export const isTechniqueId = (id: string): id is TechniqueId => Object.hasOwn(TECHNIQUES, id);
