import { toFailure } from './failure.ts';
import type { SampleCard } from './sample-card.ts';
import type { Studio } from './store.ts';

interface IndexEntry extends Omit<SampleCard, 'modelBytes'> {
  readonly files: readonly { readonly path: string; readonly byteLength: number }[];
}

/** Reads the cards of the built-in samples from this origin. */
export async function loadSamples({ store, effects }: Studio): Promise<void> {
  try {
    // Our own file, built with the page: its shape is checked by a test, not here.
    const entries = (await effects.fetchJson('samples/index.json')) as readonly IndexEntry[];
    store.setState({ samples: { status: 'ready', cards: entries.map(toCard) } });
  } catch (error) {
    store.setState({ samples: { status: 'failed', failure: toFailure(error) } });
  }
}

function toCard({ id, title, task, testRows, licence, files }: IndexEntry): SampleCard {
  const model = files.filter(({ path }) => path.endsWith('.onnx'));
  const modelBytes = model.reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { id, title, task, testRows, licence, modelBytes };
}
