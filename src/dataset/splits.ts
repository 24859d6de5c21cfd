/**
 * Which rows calibrate and which measure: never the same ones. Files named `calib*` or `train*`
 * calibrate, `test*`, `eval*`, `dev*`, `valid*` measure; a set whose name says neither is split by a
 * seeded hash of each row, so that equal rows fall on one side and their order does not matter.
 */
import { assert } from '../core/assert.ts';
import { hashText } from './hash.ts';
import type { Role, RowSet, Rows } from './rows.ts';

export const CALIBRATION_LIMIT = 512;
const CALIBRATION_SHARE = 0.2;

export interface Split {
  readonly evaluation: Rows;
  readonly calibration: Rows;
  /** All rows that may calibrate, however many: what a person's texts are like. */
  readonly corpus: Rows;
  /** Files whose rows are used. */
  readonly evaluationPaths: readonly string[];
  readonly calibrationPaths: readonly string[];
  /** Files left out because others, with names that say more, take their place. */
  readonly unused: readonly string[];
}

/** The role that the name of a file gives its rows. */
export function roleOf(path: string): Role {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (name.startsWith('calib')) return 'calibration';
  if (name.startsWith('train')) return 'train';
  return /^(test|eval|dev|valid)/.test(name) ? 'evaluation' : 'unnamed';
}

interface Row {
  readonly set: RowSet;
  readonly index: number;
}

export function splitRows(sets: readonly RowSet[], seed: number): Split {
  const withRole = (...roles: Role[]) => sets.filter(({ role }) => roles.includes(role));
  const fitting = withRole('calibration', 'train');
  const named = withRole('evaluation');
  const unnamed = withRole('unnamed');
  const measuring = named.length > 0 ? named : unnamed;
  const unused = named.length > 0 ? unnamed : [];
  // Named for measuring and alone: all of it measures, as its name says.
  if (fitting.length === 0 && named.length > 0) {
    return assemble(named.flatMap(rowsOf), [], unused, seed);
  }
  if (fitting.length === 0 || measuring.length === 0) {
    const { fit, rest } = divide([...fitting, ...measuring].flatMap(rowsOf), seed);
    return assemble(rest, fit, unused, seed);
  }
  const evaluation = measuring.flatMap(rowsOf);
  const measured = new Set(evaluation.map(keyOf));
  const free = fitting.flatMap(rowsOf).filter((row) => !measured.has(keyOf(row)));
  return assemble(evaluation, free, unused, seed);
}

function divide(rows: readonly Row[], seed: number): { fit: Row[]; rest: Row[] } {
  const fits = (row: Row) => hashText(keyOf(row), seed) < CALIBRATION_SHARE * 2 ** 32;
  const fit = rows.filter(fits);
  // Too few rows to share: measuring comes first.
  if (fit.length === rows.length) return { fit: [], rest: [...rows] };
  return { fit, rest: rows.filter((row) => !fits(row)) };
}

/** At most the limit: `calib*` before `train*`, then by seeded hash; kept in their order. */
function capped(rows: readonly Row[], seed: number): Row[] {
  if (rows.length <= CALIBRATION_LIMIT) return [...rows];
  const ranked = rows
    .map((row, order) => ({
      order,
      train: row.set.role === 'train' ? 1 : 0,
      hash: hashText(keyOf(row), seed),
    }))
    .sort((a, b) => a.train - b.train || a.hash - b.hash || a.order - b.order);
  const kept = new Set(ranked.slice(0, CALIBRATION_LIMIT).map(({ order }) => order));
  return rows.filter((_, order) => kept.has(order));
}

/** The first rows of those that stay together. */
const rowsOf = (set: RowSet): Row[] =>
  Array.from({ length: set.count / set.width }, (_, unit) => ({ set, index: unit * set.width }));

const keyOf = ({ set, index }: Row): string => set.key(index);

/** @param free rows that do not measure */
function assemble(evaluation: Row[], free: Row[], unused: readonly RowSet[], seed: number): Split {
  const calibration = capped(free, seed);
  const paths = (rows: Row[]) => [...new Set(rows.map(({ set }) => set.path))];
  return {
    evaluation: joined(evaluation),
    calibration: joined(calibration),
    corpus: joined(free),
    evaluationPaths: paths(evaluation),
    calibrationPaths: paths(calibration),
    unused: unused.map(({ path }) => path),
  };
}

function joined(firsts: readonly Row[]): Rows {
  const rows = firsts.flatMap(({ set, index }) =>
    Array.from({ length: set.width }, (_, part) => ({ set, index: index + part })),
  );
  const at = (index: number): Row => {
    const row = rows[index];
    assert(row, `row ${index} of ${rows.length}`);
    return row;
  };
  return {
    count: rows.length,
    feeds: (index) => at(index).set.feeds(at(index).index),
    label: (index) => at(index).set.label(at(index).index),
    written: (index) => at(index).set.written?.(at(index).index) ?? null,
    tokens: (index) => at(index).set.tokens(at(index).index),
    places: (index) => at(index).set.places?.(at(index).index) ?? null,
    text: (index) => at(index).set.text(at(index).index),
    picture: (index) => at(index).set.picture?.(at(index).index) ?? null,
    sides: (index) => at(index).set.sides?.(at(index).index) ?? null,
  };
}
