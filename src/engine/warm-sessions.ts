/**
 * Sessions of runs that are tried, kept open between answers: the least recently used goes first,
 * and none stays that does not fit the runtime's heap beside the others.
 */
import { createSession, type Session } from '../bench/session.ts';
import type { DroppedFile } from '../bridge/opened.ts';
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import { type SessionSizes, sessionFilesOf, tooBigTogether } from './session-files.ts';

const MOST_SESSIONS = 4;

interface Warm extends SessionSizes {
  readonly session: Session;
  readonly backend: Backend;
}

export class WarmSessions {
  /** In the order of their last use. */
  readonly #warm = new Map<string, Warm>();

  /**
   * The session of a run, opened if it is not warm; `fresh` if it was opened now.
   * - `beside` — sizes of the original's session, which stays
   * @throws too-large, runtime-failed, no-webgpu
   */
  async get(
    runId: string,
    files: readonly DroppedFile[],
    backend: Backend,
    beside: SessionSizes,
    signal: AbortSignal,
  ): Promise<{ session: Session; fresh: boolean }> {
    const key = `${backend} ${runId}`;
    const known = this.#warm.get(key);
    if (known) {
      this.#warm.delete(key);
      this.#warm.set(key, known);
      return { session: known.session, fresh: false };
    }
    const run = sessionFilesOf(await openOnnx(files, signal));
    signal.throwIfAborted();
    await this.#makeRoom(run, backend, beside);
    const session = await createSession(run.graph, backend, run);
    const { embeddedBytes, externalBytes } = run;
    this.#warm.set(key, { session, backend, embeddedBytes, externalBytes });
    return { session, fresh: true };
  }

  async release(): Promise<void> {
    const all = [...this.#warm.values()];
    this.#warm.clear();
    for (const { session } of all) await session.release();
  }

  /** Each backend's build has a heap of its own. */
  async #makeRoom(run: SessionSizes, backend: Backend, beside: SessionSizes): Promise<void> {
    for (;;) {
      const held = [...this.#warm].filter(([, it]) => it.backend === backend);
      const need = tooBigTogether([run, beside, ...held.map(([, it]) => it)]);
      if (need === null && this.#warm.size < MOST_SESSIONS) return;
      const [oldest] = need === null ? this.#warm : held;
      if (!oldest) throw new StudioError('too-large', `Beside the original it ${need}.`);
      const [key, { session }] = oldest;
      this.#warm.delete(key);
      await session.release();
    }
  }
}
