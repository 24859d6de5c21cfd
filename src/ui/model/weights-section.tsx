import { memo, useMemo, useState } from 'react';
import { formatCount } from '../../report/format.ts';
import { filterWeights } from '../../state/look-at.ts';
import { Icon } from '../icon.tsx';
import { Segmented } from '../segmented.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { BlocksTable } from './blocks-table.tsx';
import { filterStates } from './weight-list.ts';
import type { View, WeightState } from './weight-state.ts';
import { WeightsTable } from './weights-table.tsx';

type Form = 'list' | 'blocks';

const FORMS: readonly { readonly value: Form; readonly label: string }[] = [
  { value: 'list', label: 'List' },
  { value: 'blocks', label: 'Blocks' },
];

interface Props {
  readonly states: readonly WeightState[];
  readonly view: View;
}

/** Every weight, one by one or by what it belongs to, and the filter of both. */
export const WeightsSection = memo(function WeightsSection({ states, view }: Props) {
  const studio = useStudio();
  const filter = useSession(({ weightFilter }) => weightFilter);
  const [form, setForm] = useState<Form>('list');
  const shown = useMemo(() => filterStates(states, filter), [states, filter]);
  const total = useMemo(
    () => states.reduce((sum, { weight }) => sum + weight.byteLength, 0),
    [states],
  );
  const Table = form === 'list' ? WeightsTable : BlocksTable;
  return (
    <div className="weights">
      <div className="row weights-head">
        <label className="field grow">
          <Icon name="search" small />
          <input
            data-filter-weights
            aria-label="Filter weights"
            placeholder={`Filter ${formatCount(states.length)} ${states.length === 1 ? 'weight' : 'weights'} by name, op or shape`}
            value={filter}
            onChange={(event) => filterWeights(studio, event.currentTarget.value)}
          />
          {filter !== '' && (
            <>
              <span>{formatCount(shown.length)}</span>
              <button
                type="button"
                className="clear"
                aria-label="Clear the filter"
                onClick={() => filterWeights(studio, '')}
              >
                <Icon name="x" small />
              </button>
            </>
          )}
        </label>
        <Segmented name="Weights as" value={form} choices={FORMS} onChange={setForm} small />
      </div>
      <Table states={shown} view={view} total={total} />
      {shown.length === 0 && (
        <p className="s12 t3 pad none">
          No weight matches “<bdi>{filter}</bdi>”.{' '}
          <button type="button" className="link" onClick={() => filterWeights(studio, '')}>
            Show all {formatCount(states.length)}
          </button>
        </p>
      )}
    </div>
  );
});
