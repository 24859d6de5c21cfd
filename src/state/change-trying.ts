/** Changes of what is tried on a model, while that is open. */
import { type Failure, toFailure } from './failure.ts';
import { type Studio, updateSession } from './store.ts';
import type { Trying } from './trying.ts';

export function changeTrying(studio: Studio, modelId: string, fields: Partial<Trying>): void {
  updateSession(studio, modelId, ({ trying }) => ({ trying: { ...trying, ...fields } }));
}

/** An engine that failed holds nothing any more. @throws `error` if it is a bug */
export function failTrying(
  studio: Studio,
  modelId: string,
  error: unknown,
  fields: (failure: Failure) => Partial<Trying>,
): void {
  const failure = toFailure(error);
  updateSession(studio, modelId, ({ trying, engineHasModel }) => ({
    trying: { ...trying, ...fields(failure) },
    engineHasModel: engineHasModel && failure.code !== 'worker-failed',
  }));
  if (failure.code === 'bug') throw error;
}
