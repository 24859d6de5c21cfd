import type { RunColumn } from '../../state/run-column.ts';

interface Props {
  readonly label: string;
  readonly reason: string | null;
  readonly column?: string;
  /** Where the reason is short, it stands below these. */
  readonly words?: string;
  /** Which column it stands in, for those who hide it. */
  readonly data?: RunColumn;
}

/** A cell without a figure; the reason shows on hover. */
export function NotMeasured({ label, reason, column = 'num', words, data }: Props) {
  return (
    <td
      className={`${column} nm`}
      data-column={data}
      data-label={label}
      title={reason ?? undefined}
    >
      {words ?? 'not measured'}
      {words && reason && <small>{reason}</small>}
    </td>
  );
}
