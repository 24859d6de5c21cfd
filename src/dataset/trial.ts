/**
 * What a person can make up for a model, and how it becomes what the model is fed: a sentence by
 * its tokenizer, an image by its preprocessor, a text to go on with, or a row of the data set. Made
 * as rows are made, so that the same text or image gets the same answer.
 */

import type { Model } from '../model/model.ts';
import { classNames } from './class-names.ts';
import type { NamedBlob } from './companions.ts';
import { contextOf, type DatasetOptions } from './dataset.ts';
import type { Growing, Made, MadeInput, Maker, TrialForm } from './making.ts';
import { feedingOf } from './open-images.ts';
import { notPredicting, tooNarrow } from './open-running-text.ts';
import { openTokens } from './open-tokens.ts';
import type { Context, Dataset } from './opening.ts';
import type { Readout } from './readout.ts';
import { tokenInputsOf } from './token-inputs.ts';
import { imageTrial } from './trial-image.ts';
import { continuationTrial, textTrial } from './trial-text.ts';

export interface Trial {
  readonly form: TrialForm;
  readonly readout: Readout;
  /** Names of the classes. */
  readonly labels: readonly string[];
  /** Each class is a yes or no of its own. */
  readonly multiLabel: boolean;
  readonly growing: Growing | null;
  /** - `rows` — the data set's, as they are measured now. @throws bad-dataset, too-large, bad-tokenizer */
  make(input: MadeInput, rows: Dataset): Promise<Made>;
}

/** - `rows` — tell the range of pixels and whether texts come in pairs */
export async function openTrial(
  files: readonly NamedBlob[],
  model: Pick<Model, 'graph' | 'files'>,
  options: DatasetOptions,
  rows: Dataset,
): Promise<Trial> {
  const context = await contextOf(files, model, options);
  const maker = await makerOf(context, rows);
  return {
    form: maker.form,
    readout: context.readout,
    labels: classNames(context.config, context.mapping),
    multiLabel: context.config.isMultiLabel,
    growing: maker.growing,
    make: async (input, dataset) => {
      const made = await maker.make(input, dataset);
      if (made) return made;
      if (input.kind === 'row') return plainRow(input.index, dataset);
      throw new TypeError(`a ${input.kind} for a model that takes none`);
    },
  };
}

async function makerOf(context: Context, rows: Dataset): Promise<Maker> {
  const { inputs } = context.model.graph;
  const image = await feedingOf(context);
  if (typeof image !== 'string') return imageTrial(image, context, rows);
  const tokens = tokenInputsOf(inputs);
  if (typeof tokens === 'string') {
    const takesImage = inputs.some(({ dims }) => dims?.length === 4);
    return rowsAlone(takesImage ? image : tokens);
  }
  const feeding = await openTokens(context, []);
  if (!feeding) return rowsAlone('the model takes tokens, and no tokenizer.json was dropped');
  const predicts =
    notPredicting(context) === null && tooNarrow(context, feeding.vocabulary) === null;
  const answersEach = context.model.graph.outputs.find(
    ({ name }) => name === context.readout.answer?.name,
  );
  const perToken = answersEach?.dims?.length === 3;
  return predicts && perToken
    ? continuationTrial(feeding, context, rows)
    : textTrial(feeding, context, rows);
}

const rowsAlone = (reason: string): Maker => ({
  form: { kind: 'rows', reason },
  growing: null,
  make: async () => null,
});

async function plainRow(index: number, { evaluation }: Dataset): Promise<Made> {
  return {
    feeds: [await evaluation.feeds(index)],
    texts: null,
    image: null,
    label: evaluation.label(index),
    tokens: null,
  };
}
