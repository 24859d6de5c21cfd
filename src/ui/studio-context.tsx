import { createContext, useContext } from 'react';
import { assert } from '../core/assert.ts';
import type { Session, State } from '../state/state.ts';
import { type Studio, useStudioState } from '../state/store.ts';

const StudioContext = createContext<Studio | null>(null);

export const StudioProvider = StudioContext.Provider;

/** What actions act on. */
export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  assert(studio, 'components render inside a StudioProvider');
  return studio;
}

/** A part of the state: a primitive or a stable reference. */
export const useApp = <T,>(select: (state: State) => T): T =>
  useStudioState(useStudio().store, select);

/** A part of the open session; the workbench renders only with one. */
export const useSession = <T,>(select: (session: Session) => T): T =>
  useApp(({ session }) => {
    assert(session, 'a model is open');
    return select(session);
  });
