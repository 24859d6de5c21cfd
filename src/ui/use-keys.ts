import { useEffect } from 'react';
import { makeRunA, makeRunB, swapRuns } from '../state/compare.ts';
import { compress } from '../state/compress.ts';
import { cancelOpening } from '../state/enter-model.ts';
import { download } from '../state/hand-out.ts';
import { resumeStopped } from '../state/resume-paused.ts';
import { cancelJob } from '../state/run-job.ts';
import { redoRecipe, undoRecipe } from '../state/set-recipe.ts';
import { copyShareLink } from '../state/share.ts';
import { reproduce } from '../state/shared.ts';
import { notify, type Studio } from '../state/store.ts';

/** Esc is pressed for menus and fields, too: only a second one within this ends a job. */
const AGAIN_MS = 3000;

interface Options {
  /** Whether single letters act (WCAG 2.1.4 lets people turn them off). */
  readonly letters: boolean;
  readonly openModel: () => void;
  readonly showKeys: () => void;
}

/** The page's shortcuts. Single letters act only outside fields. */
export function useKeys(studio: Studio, { letters, openModel, showKeys }: Options): void {
  useEffect(() => {
    const again = secondWithin(AGAIN_MS);
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        void (studio.store.getState().shared ? reproduce(studio) : compress(studio));
      } else if (isUndo(event)) {
        event.preventDefault();
        turnRecipe(studio, event.shiftKey);
      } else if (event.key === 'Escape') {
        if (!event.repeat) leave(studio, again);
      } else if (letters && isBare(event)) {
        const act = letterActions(studio, openModel, showKeys)[event.key.toLowerCase()];
        if (!act) return;
        event.preventDefault();
        act();
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [studio, letters, openModel, showKeys]);
}

/** Ctrl or ⌘ with Z, outside of text, which has its own way back. */
function isUndo({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  const inText =
    target instanceof Element &&
    target.closest('input:not([type=radio], [type=checkbox]), textarea, [contenteditable]');
  return key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !altKey && !inText;
}

/** Where the card that had the focus is gone, the focus goes to the panel. */
function turnRecipe(studio: Studio, forth: boolean): void {
  if (!studio.store.getState().session) return;
  if (forth) redoRecipe(studio);
  else undoRecipe(studio);
  setTimeout(() => {
    if (document.activeElement === document.body) focusPanel('Recipe');
  });
}

function isBare({ ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  const typing =
    target instanceof Element && target.closest('input:not([type=radio]), select, textarea');
  return !ctrlKey && !metaKey && !altKey && !typing;
}

const letterActions = (
  studio: Studio,
  openModel: () => void,
  showKeys: () => void,
): Readonly<Record<string, () => void>> => ({
  o: openModel,
  1: () => focusPanel('Model'),
  2: () => focusPanel('Recipe'),
  3: () => focusPanel('Results'),
  '/': () => document.querySelector<HTMLElement>('[data-filter-weights]')?.focus(),
  d: () => void download(studio),
  s: () => void copyShareLink(studio),
  a: () => onFocusedRun((id) => makeRunA(studio, id)),
  b: () => onFocusedRun((id) => makeRunB(studio, id)),
  x: () => swapRuns(studio),
  r: () => void resumeStopped(studio),
  '?': showKeys,
});

function onFocusedRun(act: (runId: string) => void): void {
  const row = document.activeElement?.closest<HTMLElement>('[data-run]');
  if (row?.dataset['run'] !== undefined) act(row.dataset['run']);
}

/** Brings a panel into view and puts the focus on it. */
export function focusPanel(id: string): void {
  const panel = document.getElementById(id);
  panel?.scrollIntoView();
  panel?.focus({ preventScroll: true });
}

/** True for every call that follows another, which counts once, within `spanMs`. */
export function secondWithin(spanMs: number): (nowMs: number) => boolean {
  let firstMs = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    const second = nowMs - firstMs <= spanMs;
    firstMs = second ? Number.NEGATIVE_INFINITY : nowMs;
    return second;
  };
}

function leave(studio: Studio, again: (nowMs: number) => boolean): void {
  const { session, opening } = studio.store.getState();
  if (opening.status === 'opening') {
    cancelOpening(studio);
    return;
  }
  if (session?.job.status !== 'running' || session.job.cancelling) return;
  if (again(performance.now())) cancelJob(studio);
  else notify(studio, 'busy', `Esc again within 3 s cancels ${session.job.task.name}.`);
}
