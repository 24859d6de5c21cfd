/** Has the answers to an input timed by turns, once they are given, as a benchmark times pairs. */
import { changeTrying, failTrying } from './change-trying.ts';
import { isCancelled, toFailure } from './failure.ts';
import type { Studio } from './store.ts';
import { triedRuns } from './try.ts';
import { type Asked, sameAsked, type Timing } from './trying.ts';

export class AnswerTimer {
  readonly #studio: Studio;
  /** What is being timed, or was. */
  #timed: Asked | null = null;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Times what was answered, unless it is timed already. */
  follow(answered: Asked): void {
    if (!this.#timed || !sameAsked(this.#timed, answered)) void this.#time(answered);
  }

  async #time(asked: Asked): Promise<void> {
    const { session } = this.#studio.store.getState();
    if (session?.model.id !== asked.modelId) return;
    this.#timed = asked;
    const { modelId, input, backend } = asked;
    const runs = triedRuns(session).filter(({ id }) => {
      const answer = session.trying.answers?.byRun.get(id);
      return answer && !('failure' in answer);
    });
    const subjects = runs.map(({ id, files }) => ({ runId: id, files }));
    let timing: Timing = {
      ...{ input, backend, runIds: runs.map(({ id }) => id), rounds: [], end: null },
    };
    const show = (fields: Partial<Timing>) => {
      timing = { ...timing, ...fields };
      if (this.#timed === asked) changeTrying(this.#studio, modelId, { timing });
    };
    try {
      const end = await this.#studio.engine.call(
        'timeAnswers',
        [{ modelId, input, subjects, backend }],
        { onProgress: (times) => show({ rounds: [...timing.rounds, times] }) },
      );
      show({ end });
    } catch (error) {
      if (this.#timed !== asked) return;
      this.#timed = null; // what took its place ends some time: then this is timed again
      if (isCancelled(error) || toFailure(error).code === 'busy') return;
      failTrying(this.#studio, modelId, error, (failure) => ({ failure }));
    }
  }
}
