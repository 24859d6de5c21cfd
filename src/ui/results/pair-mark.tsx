/** The letter of a run that is compared: A in outline, B filled. */
export function PairMark({ letter }: { letter: 'A' | 'B' }) {
  return <span className={letter === 'A' ? 'pair-mark a' : 'pair-mark b'}>{letter}</span>;
}
