import { toFailure } from './failure.ts';
import type { Studio } from './store.ts';

/** Asks what this browser can do. */
export async function probeDevice({ store, engine }: Studio): Promise<void> {
  try {
    const summary = await engine.call('probe', []);
    store.setState({ device: { status: 'known', summary }, gpuLost: false });
  } catch (error) {
    store.setState({ device: { status: 'failed', failure: toFailure(error) } });
  }
}
