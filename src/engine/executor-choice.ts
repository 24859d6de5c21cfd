/** How long the CPU would take for what is left of a job: measured here, by small trials. */

/** A weight's work: `cost` counts what its kind's time grows with (elements, multiplications). */
export interface Work {
  readonly kind: string;
  readonly cost: number;
}

/** Does work of a kind, on something made up of about that cost; gives the cost that it had. */
export type Trial = (kind: string, cost: number) => Promise<number>;

/** A trial of that time says enough: shorter ones are mostly warm-up. */
const LONG_ENOUGH_MS = 40;
const FIRST_COST = 2 ** 14;
const GROWTH = 4;

/**
 * Milliseconds for all of `work`. Each kind is tried once it is warm, with four times the cost until
 * the clock can tell or a trial is as large as the work itself.
 */
export async function estimateDuration(
  work: readonly Work[],
  trial: Trial,
  now: () => number = () => performance.now(),
): Promise<number> {
  const costs = new Map<string, number>();
  for (const { kind, cost } of work) costs.set(kind, (costs.get(kind) ?? 0) + cost);
  let total = 0;
  for (const [kind, cost] of costs) total += cost * (await msPerCost(kind, cost, trial, now));
  return total;
}

async function msPerCost(
  kind: string,
  whole: number,
  trial: Trial,
  now: () => number,
): Promise<number> {
  for (let cost = FIRST_COST; ; cost *= GROWTH) {
    const start = now();
    const had = await trial(kind, cost);
    const durationMs = now() - start;
    const isWarm = cost > FIRST_COST;
    if (isWarm && (durationMs >= LONG_ENOUGH_MS || cost >= whole)) return durationMs / had;
  }
}
