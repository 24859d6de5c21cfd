/** What the person looks at: the selected weights, and the filter of the weights table. */
import type { Session } from './state.ts';
import { type Studio, updateSession } from './store.ts';

/** Selects one weight everywhere; null selects none. */
export function selectWeight(studio: Studio, name: string | null): void {
  change(studio, () => ({ selectedWeight: name, markedWeights: NONE, focus: null }));
}

/** Adds a weight to those that are marked, or takes it out; the first joins the selected one. */
export function toggleMark(studio: Studio, name: string): void {
  change(studio, (session) => {
    const marked = new Set(chosenWeights(session));
    if (!marked.delete(name)) marked.add(name);
    const next = marked.has(name) ? name : ([...marked].at(-1) ?? null);
    return { ...lookAt(next, session.selectedWeight), markedWeights: severalOf(marked) };
  });
}

/** Marks these weights and no others, and looks at `active`. */
export function markWeights(studio: Studio, names: Iterable<string>, active: string | null): void {
  change(studio, ({ selectedWeight }) => ({
    ...lookAt(active, selectedWeight),
    markedWeights: severalOf(new Set(names)),
  }));
}

export function filterWeights(studio: Studio, weightFilter: string): void {
  change(studio, () => ({ weightFilter }));
}

/** Names of the weights that are chosen: those that are marked, else the selected one. */
export const chosenWeights = ({ markedWeights, selectedWeight }: Chosen): readonly string[] => {
  if (markedWeights.size > 0) return [...markedWeights];
  return selectedWeight === null ? [] : [selectedWeight];
};

type Chosen = Pick<Session, 'markedWeights' | 'selectedWeight'>;

const NONE: ReadonlySet<string> = new Set();

/** One weight alone is selected, not marked. */
const severalOf = (names: ReadonlySet<string>): ReadonlySet<string> =>
  names.size > 1 ? names : NONE;

const lookAt = (next: string | null, before: string | null) =>
  next === before ? {} : { selectedWeight: next, focus: null };

function change(studio: Studio, update: (session: Session) => Partial<Session>): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, update);
}

/** Shows the tab with this id beside the chart. */
export function showDetail(studio: Studio, detail: string): void {
  const { session } = studio.store.getState();
  if (session) updateSession(studio, session.model.id, () => ({ detail }));
}
