import { useSession } from '../studio-context.tsx';

/**
 * Classes of the runs table's columns: with labels accuracy always shows and the share of same
 * answers only where there is room; without labels it is the other way round.
 */
export function useColumns(): {
  readonly accuracy: string;
  readonly answers: string;
  readonly scored: boolean;
} {
  const scored = useSession(({ dataset }) => dataset.kind === 'labelled');
  const [always, withRoom] = ['num', 'num wide-column'];
  return scored
    ? { accuracy: always, answers: withRoom, scored }
    : { accuracy: withRoom, answers: always, scored };
}
