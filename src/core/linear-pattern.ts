/**
 * Regular expressions from untrusted files, searched in linear time: a Thompson automaton followed
 * in lockstep, so no pattern can hang the page. A subset of JavaScript's with the `u` flag, same
 * meaning: literals, `.`, classes, `\d \w \s` and their negations, groups, `|`, `* + ? {m,n}`
 * (lazy too: whether there is a match is the same), `^` and `$`. Not supported, refused:
 * back-references, lookaround, word boundaries, named groups, Unicode properties.
 */

import { type Pattern, parsePattern, shorten } from './pattern-syntax.ts';
import { StudioError } from './studio-error.ts';

/** States of one automaton; `{m,n}` multiplies, so a short pattern can ask for many. */
const MAX_STATES = 1000;

/** Parts visited while building: repeating what is empty adds no state. */
const MAX_PARTS = 20_000;

type State =
  | { readonly kind: 'character'; readonly accepts: (codePoint: number) => boolean; next: number }
  | { readonly kind: 'fork'; readonly branches: number[] }
  | { readonly kind: 'start'; next: number }
  | { readonly kind: 'end'; next: number }
  | { readonly kind: 'match' };

/**
 * A function that says whether `source` matches anywhere in a text; at most states × text steps.
 * @throws bad-recipe if the pattern is malformed, unsupported or too large
 */
export function compilePattern(source: string): (text: string) => boolean {
  const automaton = new Automaton(source);
  const first = automaton.build(parsePattern(source), 0);
  return (text) => search(automaton.states, first, text);
}

/** State 0 is the match; the others are added back to front, each knowing what follows. */
class Automaton {
  readonly states: State[] = [{ kind: 'match' }];
  readonly #source: string;
  #parts = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Adds the states of `pattern`, which lead on to `next`; returns the first of them. */
  build(pattern: Pattern, next: number): number {
    if (++this.#parts > MAX_PARTS) this.#tooLarge();
    switch (pattern.kind) {
      case 'character':
        return this.#add({ kind: 'character', accepts: pattern.accepts, next });
      case 'start':
      case 'end':
        return this.#add({ kind: pattern.kind, next });
      case 'sequence':
        return pattern.items.reduceRight((after, item) => this.build(item, after), next);
      case 'choice':
        return this.#fork(pattern.items.map((item) => this.build(item, next)));
      case 'repeat':
        return this.#repeat(pattern, next);
      default:
        return pattern satisfies never;
    }
  }

  #repeat({ item, min, max }: Extract<Pattern, { kind: 'repeat' }>, next: number): number {
    let first = next;
    if (max === Number.POSITIVE_INFINITY) {
      const branches = [next];
      first = this.#fork(branches);
      branches.push(this.build(item, first));
    } else {
      for (let i = min; i < max; i++) first = this.#fork([this.build(item, first), next]);
    }
    for (let i = 0; i < min; i++) first = this.build(item, first);
    return first;
  }

  #fork(branches: number[]): number {
    return this.#add({ kind: 'fork', branches });
  }

  #add(state: State): number {
    if (this.states.length >= MAX_STATES) this.#tooLarge();
    return this.states.push(state) - 1;
  }

  #tooLarge(): never {
    throw new StudioError(
      'bad-recipe',
      `The regular expression "${shorten(this.#source)}" repeats too much: it expands to over ${MAX_STATES} states. Use smaller counts.`,
    );
  }
}

function search(states: readonly State[], first: number, text: string): boolean {
  const codePoints = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let active = new Set<number>();
  for (let at = 0; ; at++) {
    follow(states, active, first, at === 0, at === codePoints.length); // a match may start here
    if (active.has(0)) return true;
    const codePoint = codePoints[at];
    if (codePoint === undefined) return false;
    const reached = new Set<number>();
    for (const index of active) {
      const state = states[index];
      if (state?.kind === 'character' && state.accepts(codePoint)) {
        follow(states, reached, state.next, false, at + 1 === codePoints.length);
      }
    }
    active = reached;
  }
}

/** Adds to `active` every state reached from `from` without reading; a stack, not recursion. */
function follow(
  states: readonly State[],
  active: Set<number>,
  from: number,
  atStart: boolean,
  atEnd: boolean,
): void {
  const stack = [from];
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    if (active.has(index)) continue;
    active.add(index);
    const state = states[index];
    if (state?.kind === 'fork') stack.push(...state.branches);
    else if (state?.kind === 'start' && atStart) stack.push(state.next);
    else if (state?.kind === 'end' && atEnd) stack.push(state.next);
  }
}
