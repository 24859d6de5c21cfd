/** The models that a person tries: the original by the session that measures it, runs by warm ones. */
import type { Ran } from '../bench/read-answer.ts';
import type { Session } from '../bench/session.ts';
import type { TrialSubject } from '../bridge/trial-calls.ts';
import type { Backend } from '../core/backend.ts';
import type { Feeds } from '../dataset/rows.ts';
import type { OpenModel } from './models.ts';
import { type Original, originalOf } from './original.ts';
import { WarmSessions } from './warm-sessions.ts';

export interface Subject {
  /** Its session was opened now: the first run compiles, so its time says nothing. */
  readonly fresh: boolean;
  /** Milliseconds of all feeds together. @throws runtime-failed, device-lost */
  run(feeds: readonly Feeds[]): Promise<{ readonly ran: Ran; readonly durationMs: number }>;
}

export class Subjects {
  readonly #warm = new WarmSessions();
  /** Originals whose session was opened to be tried, not to be measured. */
  readonly #opened = new Set<Original>();

  /** @throws too-large, runtime-failed, no-webgpu */
  async session(
    open: OpenModel,
    { runId, files }: TrialSubject,
    backend: Backend,
    signal: AbortSignal,
  ): Promise<Subject> {
    const original = originalOf(open);
    if (files) {
      const beside = original.isOpen(backend) ? original.sessionFiles : NOTHING;
      const { session, fresh } = await this.#warm.get(runId, files, backend, beside, signal);
      return subjectOf(session, fresh);
    }
    const fresh = !original.isOpen(backend);
    if (fresh) this.#opened.add(original);
    return subjectOf(await original.session(backend), fresh);
  }

  async release(): Promise<void> {
    await this.#warm.release();
    const originals = [...this.#opened];
    this.#opened.clear();
    for (const original of originals) await original.release();
  }
}

const NOTHING = { embeddedBytes: 0, externalBytes: 0 };

function subjectOf(session: Session, fresh: boolean): Subject {
  const run = async (feeds: readonly Feeds[]) => {
    let durationMs = 0;
    const outputs = [];
    for (const one of feeds) {
      const result = await session.timedRun(one);
      durationMs += result.durationMs;
      outputs.push(result.outputs);
    }
    return { ran: { feeds, outputs }, durationMs };
  };
  return { fresh, run };
}
