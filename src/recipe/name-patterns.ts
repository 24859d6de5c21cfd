/** Patterns that take exactly the weights that were chosen, as short and as readable as can be. */
import { StudioError } from '../core/studio-error.ts';
import { MAX_SELECTOR_LENGTH } from './parse-recipe.ts';
import { compileSelector, REGEX_PREFIX, type Selectable } from './select.ts';

/**
 * Patterns that together take the weights of `names` and no other of `among`: the name itself, one
 * glob, or regular expressions that list what tells the names apart.
 * - `names` — of weights of `among`, each once; the patterns may be of their labels
 * @throws bad-recipe for a name that no pattern of a recipe can hold
 */
export function namePatterns(
  names: readonly string[],
  among: readonly Selectable[],
): readonly string[] {
  const handleOf = handlesOf(among);
  const handles = names.map((name) => ({ name, text: handleOf.get(name) ?? name }));
  const texts = handles.map(({ text }) => text);
  const glob = names.length > 1 ? sharedGlob(names, texts, among) : null;
  if (glob !== null) return [glob];
  const lists: (typeof handles)[] = [];
  for (const handle of handles) {
    const list = lists.at(-1);
    const longer = list && listPattern([...list, handle].map(({ text }) => text));
    if (longer !== undefined && longer.length <= MAX_SELECTOR_LENGTH) list?.push(handle);
    else lists.push([handle]);
  }
  return lists.map((list) => {
    const [only] = list;
    if (list.length === 1 && only) return patternOfOne(only, among);
    return listPattern(list.map(({ text }) => text));
  });
}

/**
 * The texts that a pattern lists, as `namePatterns` writes lists: a name, or a regular expression of
 * one choice between literals. null for every other pattern.
 */
export function listedTexts(pattern: string): readonly string[] | null {
  if (!pattern.startsWith(REGEX_PREFIX)) return isPlain(pattern) ? [pattern] : null;
  const [, head = '', choice, tail = ''] =
    /^\^((?:\\.|[^\\()])*)(?:\(\?:((?:\\.|[^\\()])*)\))?((?:\\.|[^\\()])*)\$$/su.exec(
      pattern.slice(REGEX_PREFIX.length),
    ) ?? [];
  const middles = choice === undefined ? [''] : branches(choice);
  const texts = middles.map((middle) => unescaped(`${head}${middle}${tail}`));
  return texts.every((text) => text !== null) && listPattern(texts) === pattern ? texts : null;
}

/** What unescaped bars are between. */
function branches(choice: string): readonly string[] {
  const found = [''];
  for (const part of choice.match(/\\.|[^\\]/gsu) ?? []) {
    if (part === '|') found.push('');
    else found[found.length - 1] += part;
  }
  return found;
}

/** Literals without their backslashes; null if it is more than literals. */
function unescaped(source: string): string | null {
  const text = source.replace(/\\(.)/gsu, '$1');
  return escaped(text) === source ? text : null;
}

interface Handle {
  /** Of the weight. */
  readonly name: string;
  /** What it is selected by: its label where that is of no other weight, else its name. */
  readonly text: string;
}

/** Weights by each text that a selector finds them by. */
type Owners = ReadonlyMap<string, ReadonlySet<Selectable>>;

const owners = new WeakMap<readonly Selectable[], Owners>();
const handles = new WeakMap<readonly Selectable[], ReadonlyMap<string, string>>();

/** What has the text as its name, its label or the name of an operator that uses it. */
export function ownersOf(among: readonly Selectable[]): Owners {
  const known = owners.get(among);
  if (known) return known;
  const made = new Map<string, Set<Selectable>>();
  for (const weight of among) {
    const { name, label, uses } = weight;
    for (const text of [name, label, ...uses.map(({ nodeName }) => nodeName)]) {
      const held = made.get(text) ?? new Set();
      made.set(text, held.add(weight));
    }
  }
  owners.set(among, made);
  return made;
}

function handlesOf(among: readonly Selectable[]): ReadonlyMap<string, string> {
  const known = handles.get(among);
  if (known) return known;
  const own = ownersOf(among);
  const made = new Map(
    among.map(({ name, label }) => [name, own.get(label)?.size === 1 ? label : name]),
  );
  handles.set(among, made);
  return made;
}

/** `first` or `second`, as one pattern; it may be longer than a recipe allows. */
export const eitherPattern = (first: string, second: string): string =>
  `${REGEX_PREFIX}${asRegex(first)}|${asRegex(second)}`;

const isPlain = (name: string): boolean => !/[*?]/.test(name) && !name.startsWith(REGEX_PREFIX);

function patternOfOne({ name, text }: Handle, among: readonly Selectable[]): string {
  if (isPlain(text) && text.length <= MAX_SELECTOR_LENGTH) return text;
  const listed = listPattern([text]);
  if (listed.length <= MAX_SELECTOR_LENGTH) return listed;
  const characters = [...text];
  // The end tells names apart; the beginning may be cut as far as the end alone does.
  for (const [head, tail] of [
    [0, 400],
    [200, 200],
    [400, 0],
  ] as const) {
    const glob = `${characters.slice(0, head).join('')}*${characters.slice(characters.length - tail).join('')}`;
    if (glob.length <= MAX_SELECTOR_LENGTH && takesExactly(glob, [name], among)) return glob;
  }
  throw new StudioError(
    'bad-recipe',
    `The weight's name has ${name.length} characters, and others are alike in what a recipe can hold of it (${MAX_SELECTOR_LENGTH}). Select it by its node or operator.`,
  );
}

/** "encoder.layer.3.*" where that is no other weight; null if there is no such glob. */
function sharedGlob(
  names: readonly string[],
  texts: readonly string[],
  among: readonly Selectable[],
): string | null {
  const { head, tail } = sharedEnds(texts);
  const [start, end] = [head.join(''), tail.join('')];
  const globs = [`${start}*`, `*${end}`, `${start}*${end}`];
  const fitting = globs.filter(
    (glob) => glob !== '*' && isPlain(glob.replace('*', '')) && glob.length <= MAX_SELECTOR_LENGTH,
  );
  return fitting.find((glob) => takesExactly(glob, names, among)) ?? null;
}

function takesExactly(
  name: string,
  names: readonly string[],
  among: readonly Selectable[],
): boolean {
  const wanted = new Set(names);
  const takes = compileSelector({ name });
  return among.every((weight) => takes(weight) === wanted.has(weight.name));
}

function listPattern(names: readonly string[]): string {
  const { head, tail } = sharedEnds(names);
  const middles = names.map((name) =>
    escaped([...name].slice(head.length, [...name].length - tail.length).join('')),
  );
  const choice = names.length === 1 ? (middles[0] ?? '') : `(?:${middles.join('|')})`;
  return `${REGEX_PREFIX}^${escaped(head.join(''))}${choice}${escaped(tail.join(''))}$`;
}

/** What all names begin and end with, in characters and whole words; the two never overlap. */
function sharedEnds(names: readonly string[]) {
  const [first = [], ...others] = names.map((name) => [...name]);
  const shortest = Math.min(first.length, ...others.map(({ length }) => length));
  let head = 0;
  while (head < shortest && others.every((name) => name[head] === first[head])) head += 1;
  let tail = 0;
  const last = (name: readonly string[]) => name[name.length - 1 - tail];
  while (tail < shortest - head && others.every((name) => last(name) === last(first))) tail += 1;
  if (others.length === 0) return { head: first, tail: [] };
  while (head > 0 && !isBetweenWords(first[head - 1])) head -= 1;
  while (tail > 0 && !isBetweenWords(first[first.length - tail])) tail -= 1;
  return { head: first.slice(0, head), tail: first.slice(first.length - tail) };
}

const isBetweenWords = (character = ''): boolean => './_:-'.includes(character);

const escaped = (text: string): string => text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');

function asRegex(pattern: string): string {
  if (pattern.startsWith(REGEX_PREFIX)) return `(?:${pattern.slice(REGEX_PREFIX.length)})`;
  const parts = [...pattern].map((it) => (it === '*' ? '.*' : it === '?' ? '.' : escaped(it)));
  return `^${parts.join('')}$`;
}
