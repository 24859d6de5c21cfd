/** The output whose largest value is the answer, where what was opened says so. */
import { quoted, type Usage } from './usage.ts';

export interface ClassAnswer {
  /** The output's name. */
  readonly output: string;
  readonly labels: readonly string[];
  /** How values become scores; null: they are scores already. */
  readonly by: 'softmax' | 'sigmoid' | null;
}

/** More names are no list to read: numbers are printed. */
const MOST_LISTED = 32;
const LINE = 80;

/** null: no output has one value for each of the names. */
export function classAnswer({ outputs, labels, multiLabel }: Usage): ClassAnswer | null {
  if (labels.length < 2 || labels.length > MOST_LISTED) return null;
  const fits = outputs.filter(({ type }) => {
    const [dtype, , count, ...rest] = type.split(/ × | /);
    return dtype === 'float32' && rest.length === 0 && count === String(labels.length);
  });
  const [output] = fits;
  if (!output || fits.length > 1) return null;
  // A graph that ends in its own softmax says so in the output's name.
  const normalized = /prob|softmax|score/i.test(output.name);
  const by = normalized ? null : multiLabel ? 'sigmoid' : 'softmax';
  return { output: output.name, labels, by };
}

/** `head`, the texts as literals, `tail`; over several lines where one would be long. */
export function listed(
  head: string,
  texts: readonly string[],
  tail: string,
  indent: string,
): readonly string[] {
  const line = `${head}${texts.map(quoted).join(', ')}${tail}`;
  if (line.length <= LINE) return [line];
  return [head, ...texts.map((text) => `${indent}${quoted(text)},`), tail];
}
