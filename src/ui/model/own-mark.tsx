import type { RowMark } from './row-mark.ts';

const WORDS = { own: 'has a step of its own', alone: 'left alone by the recipe' } as const;

/** Beside the name of a weight that the recipe speaks of alone. */
export function OwnMark({ mark }: { mark: NonNullable<RowMark> }) {
  return (
    <span className={`own ${mark}`} title={WORDS[mark]}>
      <span className="hidden-name">, {WORDS[mark]}</span>
    </span>
  );
}
