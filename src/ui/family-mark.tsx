import { familyPath, type MarkFamily } from '../report/chart/family-path.ts';

interface Props {
  readonly family: MarkFamily;
  readonly hollow?: boolean;
}

/** One shape per family, so that colour is never the only carrier. Transform looks as quantize does. */
export function FamilyMark({ family, hollow = false }: Props) {
  const colour = `var(--${family})`;
  const paint = hollow
    ? { fill: 'var(--surface)', stroke: colour, strokeWidth: 1.6 }
    : { fill: colour };
  return (
    <svg className="mk" viewBox="0 0 12 12" role="img" aria-label={family}>
      {family === 'baseline' ? (
        <path d="M2 2l8 8M10 2l-8 8" stroke="var(--text)" strokeWidth={2} />
      ) : (
        <path d={familyPath(family, 6, 6, 5)} {...paint} />
      )}
    </svg>
  );
}
