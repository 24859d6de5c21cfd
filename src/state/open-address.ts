/**
 * What stands in the page's address: `#r=` a shared result, `?recipe=` a recipe, `?sample=` a
 * built-in sample. Addresses come from anywhere, so what they hold is shown or opened, never run.
 */
import { unpackRecipe } from '../report/recipe-link.ts';
import { unpackShared } from '../report/shared-result.ts';
import { refuseLink } from './enter-model.ts';
import { openSampleUnmeasured } from './open-model.ts';
import { offerRecipe, showShared } from './shared.ts';
import type { Studio } from './store.ts';

const SHARED = /^#r=(.*)$/s;

/** At the start of the page. */
export async function openAddress(studio: Studio, address: URL): Promise<void> {
  if (openFragment(studio, address.hash)) return;
  const packed = address.searchParams.get('recipe');
  const sample = address.searchParams.get('sample');
  if (packed !== null) {
    try {
      offerRecipe(studio, unpackRecipe(packed));
    } catch (error) {
      refuseLink(studio, error);
      return;
    }
  }
  if (sample !== null) await openSampleUnmeasured(studio, sample);
}

/** Also whenever the fragment changes under an open page; true if it is a shared result. */
export function openFragment(studio: Studio, fragment: string): boolean {
  const [, packed] = SHARED.exec(fragment) ?? [];
  if (packed === undefined) return false;
  try {
    showShared(studio, unpackShared(packed), packed.length);
  } catch (error) {
    refuseLink(studio, error);
  }
  return true;
}
