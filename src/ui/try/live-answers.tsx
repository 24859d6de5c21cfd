import { useEffect, useState } from 'react';
import { triedRuns } from '../../state/try.ts';
import { useStudio } from '../studio-context.tsx';
import { spokenAnswers } from './answer-words.ts';

/** Read aloud only when answers have come to rest: not at every key. */
const RESTS_MS = 1000;

/** The answers for screen readers, in a sentence a model. */
export function LiveAnswers() {
  const { store } = useStudio();
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let heard: unknown = null;
    const stop = store.subscribe(({ session }) => {
      const answers = session?.trying.answers ?? null;
      if (answers === heard || !session) return;
      heard = answers;
      clearTimeout(timer);
      if (!answers?.complete) return;
      const runs = triedRuns(session).map(({ id, name }) => ({
        ...{ name, answer: answers.byRun.get(id) },
      }));
      timer = setTimeout(() => setSpoken(spokenAnswers(runs)), RESTS_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [store]);
  return (
    <p className="hidden-name" aria-live="polite">
      {spoken}
    </p>
  );
}
