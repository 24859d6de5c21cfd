/** Times by operator of A and B, joined. */
import type { OperatorTime, OperatorTimes } from '../../../report/operator-times.ts';

export interface OperatorRow {
  readonly op: string;
  readonly onCpu: boolean;
  readonly a: OperatorTime | null;
  readonly b: OperatorTime | null;
}

/** Where either takes most time, first. */
export function operatorRows(
  a: OperatorTimes | null,
  b: OperatorTimes | null,
): readonly OperatorRow[] {
  const keyOf = ({ op, onCpu }: OperatorTime) => `${op} ${onCpu}`;
  const ofA = new Map(a?.operators.map((it) => [keyOf(it), it]));
  const ofB = new Map(b?.operators.map((it) => [keyOf(it), it]));
  return [...new Set([...ofA.keys(), ...ofB.keys()])]
    .flatMap((key): OperatorRow[] => {
      const [inA = null, inB = null] = [ofA.get(key), ofB.get(key)];
      const any = inA ?? inB;
      return any ? [{ op: any.op, onCpu: any.onCpu, a: inA, b: inB }] : [];
    })
    .sort((one, other) => slowest(other) - slowest(one));
}

const slowest = ({ a, b }: OperatorRow): number => Math.max(a?.durationMs ?? 0, b?.durationMs ?? 0);

/** Of all operators in one run; null where some told no time. */
export function totalMs(times: OperatorTimes): number | null {
  let total = 0;
  for (const { durationMs } of times.operators) {
    if (durationMs === null) return null;
    total += durationMs;
  }
  return total;
}
