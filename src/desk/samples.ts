/** Built-in samples, fetched from this origin when a card is pressed. */
import type { DroppedFile } from '../bridge/opened.ts';
import { StudioError } from '../core/studio-error.ts';

interface Sample {
  readonly id: string;
  /** Paths relative to the samples' folder. */
  readonly files: readonly { readonly path: string }[];
}

/** @throws missing-file if this site does not serve the sample. */
export async function fetchSample(id: string, signal: AbortSignal): Promise<DroppedFile[]> {
  // The build puts workers into a folder beside the samples'; a dev server leaves them in place.
  const above = import.meta.env.PROD ? '../samples/' : '/samples/';
  const root = new URL(/* @vite-ignore */ above, import.meta.url);
  const index = (await (
    await get(new URL('index.json', root), signal)
  ).json()) as readonly Sample[];
  const sample = index.find((candidate) => candidate.id === id);
  if (!sample) throw new StudioError('missing-file', `There is no built-in sample "${id}".`);
  return Promise.all(
    sample.files.map(async ({ path }) => {
      const response = await get(new URL(path, root), signal);
      return { path, blob: await response.blob() };
    }),
  );
}

async function get(url: URL, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal });
  if (response.ok) return response;
  throw new StudioError(
    'missing-file',
    `${url.pathname} is not on this site (HTTP ${response.status}). Open a model of your own.`,
  );
}
