import { holdEdits, releaseEdits } from '../../state/set-recipe.ts';
import { useStudio } from '../studio-context.tsx';

/** Makes all that a pointer does to a slider, from press to release, one edit to undo. */
export function useGesture(): { readonly onPointerDownCapture: () => void } {
  const studio = useStudio();
  return {
    onPointerDownCapture: () => {
      holdEdits(studio);
      const release = () => {
        window.removeEventListener('pointerup', release);
        window.removeEventListener('pointercancel', release);
        // The slider takes its last value as the pointer is released.
        setTimeout(() => releaseEdits(studio));
      };
      window.addEventListener('pointerup', release);
      window.addEventListener('pointercancel', release);
    },
  };
}
