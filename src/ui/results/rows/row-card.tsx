import { type ReactNode, useEffect, useState } from 'react';
import { formatCount, formatDims, formatNumber } from '../../../report/format.ts';
import type { RowPreview } from '../../../report/rows.ts';
import { useSession } from '../../studio-context.tsx';

interface Props {
  /** Index in the data set. */
  readonly row: number;
  /** Place in the list, of `count`. */
  readonly at: number;
  readonly count: number;
  readonly top: number;
  readonly reachable: boolean;
  /** What was said to it: terms and their descriptions. */
  readonly children: ReactNode;
}

/** A row: what it is, and what was said to it. */
export function RowCard({ row, at, count, top, reachable, children }: Props) {
  const preview = useSession(({ rowViews }) => rowViews.previews.get(row));
  return (
    // biome-ignore lint/a11y/useSemanticElements: it stands in a list that is drawn in part
    <div
      className="row-card"
      role="listitem"
      aria-label={`Row ${formatCount(row + 1)}`}
      aria-posinset={at + 1}
      aria-setsize={count}
      data-at={at}
      style={{ transform: `translateY(${top}px)` }}
      tabIndex={reachable ? 0 : -1}
    >
      <div className="row-what">{preview && <Content preview={preview} />}</div>
      <dl className="row-answers">{children}</dl>
    </div>
  );
}

function Content({ preview: { content } }: { preview: RowPreview }) {
  if (content.kind === 'text') {
    return (
      <p className="row-text" dir="auto" title={content.text}>
        {content.text}
      </p>
    );
  }
  if (content.kind === 'image') return <Picture {...content} />;
  return (
    <p className="row-text s11">
      {content.arrays.map(({ name, dtype, dims, low, high, mean }) => (
        <span key={name}>
          {name}: {dtype} {formatDims(dims)}, {formatNumber(low, 2)} to {formatNumber(high, 2)},
          mean {formatNumber(mean, 2)}
        </span>
      ))}
    </p>
  );
}

/** An image that is held as bytes: shown by an address that lives as long as it is in view. */
function Picture({ blob, path, drawn }: { blob: Blob; path: string; drawn: boolean }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    const address = URL.createObjectURL(blob);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [blob]);
  if (!url) return null;
  return (
    <span className="row-picture">
      <img src={url} alt={drawn ? `${path} drawn from its values` : path} height={48} />
      <span className="s11 t3">{drawn ? 'drawn from its values' : path.replace(/^.*\//, '')}</span>
    </span>
  );
}
