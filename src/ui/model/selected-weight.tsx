import { formatDb, formatDims, formatNumber } from '../../report/format.ts';
import { useSession } from '../studio-context.tsx';
import { Histogram, valueWords } from './histogram.tsx';
import type { WeightState } from './weight-state.ts';

/** The selected weight's facts and the histogram of its values. */
export function SelectedWeight({ states }: { states: readonly WeightState[] }) {
  const values = useSession((session) => session.values);
  if (values.status === 'none') {
    return (
      <div className="values s12 t3">Select a weight to see its values and why it is as it is.</div>
    );
  }
  const state = states.find(({ weight }) => weight.name === values.weight);
  if (!state) return null;
  const { weight, reason, sqnrDb } = state;
  return (
    <div className="values">
      <div className="sh">
        <h3 className="ell" title={weight.name}>
          {weight.label}
        </h3>
      </div>
      <div className="s11 t3 row between" style={{ margin: '2px 0 4px' }}>
        <span>
          {weight.op}, {formatDims(weight.dims)}
          {values.status === 'ready' &&
            `, std ${formatNumber(values.histogram.standardDeviation, 3)}, max |w| ${valueWords(values.histogram.limit)}`}
        </span>
        {sqnrDb !== null && <span className="t2 nowrap">SQNR {formatDb(sqnrDb)}</span>}
      </div>
      {reason !== null && <p className="s11 t2">Left alone: {reason}</p>}
      {values.status === 'failed' && <p className="s12 bad">{values.failure.message}</p>}
      {values.status === 'loading' && <div style={{ height: 80 }} aria-busy="true" />}
      {values.status === 'ready' && <Histogram values={values.histogram} />}
    </div>
  );
}
