/**
 * Seeded fuzzing: mutants of known bases, each made from its own seed, so that one can be made
 * again without those before it. What a mutant must do is the caller's to check.
 */
import { type Random, seededRandom } from '../random.ts';

export interface FuzzSettings {
  readonly seed: number;
  /** By how much the usual number of mutants is multiplied. */
  readonly scale: number;
  /** Only this mutant, as a failure names it: `base#index`. */
  readonly only: string | undefined;
}

/** What `npm run fuzz` hands to the tests by environment variables; else the usual run. */
export function fuzzSettings(env: Readonly<Record<string, string | undefined>>): FuzzSettings {
  const { WHITTLE_FUZZ_SEED = '20000', WHITTLE_FUZZ_SCALE = '1', WHITTLE_FUZZ_ONLY } = env;
  return {
    seed: Number(WHITTLE_FUZZ_SEED),
    scale: Number(WHITTLE_FUZZ_SCALE),
    only: WHITTLE_FUZZ_ONLY,
  };
}

export type Outcome = 'accepted' | 'rejected';

export interface Campaign {
  /** Names the base in failures. */
  readonly base: string;
  readonly mutants: number;
  /**
   * Makes one mutant and checks it.
   * @param random of this mutant alone
   * @throws if the mutant does what it must not
   */
  readonly attempt: (random: Random) => Outcome | Promise<Outcome>;
}

export interface Tally {
  readonly accepted: number;
  readonly rejected: number;
  readonly slowestMs: number;
}

/** @throws the first failure, with what makes its mutant again */
export async function fuzz(campaign: Campaign, settings: FuzzSettings): Promise<Tally> {
  const { base, attempt } = campaign;
  const { seed, only } = settings;
  const count = Math.ceil(campaign.mutants * settings.scale);
  const tally = { accepted: 0, rejected: 0, slowestMs: 0 };
  for (let index = 0; index < count; index++) {
    if (only !== undefined && only !== `${base}#${index}`) continue;
    const start = performance.now();
    try {
      tally[await attempt(mutantRandom(seed, base, index))]++;
    } catch (cause) {
      throw new Error(
        `Mutant ${index} of ${base} with seed ${seed} fails: ${messageOf(cause)}\nMake it again with: npm run fuzz -- --seed ${seed} --only '${base}#${index}'`,
        { cause },
      );
    }
    tally.slowestMs = Math.max(tally.slowestMs, performance.now() - start);
  }
  return tally;
}

/** In long runs, one line a base, which `npm run fuzz` adds up. */
export function report(base: string, tally: Tally, { scale }: FuzzSettings): void {
  const isAny = tally.accepted + tally.rejected > 0;
  if (scale !== 1 && isAny) console.log(`fuzz ${JSON.stringify({ base, ...tally })}`);
}

const TRIES = 5;

/**
 * What `act` gives, if it takes less than the limit at least once of a few times, as other work may
 * share the machine.
 */
export async function onTime<T>(limitMs: number, act: () => T | Promise<T>): Promise<T> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < TRIES; round++) {
    const start = performance.now();
    const outcome = await act();
    best = Math.min(best, performance.now() - start);
    if (best < limitMs) return outcome;
  }
  throw new Error(`it took ${best.toFixed(0)} ms, of at most ${limitMs}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** FNV-1a over base and index, beside the seed. */
function mutantRandom(seed: number, base: string, index: number): Random {
  let hash = 0x811c9dc5;
  for (const char of `${base}#${index}`) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return seededRandom((seed % 2 ** 20) * 2 ** 32 + hash);
}

/** One of `choices`, which are not empty. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[random.below(choices.length)];
  if (choice === undefined) throw new Error('there is nothing to choose from');
  return choice;
}
