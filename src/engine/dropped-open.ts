/** The model that a recipe's other steps act on, where one drops blocks. */

import { isFloat } from '../core/dtype.ts';
import {
  type BlockStep,
  blockSteps,
  deepest,
  dropsBlocks,
  lowest,
} from '../plan/blocks/choose-blocks.ts';
import { blocksOf, type DroppedModel, dropBlocks } from '../plan/blocks/drop-blocks.ts';
import { formatNumber } from '../report/format.ts';
import type { WeightRow } from '../report/report.ts';
import type { Block } from '../shapes/blocks/blocks.ts';
import { blockInfluences } from './block-influences.ts';
import type { Job } from './compress-job.ts';
import type { OpenModel } from './models.ts';
import { droppedRow } from './weight-rows.ts';

export interface DroppedOpen {
  readonly job: Job;
  /** What is dropped, from 0. */
  readonly blocks: readonly number[];
  readonly warnings: readonly string[];
  /** Rows of weights that went with their blocks. */
  readonly rows: readonly WeightRow[];
}

const opens = new WeakMap<DroppedModel, OpenModel>();

/** The rest of a job, on the model without the blocks. @throws runtime-failed; the signal's reason */
export async function droppedOpen(job: Job): Promise<DroppedOpen> {
  const { open, recipe, clock, signal } = job;
  if (!dropsBlocks(recipe)) return { job, blocks: [], warnings: [], rows: [] };
  const { blocks } = blocksOf(open.model);
  const { steps, reasons } = blockSteps(recipe, blocks, open.weights);
  const warnings = [...reasons.values()].map((reason) => `No block is dropped. ${reason}.`);
  const notes = new Map<Block, string>();
  for (const step of steps) {
    const { chosen, said, warning } = await chosenBy(job, step);
    if (warning !== null) warnings.push(warning);
    for (const block of chosen) {
      notes.set(block, `Block ${block.index + 1} of ${blocks.length} is dropped${said(block)}`);
    }
  }
  if (notes.size === 0) return { job, blocks: [], warnings, rows: [] };
  const dropped = blocks.filter((block) => notes.has(block));
  const made = await dropBlocks(open.model, dropped);
  signal.throwIfAborted();
  const own = opens.get(made) ?? openOf(open, made, dropped);
  opens.set(made, own);
  clock.lap('reshape');
  return {
    job: { ...job, open: own },
    blocks: dropped.map(({ index }) => index),
    warnings,
    rows: rowsOfGone(open, own, notes),
  };
}

function rowsOfGone(
  before: OpenModel,
  after: OpenModel,
  notes: ReadonlyMap<Block, string>,
): readonly WeightRow[] {
  const left = new Set(after.weights.map(({ name }) => name));
  const gone = before.weights.filter(
    ({ name, tensor }) => isFloat(tensor.dtype) && !left.has(name),
  );
  return gone.map((weight) => {
    const own = [...notes].find(([{ tensors }]) => tensors.has(weight.tensor.name));
    return droppedRow(weight, own?.[1] ?? 'All blocks that share it are dropped');
  });
}

function openOf(open: OpenModel, { model, weights }: DroppedModel, dropped: readonly Block[]) {
  const indices = dropped.map(({ index }) => index);
  const variant = JSON.stringify([open.variant ?? '', 'without blocks', indices]);
  return { ...open, model, weights, variant };
}

interface Chosen {
  readonly chosen: readonly Block[];
  /** Of a block, what it was judged by. */
  readonly said: (block: Block) => string;
  readonly warning: string | null;
}

async function chosenBy(job: Job, step: BlockStep): Promise<Chosen> {
  const byDepth = { chosen: deepest(step), said: () => '', warning: null };
  if (!step.byInfluence) return byDepth;
  const found = await blockInfluences(job, step.candidates, step.rows);
  if ('reason' in found) return { ...byDepth, warning: byDepthFor(found.reason) };
  const influence = (block: Block) => {
    const own = found.get(block) ?? Number.NaN;
    return Number.isFinite(own) ? own : Number.POSITIVE_INFINITY; // what is not known stays
  };
  if (step.candidates.every((block) => influence(block) === Number.POSITIVE_INFINITY)) {
    return { ...byDepth, warning: byDepthFor('what passes through them is not finite') };
  }
  const said = (block: Block) => `: influence ${formatNumber(influence(block), 4)}`;
  return { chosen: lowest(step, influence), said, warning: null };
}

const byDepthFor = (reason: string): string =>
  `Blocks are dropped by depth, the last but one first: ${reason}.`;
