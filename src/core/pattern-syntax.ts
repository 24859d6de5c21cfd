/** Reads the regular expressions of `linear-pattern.ts` into a tree. */
import { StudioError } from './studio-error.ts';

export type Pattern =
  | { readonly kind: 'character'; readonly accepts: (codePoint: number) => boolean }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly item: Pattern; readonly min: number; readonly max: number };

type Accepts = (codePoint: number) => boolean;

const MAX_LENGTH = 500;
const MAX_DEPTH = 20;
const MAX_COUNT = 100;
const SYNTAX = '^$\\.*+?()[]{}|/';

const code = (character: string): number => character.codePointAt(0) ?? 0;
const between =
  (low: number, high: number): Accepts =>
  (c) =>
    c >= low && c <= high;
const anyOf =
  (parts: readonly Accepts[]): Accepts =>
  (c) =>
    parts.some((accepts) => accepts(c));
const except =
  (accepts: Accepts): Accepts =>
  (c) =>
    !accepts(c);
const oneOf = (characters: string): Accepts => {
  const codes = new Set(Array.from(characters, code));
  return (c) => codes.has(c);
};

const digit = between(0x30, 0x39);
const word = anyOf([digit, between(0x41, 0x5a), between(0x61, 0x7a), oneOf('_')]);
const space = anyOf([
  oneOf('\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff'),
  between(0x2000, 0x200a),
]);
const notLineEnd = except(oneOf('\n\r\u2028\u2029'));
const CLASSES: Readonly<Record<string, Accepts>> = {
  d: digit,
  D: except(digit),
  w: word,
  W: except(word),
  s: space,
  S: except(space),
};
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v' };

/** What of a pattern error messages show. */
export const shorten = (source: string): string =>
  source.length > 60 ? `${source.slice(0, 60)}…` : source;

/**
 * - `source` — at most 500 characters, groups at most 20 deep, counts at most 100
 * @throws bad-recipe naming the position
 */
export function parsePattern(source: string): Pattern {
  return new PatternReader(source).pattern();
}

class PatternReader {
  readonly #characters: readonly string[];
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#characters = [...source];
    if (this.#characters.length > MAX_LENGTH) {
      this.#fail(`has ${this.#characters.length} characters, at most ${MAX_LENGTH} are allowed`);
    }
  }

  pattern(): Pattern {
    const pattern = this.#choice();
    if (this.#peek() !== undefined) this.#fail('has a ) without its (');
    return pattern;
  }

  #choice(): Pattern {
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    return items.length === 1 && items[0] ? items[0] : { kind: 'choice', items };
  }

  #sequence(): Pattern {
    const items: Pattern[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; ) {
      items.push(this.#repeated());
      next = this.#peek();
    }
    return { kind: 'sequence', items };
  }

  #repeated(): Pattern {
    const item = this.#atom();
    const [min, max] = this.#counts() ?? [1, 1];
    if (min === 1 && max === 1) return item;
    if (item.kind === 'start' || item.kind === 'end') this.#fail('repeats an anchor');
    this.#take('?'); // lazy: the same texts match
    return { kind: 'repeat', item, min, max };
  }

  #counts(): [min: number, max: number] | null {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (!this.#take('{')) return null;
    const min = this.#count();
    if (this.#take('}')) return [min, min];
    if (!this.#take(',')) this.#fail('has a malformed {m,n}');
    if (this.#take('}')) return [min, Number.POSITIVE_INFINITY];
    const max = this.#count();
    if (!this.#take('}')) this.#fail('has a malformed {m,n}');
    if (max < min) this.#fail('has a {m,n} with m above n');
    return [min, max];
  }

  #count(): number {
    let digits = '';
    for (let next = this.#peek(); next !== undefined && digit(code(next)); next = this.#peek()) {
      digits += this.#next();
    }
    if (digits === '') this.#fail('has a { without a count; write \\{ for the character');
    if (Number(digits) > MAX_COUNT) this.#fail(`repeats over ${MAX_COUNT} times`);
    return Number(digits);
  }

  #atom(): Pattern {
    const character = this.#next();
    if (character === '(') return this.#group();
    if (character === '[') return { kind: 'character', accepts: this.#class() };
    if (character === '.') return { kind: 'character', accepts: notLineEnd };
    if (character === '^') return { kind: 'start' };
    if (character === '$') return { kind: 'end' };
    if (character === '\\') return { kind: 'character', accepts: this.#escape(SYNTAX) };
    if ('*+?'.includes(character)) this.#fail(`has a ${character} with nothing to repeat`);
    if (']{}'.includes(character)) this.#fail(`needs \\${character} for the character`);
    return { kind: 'character', accepts: oneOf(character) };
  }

  #group(): Pattern {
    if (++this.#depth > MAX_DEPTH) this.#fail(`nests groups over ${MAX_DEPTH} deep`);
    if (this.#take('?') && !this.#take(':')) {
      this.#fail('uses lookaround or a named group, which are not supported');
    }
    const inside = this.#choice();
    if (!this.#take(')')) this.#fail('has a ( without its )');
    this.#depth--;
    return inside;
  }

  #class(): Accepts {
    const negated = this.#take('^');
    const parts: Accepts[] = [];
    while (!this.#take(']')) {
      const low = this.#classMember();
      if (this.#peek() !== '-' || this.#characters[this.#at + 1] === ']') {
        parts.push(typeof low === 'number' ? (c) => c === low : low);
        continue;
      }
      this.#next();
      const high = this.#classMember();
      if (typeof low !== 'number' || typeof high !== 'number' || low > high) {
        this.#fail('has a malformed range in a class');
      }
      parts.push(between(low, high));
    }
    return negated ? except(anyOf(parts)) : anyOf(parts);
  }

  #classMember(): number | Accepts {
    const character = this.#next();
    if (character !== '\\') return code(character);
    const escaped = this.#peek() ?? '';
    if (Object.hasOwn(CLASSES, escaped)) return this.#escape('');
    this.#next();
    return this.#escapedCode(escaped, `${SYNTAX}-`);
  }

  #escape(allowed: string): Accepts {
    const character = this.#next();
    const named = Object.hasOwn(CLASSES, character) ? CLASSES[character] : undefined;
    if (named) return named;
    const value = this.#escapedCode(character, allowed);
    return (c) => c === value;
  }

  #escapedCode(character: string, allowed: string): number {
    if (Object.hasOwn(CONTROLS, character)) return code(CONTROLS[character] ?? '');
    if (character !== '' && allowed.includes(character)) return code(character);
    this.#fail(`uses \\${character}, which is not supported`);
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string {
    return this.#characters[this.#at++] ?? this.#fail('ends too early');
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }

  #fail(problem: string): never {
    throw new StudioError(
      'bad-recipe',
      `The regular expression "${shorten(this.#source)}" ${problem} (at character ${this.#at}).`,
    );
  }
}
