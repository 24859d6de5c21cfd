import { formatNumber } from '../../report/format.ts';
import { cellSize } from '../results/cell-size.ts';
import { lastParts } from './front-cut.ts';
import { weightColour } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

/** Characters of an encoding beside its swatch. */
const ENCODING_ROOM = 15;

/** Cut for the eye, whole for screen readers. */
export function Short({ whole, short }: { whole: string; short: string }) {
  if (short === whole) return <bdi>{whole}</bdi>;
  return (
    <>
      <bdi aria-hidden="true">{short}</bdi>
      <span className="hidden-name">{whole}</span>
    </>
  );
}

/** Two decimals tell layers apart; smaller weights fall back to three. */
export const megabytes = (bytes: number): string =>
  bytes >= 50_000 ? formatNumber(bytes / 1e6, 2) : cellSize(bytes);

export function Encoding({ state }: { state: WeightState }) {
  const { encoding, failed, family, reason, pending } = state;
  if (failed) return <span className="bad">failed</span>;
  if (family === null) {
    return (
      <span className="t3">
        {encoding}
        {reason !== null && !pending && <span className="hidden-name">, {reason}</span>}
      </span>
    );
  }
  return (
    <span className="row" style={{ gap: 5 }}>
      <i className="sw" style={{ background: `var(--${weightColour(state)})` }} />
      <Short whole={encoding} short={lastParts(encoding, ENCODING_ROOM)} />
    </span>
  );
}

export function sqnrCell({ sqnrDb, pending }: WeightState) {
  if (sqnrDb !== null) return Number.isFinite(sqnrDb) ? formatNumber(sqnrDb, 1) : 'exact';
  return <span className="t3">{pending ? 'waits' : 'exact'}</span>;
}
