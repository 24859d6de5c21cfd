/** The words of the trade that the page uses: each is explained here, in a sentence, and nowhere else. */

interface Entry {
  /** As they stand on the page; the longest that fits is taken. */
  readonly words: readonly string[];
  readonly meaning: string;
}

const ENTRIES: readonly Entry[] = [
  {
    words: ['WASM speed', 'WebGPU speed'],
    meaning:
      'How many times as fast as the original, timed by turns with it: p50, the median time of an answer, of the original over the run’s, which stand below. Where its 95 % interval is wide, it stands between them.',
  },
  { words: ['p50'], meaning: 'The median: half of the times were shorter, half longer.' },
  { words: ['p95'], meaning: '19 of 20 times were shorter than this one.' },
  {
    words: ['SQNR', 'dB'],
    meaning:
      'Signal to quantization noise: the weight’s own size against its rounding error. 20 dB is an error of a tenth, 40 dB of a hundredth.',
  },
  {
    words: ['KL'],
    meaning:
      'Kullback–Leibler divergence: how far the probabilities of the answers are from the original’s. 0 is the same; more is worse.',
  },
  {
    words: ['Cosine', 'cosine'],
    meaning:
      'Whether the outputs point the same way as the original’s: 1 is the same way, 0 has nothing to do with it.',
  },
  {
    words: ['Pareto front'],
    meaning: 'The runs that no other run beats on both axes at once.',
  },
  {
    words: ['95 % interval', '95 % CI'],
    meaning:
      'How far the choice of rows may have moved the figure: with other rows, such a range holds the true value 19 times of 20.',
  },
  {
    words: ['pt'],
    meaning: 'Percentage points: from 85 % to 84 % is −1 pt.',
  },
  {
    words: ['Accuracy'],
    meaning:
      'Share of the scored rows whose answer is their label. The figure after ± is half of its 95 % interval.',
  },
  {
    words: ['Macro-F1'],
    meaning: 'How well each class is found, averaged over classes: rare ones count as much.',
  },
  {
    words: ['Perplexity', 'perplexity'],
    meaning: 'Between how many tokens the model wavers at each place, on average: less is better.',
  },
  {
    words: ['Next-token accuracy'],
    meaning: 'Share of places where the likeliest token is the one that follows in the text.',
  },
  {
    words: ['Spearman'],
    meaning: 'Whether the scores have the order of the labels: 1 is the same order.',
  },
  {
    words: ['Pearson'],
    meaning: 'Whether the scores lie on one line with the labels: 1 is a line.',
  },
  { words: ['RMSE'], meaning: 'How far answers are from their labels: less is better.' },
  {
    words: ['Same answers'],
    meaning: 'Share of the rows that get the answer that the original gives them, right or wrong.',
  },
  {
    words: ['gzip'],
    meaning: 'The bytes that travel where a server packs the file on its way.',
  },
  {
    words: ['Truth check'],
    meaning:
      'Whether the file computes what the original does: the same rows through both, on every backend.',
  },
  {
    words: ['On CPU'],
    meaning:
      'Operators that the backend has no kernel for: they run on the CPU, and copies cost time.',
  },
  {
    words: ['MatMulNBits'],
    meaning: 'The runtime’s product with weights that stay packed in 2 to 8 bits.',
  },
  {
    words: ['GatherBlockQuantized'],
    meaning: 'The runtime’s look-up in a table that stays packed in few bits.',
  },
  { words: ['fp32'], meaning: 'Floats of 32 bits, as most models are trained and stored.' },
  { words: ['low rank'], meaning: 'The matrix became the product of two thin ones.' },
];

export type Piece = string | { readonly word: string; readonly meaning: string };

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const WORDS = ENTRIES.flatMap(({ words }) => words)
  .sort((a, b) => b.length - a.length)
  .map(escaped)
  .join('|');

/** Not within another word: no "pt" in "opt", no "fp32" in "fp32-rows". */
const ANY_WORD = new RegExp(`(?<![\\p{L}\\d])(?:${WORDS})(?![\\p{L}\\d·-])`, 'gu');

/** The text in pieces: the words that are explained stand apart, each meaning once. */
export function glossed(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const met = new Set<Entry>();
  let from = 0;
  for (const { 0: word, index } of text.matchAll(ANY_WORD)) {
    const entry = ENTRIES.find(({ words }) => words.includes(word));
    if (!entry || met.has(entry)) continue;
    met.add(entry);
    if (index > from) pieces.push(text.slice(from, index));
    pieces.push({ word, meaning: entry.meaning });
    from = index + word.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** Of the first explained word in the text; null if it has none. */
export function meaningIn(text: string): string | null {
  const found = glossed(text).find((piece) => typeof piece !== 'string');
  return found?.meaning ?? null;
}
