import { useMemo } from 'react';
import type { OutputFile } from '../../report/report.ts';
import { reproduced } from '../../state/shared.ts';
import { Glossed } from '../glossed.tsx';
import { Digest } from '../results/digest.tsx';
import { useApp } from '../studio-context.tsx';
import { type Cell, sharedRows } from './shared-rows.ts';
import { useShared } from './use-shared.ts';

/** Theirs and yours, row by row; what came by a link is "claimed". */
export function SharedTable() {
  const theirs = useShared(({ result }) => result.run);
  const baseline = useShared(({ result }) => result.baseline);
  const yours = useApp(reproduced);
  const original = useApp(({ session }) => (yours ? (session?.runs[0] ?? null) : null));
  const measuring = useApp(({ session }) => session?.job.status === 'running');
  const rows = useMemo(
    () => sharedRows(baseline, theirs, { run: yours, baseline: original, measuring }),
    [baseline, theirs, yours, original, measuring],
  );
  return (
    <table className="shared-rows" aria-label="Theirs and yours">
      <thead>
        <tr>
          <th className="ell">{theirs.name}</th>
          <th className="num fp32">Theirs, fp32</th>
          <th className="num">
            Theirs<span className="hidden-name">, claimed</span>
          </th>
          <th className="num">Yours</th>
          {yours && <th className="num fp32">Yours, fp32</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.label}>
            <th scope="row">
              <Glossed text={row.label} />
            </th>
            <Value cell={row.baseline} className="fp32" />
            <Value cell={row.theirs} fp32={row.baseline} className={yours ? '' : 'main'} />
            <Value cell={row.yours} fp32={row.original} className={yours ? 'main' : ''} />
            {yours && <Value cell={row.original} className="fp32" />}
          </tr>
        ))}
        <tr>
          <th scope="row">Output SHA-256</th>
          <td className="num fp32">–</td>
          <Digests files={theirs.output.files} />
          <Digests files={yours?.output.files ?? null} />
          {yours && <td className="num fp32">–</td>}
        </tr>
      </tbody>
    </table>
  );
}

interface ValueProps {
  readonly cell: Cell;
  readonly className: string;
  /** The original's, which has no column of its own on a phone. */
  readonly fp32?: Cell;
}

function Value({ cell, className, fp32 }: ValueProps) {
  return (
    <td className={`num ${className} ${cell.tone ?? ''}`} data-value={cell.value}>
      {cell.words}
      {fp32?.value !== undefined && <small>fp32 {fp32.words}</small>}
    </td>
  );
}

function Digests({ files }: { files: readonly OutputFile[] | null }) {
  const [first, ...others] = files ?? [];
  if (!first) return <td className="num nm">{files ? 'not in the link' : 'not measured'}</td>;
  return (
    <td className="num digest" data-sha256={first.sha256}>
      <Digest sha256={first.sha256} />
      {others.length > 0 && ` and ${others.length} more`}
    </td>
  );
}
