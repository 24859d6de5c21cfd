/** Which columns of the runs table the person does not want to see. */
import { RUN_COLUMNS, type RunColumn } from './run-column.ts';
import { type Studio, updateSession } from './store.ts';

const KEY = 'whittle-hidden-columns';

/** As an earlier visit left it; what is no column is ignored. */
export function recallHidden({ effects }: Pick<Studio, 'effects'>): ReadonlySet<RunColumn> {
  const words = (effects.recall(KEY) ?? '').split(' ');
  return new Set(RUN_COLUMNS.filter((column) => words.includes(column)));
}

export function showColumn(studio: Studio, column: RunColumn, shown: boolean): void {
  const { session } = studio.store.getState();
  if (!session) return;
  const hidden = new Set(session.hiddenColumns);
  if (shown) hidden.delete(column);
  else hidden.add(column);
  updateSession(studio, session.model.id, () => ({ hiddenColumns: hidden }));
  studio.effects.remember(KEY, hidden.size > 0 ? [...hidden].join(' ') : null);
}
