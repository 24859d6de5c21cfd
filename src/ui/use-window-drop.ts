import { useEffect, useState } from 'react';
import { refuseFiles } from '../state/enter-model.ts';
import { openFiles } from '../state/open-model.ts';
import { filesOfDrop, holdsImages } from './dropped-files.ts';
import { useStudio } from './studio-context.tsx';

/** Images over a part of the page that takes them: to be tried. Anything else is opened. */
const isTaken = ({ target, dataTransfer }: DragEvent): boolean =>
  target instanceof Element &&
  target.closest('[data-takes-images]') !== null &&
  dataTransfer !== null &&
  holdsImages(dataTransfer);

/** Makes the whole window a drop target; true while files hover over it. */
export function useWindowDrop(): boolean {
  const studio = useStudio();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    window.addEventListener(
      'dragover',
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        setOver(!isTaken(event));
      },
      { signal },
    );
    window.addEventListener(
      'dragleave',
      (event) => {
        if (event.relatedTarget === null) setOver(false);
      },
      { signal },
    );
    window.addEventListener(
      'drop',
      (event) => {
        if (!event.dataTransfer || !carriesFiles(event)) return;
        event.preventDefault();
        setOver(false);
        if (isTaken(event)) return;
        void filesOfDrop(event.dataTransfer).then(
          (files) => openFiles(studio, files),
          (error) => refuseFiles(studio, error),
        );
      },
      { signal },
    );
    return () => listening.abort();
  }, [studio]);
  return over;
}
