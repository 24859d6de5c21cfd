import { LATENCY_TOKENS, windowLatencyInput } from './latency-input.ts';
import { openTokens } from './open-tokens.ts';
import { assemble, type Context, type Dataset, unreadOf } from './opening.ts';
import type { RowSet, Rows, TokenPlaces } from './rows.ts';
import { cutWindows, TEXT_LIMIT, textWindows, WINDOW_TOKENS } from './running-text.ts';
import { roleOf, splitRows } from './splits.ts';
import { type Corpus, originalIdsOf, vocabularyOf } from './trim-vocabulary.ts';

/** `*.txt` for a model that predicts the next token; null if it does not, with the reason. */
export async function openRunningText(context: Context): Promise<Dataset | null> {
  const { companions, mapping, unread, seed } = context;
  const { texts } = companions;
  if (texts.length === 0) return null;
  const reason = notPredicting(context);
  if (reason !== null) {
    unread.push(...unreadOf(texts, reason));
    return null;
  }
  const feeding = await openTokens(context, texts);
  if (!feeding) return null;
  const { tokenizer, inputs } = feeding;
  const narrow = tooNarrow(context, feeding.vocabulary);
  if (narrow !== null) {
    unread.push(...unreadOf(texts, narrow));
    return null;
  }
  const most = Math.min(inputs.fixedLength ?? Number.POSITIVE_INFINITY, tokenizer.limit ?? 2 ** 20);
  const windowTokens = Math.max(2, Math.min(mapping.windowTokens ?? WINDOW_TOKENS, most));
  const sets: RowSet[] = [];
  for (const { path, blob } of texts) {
    const role = roleOf(path);
    // Of a long training text a part is enough to calibrate with.
    const part = role === 'train' && blob.size > TEXT_LIMIT ? await headOf(blob) : blob;
    if (part !== blob) {
      unread.push({ path, reason: `only its first ${part.size} B calibrate` });
    }
    sets.push(await textWindows({ path, blob: part, role }, feeding, windowTokens));
  }
  const split = splitRows(sets, seed);
  const padding = inputs.fixedLength === null ? 'no padding' : `padded to ${inputs.fixedLength}`;
  const { evaluation, corpus } = split;
  const predicted = predictedTokens(evaluation);
  const words: Corpus = {
    ...{ count: corpus.count, unit: 'windows of text' },
    ids: (window) => corpus.tokens(window) ?? [],
  };
  const vocabulary = vocabularyOf(context, feeding, words, context.readout.answer?.name);
  // After rows were told apart: of a window its tokens count, and its words are for reading.
  const text = (index: number) => tokenizer.decode(evaluation.tokens(index) ?? []);
  const readable = { ...split, evaluation: { ...evaluation, text } };
  const dataset = assemble(context, readable, {
    ...(vocabulary && { vocabulary }),
    ...originalIdsOf(feeding),
    task: 'next-token',
    briefRows: cutWindows(split.evaluation, feeding, LATENCY_TOKENS),
    preprocessing: `windows of ${windowTokens} tokens, ${predicted} tokens predicted, ${padding}`,
    latencyInput: async (length) =>
      windowLatencyInput(dataset.evaluation, tokenizer, inputs, length),
  });
  return dataset;
}

/** Heads of models that give something else than the next token at every position. */
const OTHER_HEADS = /MaskedLM|Classification|QuestionAnswering|ConditionalGeneration|Pretraining/;

/** Why the model is not read as one that predicts the next token; null if it is. */
export function notPredicting({ config, readout, model }: Context): string | null {
  const other = config.architectures.find((name) => OTHER_HEADS.test(name));
  if (other)
    return `perplexity is measured on models that predict the next token; this is a ${other}`;
  if (!readout.answer) return 'the model has no output of logits to predict tokens with';
  const output = model.graph.outputs.find(({ name }) => name === readout.answer?.name);
  if (output?.dims && output.dims.length !== 3) {
    return 'the model gives one answer a row, and running text wants one a token';
  }
  return readout.answer.logits
    ? null
    : 'perplexity wants logits, and the model gives probabilities';
}

/** Why the answer cannot be a token; null if it can, or if the graph does not say. */
export function tooNarrow({ model, readout }: Context, vocabulary: number | null): string | null {
  const output = model.graph.outputs.find(({ name }) => name === readout.answer?.name);
  const width = output?.dims?.at(-1);
  if (typeof width !== 'number' || vocabulary === null || width >= vocabulary) return null;
  return `its output has ${width} columns and its vocabulary ${vocabulary} tokens, so it does not predict tokens`;
}

function predictedTokens({ count, tokens, places }: Rows) {
  let predicted = 0;
  for (let index = 0; index < count; index++) {
    const own = places?.(index);
    predicted += own ? predictedOf(own) : (tokens(index)?.length ?? 1) - 1;
  }
  return predicted;
}

/** Of the original's tokens, by a run with others: those after the first place that both have. */
function predictedOf({ ends }: TokenPlaces): number {
  const [first, last] = [ends.findIndex((at) => at >= 0), ends.findLastIndex((at) => at >= 0)];
  return last - first;
}

/** The first 4 MiB, up to the last line end in them. */
async function headOf(blob: Blob): Promise<Blob> {
  const bytes = new Uint8Array(await blob.slice(0, TEXT_LIMIT).arrayBuffer());
  const end = bytes.lastIndexOf(10);
  return new Blob([bytes.subarray(0, end > 0 ? end : bytes.length)]);
}
