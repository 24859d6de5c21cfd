interface Props {
  readonly label: string;
  readonly reason: string | null;
  readonly column?: string;
}

/** A cell without a figure; the reason shows on hover. */
export function NotMeasured({ label, reason, column = 'num' }: Props) {
  return (
    <td className={`${column} nm`} data-label={label} title={reason ?? undefined}>
      not measured
    </td>
  );
}
