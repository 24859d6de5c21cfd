import { assert } from '../../core/assert.ts';
import type { SharedView } from '../../state/shared-view.ts';
import { useApp } from '../studio-context.tsx';

/** A part of the shared result on the screen; its screen renders only with one. */
export const useShared = <T>(select: (shared: SharedView) => T): T =>
  useApp(({ shared }) => {
    assert(shared, 'a shared result is shown');
    return select(shared);
  });
