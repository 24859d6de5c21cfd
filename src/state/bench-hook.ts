/**
 * What `npm run bench` calls in the production page (`#bench` in the address): times opening,
 * planning and compressing the open model, everything once to warm it and once to time it.
 */
import type { ProfiledPhase } from '../bridge/profile.ts';
import { StudioError } from '../core/studio-error.ts';
import { presetRecipe } from '../recipe/presets.ts';
import { cancelJob } from './run-job.ts';
import type { Session } from './state.ts';
import type { Studio } from './store.ts';

export interface BenchResult {
  readonly adapter: string;
  readonly software: boolean;
  readonly recipe: string;
  readonly byteLength: number;
  readonly phases: readonly ProfiledPhase[];
}

/** Waits for a model to be open, and measures it with the preset "Small, stays close". */
export async function bench(studio: Studio): Promise<BenchResult> {
  const { model, files, background } = await idleSession(studio);
  background.abort(); // hashing and copying would be timed along
  const { desk, engine } = studio;
  const open = await timed(async () => {
    const again = await desk.call('open', [files]);
    await desk.call('close', [again.model.id]);
  });
  const recipe = presetRecipe('close', 'webgpu');
  const plan = await timed(() => desk.call('plan', [model.id, recipe]));
  await engine.call('open', [model.id, files]);
  const profile = await whenIdle(studio, () => engine.call('profile', [model.id, recipe]));
  const { adapter, software, byteLength, phases } = profile;
  return {
    ...{ adapter, software, byteLength },
    recipe: recipe.name,
    phases: [
      { name: 'open', durationMs: open, bytes: model.byteLength },
      { name: 'dry run, slider to readout', durationMs: plan },
      ...phases,
    ],
  };
}

/** The open model, once there is one, with what it does by itself ended. */
export async function idleSession(studio: Studio): Promise<Session> {
  const session = await openSession(studio);
  if (session.job.status === 'running') {
    cancelJob(studio);
    await session.job.settled;
  }
  return session;
}

const WAIT_MS = 250;

/** Ends what the page begins by itself, which may be later than its model is open. */
async function whenIdle<T>(studio: Studio, work: () => Promise<T>): Promise<T> {
  for (;;) {
    await idleSession(studio);
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'busy') throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
}

async function openSession({ store }: Studio): Promise<Session> {
  for (;;) {
    const { session } = store.getState();
    if (session) return session;
    await new Promise<void>((resolve) => {
      const stop = store.subscribe(() => {
        stop();
        resolve();
      });
    });
  }
}

/** Milliseconds of the second of two runs. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  await work();
  const start = performance.now();
  await work();
  return performance.now() - start;
}
