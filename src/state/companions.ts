/** Files that belong to a model and came without one: rows, a tokenizer, a configuration. */
import type { DroppedFile } from '../bridge/opened.ts';
import { StudioError } from '../core/studio-error.ts';
import { refuseFiles } from './enter-model.ts';
import { notify, type Studio } from './store.ts';

const ROWS = /\.(?:csv|tsv|jsonl|npz|npy)$/i;
const BESIDE =
  /(?:^|\/)(?:tokenizer|tokenizer_config|config|preprocessor_config|special_tokens_map)\.json$/i;

/** None of the files is a model, by their names. */
export const areCompanions = (files: readonly DroppedFile[]): boolean =>
  files.every(({ path }) => ROWS.test(path) || BESIDE.test(path));

/** "reviews.csv and 2 more files". */
export function companionNames(files: readonly DroppedFile[]): string {
  const [first] = files;
  const more = files.length - 1;
  const rest = more === 0 ? '' : ` and ${more} more ${more === 1 ? 'file' : 'files'}`;
  return `${first?.path ?? ''}${rest}`;
}

/** Keeps them for the next model that is opened; what is measured on an open one stays as it is. */
export function waitForModel(studio: Studio, files: readonly DroppedFile[]): void {
  const { session } = studio.store.getState();
  if (session) {
    const message = `${companionNames(files)} came without a model. Drop it together with ${session.model.fileName}: the model is then opened anew, with it.`;
    refuseFiles(studio, new StudioError('missing-file', message));
    return;
  }
  const waiting = together(studio.store.getState().waiting, files);
  studio.store.setState({ waiting, opening: { status: 'idle' } });
  notify(
    studio,
    'plain',
    `${companionNames(waiting)} ${waits(waiting)} for a model. Open it next.`,
  );
}

export function dropWaiting(studio: Studio): void {
  studio.store.setState({ waiting: [] });
  notify(studio, 'plain', 'Forgotten. Nothing waits for a model.');
}

/** Of two files of one path the later one. */
export function together(
  before: readonly DroppedFile[],
  files: readonly DroppedFile[],
): readonly DroppedFile[] {
  const paths = new Set(files.map(({ path }) => path));
  return [...before.filter(({ path }) => !paths.has(path)), ...files];
}

export const waits = (files: readonly DroppedFile[]): string =>
  files.length === 1 ? 'waits' : 'wait';
