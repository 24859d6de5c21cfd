import { useMemo } from 'react';
import { formatDb, formatNumber } from '../../../report/format.ts';
import { selectWeight } from '../../../state/look-at.ts';
import type { Run } from '../../../state/run.ts';
import { Glossed } from '../../glossed.tsx';
import { OverrideMenu } from '../../model/override-menu.tsx';
import { withoutIds } from '../../model/weight-state.ts';
import { useSession, useStudio } from '../../studio-context.tsx';
import { hardestOf } from './hardest-of.ts';

/** The weights that a run has changed most, each with the way to its values and to a step of its own. */
export function HardestWeights({ run }: { run: Run }) {
  const studio = useStudio();
  const weights = useSession(({ model }) => model.weights);
  const hardest = useMemo(() => hardestOf(run.weights, weights), [run.weights, weights]);
  if (hardest.length === 0) return null;
  return (
    <section className="hardest" aria-label="Hardest weights">
      <div className="sh">
        <h3>Hardest weights of B</h3>
        <span className="right">
          <span>
            <Glossed text="SQNR, dB" />
          </span>
        </span>
      </div>
      <table className="plain" aria-label="Hardest weights">
        <tbody>
          {hardest.map(({ weight, row, sqnrDb }) => (
            <tr key={weight.name}>
              <th scope="row">
                <button
                  type="button"
                  className="link ell"
                  title={`${weight.label}: show its values`}
                  onClick={() => selectWeight(studio, weight.name)}
                >
                  {weight.label}
                </button>
              </th>
              <td className="t2 ell">{withoutIds(row.encoding)}</td>
              <td className="num b" data-value={sqnrDb} title={`SQNR ${formatDb(sqnrDb)}`}>
                {formatNumber(sqnrDb, 1)}
              </td>
              <td className="num">
                <OverrideMenu chosen={[{ weight }]} of={weight.label} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
