import { memo, useEffect, useState } from 'react';
import { formatCount, formatDims, formatNumber } from '../../../report/format.ts';
import type { RowPreview } from '../../../report/rows.ts';
import type { RowSources } from '../../../state/row-filter.ts';
import { Icon } from '../../icon.tsx';
import { useSession } from '../../studio-context.tsx';
import { className } from './class-name.ts';

interface Props {
  /** Index in the data set. */
  readonly row: number;
  /** Place in the list, of `count`. */
  readonly at: number;
  readonly count: number;
  readonly top: number;
  readonly names: readonly string[];
  readonly sources: RowSources;
  readonly reachable: boolean;
}

/** A row: what it is, what is right, and what A and B say. */
export const RowCard = memo(function RowCard(props: Props) {
  const { row, at, count, top, names, sources, reachable } = props;
  const preview = useSession(({ rowViews }) => rowViews.previews.get(row));
  const { a, b, labels } = sources;
  const right = labels?.[row] ?? null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: it stands in a list that is drawn in part
    <div
      className="row-card"
      role="listitem"
      aria-posinset={at + 1}
      aria-setsize={count}
      data-at={at}
      style={{ transform: `translateY(${top}px)` }}
      tabIndex={reachable ? 0 : -1}
    >
      <div className="row-what">{preview && <Content preview={preview} />}</div>
      <dl className="row-answers">
        <dt>Row</dt>
        <dd>{formatCount(row + 1)}</dd>
        {right !== null && (
          <>
            <dt>Right</dt>
            <dd className="ell">{className(names, right)}</dd>
          </>
        )}
        {a && <Answer letter="A" answer={a[row] ?? -1} {...{ right, names }} />}
        {b && <Answer letter="B" answer={b[row] ?? -1} {...{ right, names }} />}
      </dl>
    </div>
  );
});

interface AnswerProps {
  readonly letter: 'A' | 'B';
  readonly answer: number;
  readonly right: number | null;
  readonly names: readonly string[];
}

function Answer({ letter, answer, right, names }: AnswerProps) {
  const isWrong = right !== null && answer !== right;
  return (
    <>
      <dt>{letter}</dt>
      <dd className={isWrong ? 'ell bad' : 'ell'} title={className(names, answer)}>
        {isWrong && <Icon name="x" small />}
        {className(names, answer)}
        {isWrong && <span className="hidden-name"> (wrong)</span>}
      </dd>
    </>
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
