/** What A and B did to each weight, side by side. */
import type { ModelSummary } from '../../../report/model-summary.ts';
import type { WeightRow } from '../../../report/report.ts';
import type { Run } from '../../../state/run.ts';
import { shortDtype } from '../../../state/short-dtype.ts';

export interface WeightSide {
  readonly encoding: string;
  readonly byteLength: number;
  /** null where it was left as it was. */
  readonly sqnrDb: number | null;
  /** Why it was left alone, or that it failed. */
  readonly reason: string | null;
}

export interface WeightDifference {
  readonly name: string;
  readonly label: string;
  readonly op: string;
  readonly a: WeightSide;
  readonly b: WeightSide;
  /** Encoding, bytes or SQNR are not the same. */
  readonly differs: boolean;
}

/** Every weight of the model, those with the largest difference of bytes first. */
export function weightDifferences(
  weights: ModelSummary['weights'],
  a: Run,
  b: Run,
): readonly WeightDifference[] {
  const [rowsA, rowsB] = [byName(a), byName(b)];
  return weights
    .map((weight): WeightDifference => {
      const asItWas: WeightSide = {
        encoding: shortDtype(weight.dtype),
        byteLength: weight.byteLength,
        sqnrDb: null,
        reason: null,
      };
      const sideA = sideOf(rowsA.get(weight.name), asItWas);
      const sideB = sideOf(rowsB.get(weight.name), asItWas);
      return {
        ...{ name: weight.name, label: weight.label, op: weight.op, a: sideA, b: sideB },
        differs:
          sideA.encoding !== sideB.encoding ||
          sideA.byteLength !== sideB.byteLength ||
          sideA.sqnrDb !== sideB.sqnrDb,
      };
    })
    .toSorted((one, other) => changeOf(other) - changeOf(one));
}

const byName = ({ weights }: Run): ReadonlyMap<string, WeightRow> =>
  new Map(weights.map((row) => [row.name, row]));

function sideOf(row: WeightRow | undefined, asItWas: WeightSide): WeightSide {
  if (!row) return asItWas;
  const { technique, failed, encoding, bytesAfter, sqnrDb, reason, note = null } = row;
  if (failed) return { ...asItWas, reason: `failed: ${reason ?? 'no reason given'}` };
  if (technique === null) return { ...asItWas, reason };
  return { encoding, byteLength: bytesAfter, sqnrDb, reason: note };
}

const changeOf = ({ a, b }: WeightDifference): number => Math.abs(a.byteLength - b.byteLength);
