/**
 * JSON from files, with errors a person can act on. `JSON.parse` says where it failed in words of
 * its own in each browser (Safari: not at all) and takes any depth.
 */
import { type ErrorCode, StudioError } from './studio-error.ts';

const MAX_DEPTH = 100;

const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The value of `text`; a byte-order mark is skipped.
 * - `what` — the subject of error messages: "The recipe"
 * @throws `code` with line and column (from 1) of the first character that breaks the syntax
 */
export function parseJson(text: string, what: string, code: ErrorCode): unknown {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  const scanner = new Scanner(json);
  const problem = scanner.problem();
  if (problem === null) return JSON.parse(json);
  const before = json.slice(0, scanner.at).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  throw new StudioError(
    code,
    `${what} is not valid JSON: ${problem} at line ${before.length}, column ${column}.`,
    { detail: { path: `line ${before.length}, column ${column}` } },
  );
}

class Scanner {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  problem(): string | null {
    const problem = this.#value(0);
    if (problem !== null) return problem;
    return this.at < this.#text.length ? 'text after the end' : null;
  }

  #value(depth: number): string | null {
    if (depth > MAX_DEPTH) return `nesting over ${MAX_DEPTH} deep`;
    this.#skip(SPACE);
    if (this.#take('{')) return this.#list('}', depth, true);
    if (this.#take('[')) return this.#list(']', depth, false);
    const known = this.#string() || this.#skip(NUMBER) || this.#skip(LITERAL);
    if (!known) return this.#unexpected('a value');
    this.#skip(SPACE);
    return null;
  }

  #list(close: string, depth: number, keyed: boolean): string | null {
    this.#skip(SPACE);
    if (!this.#take(close)) {
      do {
        const problem = (keyed ? this.#key() : null) ?? this.#value(depth + 1);
        if (problem !== null) return problem;
      } while (this.#take(','));
      if (!this.#take(close)) return this.#unexpected(`"," or "${close}"`);
    }
    this.#skip(SPACE);
    return null;
  }

  #key(): string | null {
    this.#skip(SPACE);
    if (!this.#string()) return this.#unexpected('a key in double quotes');
    this.#skip(SPACE);
    return this.#take(':') ? null : this.#unexpected('":"');
  }

  /** Character by character: a regular expression runs out of stack on megabytes. */
  #string(): boolean {
    const start = this.at;
    if (!this.#take('"')) return false;
    while (this.at < this.#text.length) {
      const code = this.#text.charCodeAt(this.at);
      if (code === BACKSLASH) {
        if (!this.#skip(ESCAPE)) break;
      } else if (code < 0x20) break;
      else this.at++;
      if (code === QUOTE) return true;
    }
    this.at = start;
    return false;
  }

  #unexpected(wanted: string): string {
    return this.at < this.#text.length ? `${wanted} is missing` : `the end comes before ${wanted}`;
  }

  #take(character: string): boolean {
    if (this.#text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.#text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
