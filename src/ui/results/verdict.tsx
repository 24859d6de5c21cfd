import { memo, useState } from 'react';
import { TARGETS } from '../../catalog/targets.ts';
import { formatExactBytes } from '../../report/format.ts';
import { takeRecipeOf } from '../../state/edit-recipe.ts';
import { download, exportCsv, exportReport } from '../../state/hand-out.ts';
import { sameRecipe } from '../../state/recipe-name.ts';
import type { Run } from '../../state/run.ts';
import { copyShareLink } from '../../state/share.ts';
import { showUse } from '../../state/use-file.ts';
import { verdictOf } from '../../state/verdict-sentence.ts';
import { FamilyMark } from '../family-mark.tsx';
import { Glossed } from '../glossed.tsx';
import { ExportMenu } from '../hand-out/export-menu.tsx';
import { Icon } from '../icon.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { focusPanel } from '../use-keys.ts';
import { Digest } from './digest.tsx';
import { PairMark } from './pair-mark.tsx';
import { RunMenu } from './run-menu.tsx';
import { RunTitle } from './run-title.tsx';
import { Sentence } from './sentence.tsx';
import { TimeAgain } from './time-again.tsx';
import { WhichStep } from './which-step.tsx';

/** The selected run in one sentence, and what to do with it. */
export const Verdict = memo(function Verdict({ run, baseline }: { run: Run; baseline: Run }) {
  const studio = useStudio();
  const toConfirm = useSession(({ downloadToConfirm }) => downloadToConfirm === run.id);
  const differs = useSession(({ recipe }) => run.recipe && !sameRecipe(run.recipe, recipe));
  const [file] = run.output.files;
  const [renaming, setRenaming] = useState(false);
  return (
    <div className="verdict">
      <div className="head">
        {run.id === baseline.id ? <FamilyMark family="baseline" /> : <PairMark letter="B" />}
        <RunTitle {...{ run, renaming }} onDone={() => setRenaming(false)} />
        <span className="s12 t3">
          {run.recipe && `target ${TARGETS[run.recipe.target].label}, `}
          {formatExactBytes(run.output.byteLength)}
          {file && run.output.files.length === 1 && (
            <>
              , SHA-256 <Digest sha256={file.sha256} />
            </>
          )}
        </span>
        <div className="acts">
          {differs && (
            <button
              type="button"
              className="btn quiet"
              title="Puts this run's recipe into the Recipe panel"
              onClick={() => {
                takeRecipeOf(studio, run);
                focusPanel('Recipe'); // this button goes: nothing is left to be done by it
              }}
            >
              <Icon name="import" small />
              Use recipe
            </button>
          )}
          <button
            type="button"
            className="btn quiet"
            aria-label="Export report"
            title="Export report (JSON)"
            onClick={() => void exportReport(studio)}
          >
            <Icon name="doc" small />
            Report
          </button>
          <button
            type="button"
            className="btn quiet"
            aria-label="Export CSV"
            title="Export CSV, all runs"
            onClick={() => void exportCsv(studio)}
          >
            <Icon name="grid" small />
            CSV
          </button>
          <ExportMenu />
          <ShareButton run={run} />
          {run.files && (
            <button type="button" className="btn quiet" onClick={() => void showUse(studio)}>
              <Icon name="code" small />
              Use this file
            </button>
          )}
          {run.files && (
            <button type="button" className="btn primary" onClick={() => void download(studio)}>
              <Icon name="down" small />
              Download
            </button>
          )}
          <RunMenu run={run} onRename={() => setRenaming(true)} />
        </div>
      </div>
      <Sentence parts={verdictOf(run, baseline)} />
      <TimeAgain {...{ run, baseline }} />
      <WhichStep run={run} />
      {toConfirm && <DownloadAnyway run={run} />}
      {[...new Set(run.warnings)].map((warning) => (
        <div className="note w" key={warning} style={{ marginTop: 6 }}>
          <Icon name="warn" />
          <span>
            <Glossed text={warning} />
          </span>
        </div>
      ))}
    </div>
  );
});

/** The original alone is no result: it has no recipe. */
function ShareButton({ run }: { run: Run }) {
  const studio = useStudio();
  if (!run.recipe) return null;
  return (
    <button
      type="button"
      className="btn quiet"
      aria-label="Copy share link"
      title="Copy share link: the recipe, the numbers and the hashes in an address; no model, no rows"
      onClick={() => void copyShareLink(studio)}
    >
      <Icon name="link" small />
      Share link
    </button>
  );
}

/** The second word before a file that computes something else leaves. */
function DownloadAnyway({ run }: { run: Run }) {
  const studio = useStudio();
  const failing = run.measurements.filter(({ truth }) => truth?.verdict === 'fails');
  const names = failing.map(({ backend }) => TARGETS[backend].label).join(' and ');
  const [other] = failing.flatMap(({ truth }) => truth?.differsFrom ?? []);
  return (
    <div className="banner e" role="alert" style={{ marginTop: 12 }}>
      <span className="bad">
        <Icon name="warn" />
      </span>
      <div className="grow">
        <p>
          {other && failing.length === 1
            ? `This file gives other outputs on ${names} than on ${TARGETS[other].label}.`
            : `This file computes something else than the original on ${names}.`}{' '}
          The report will say so.
        </p>
        <button
          type="button"
          className="btn"
          style={{ marginTop: 8 }}
          onClick={() => void download(studio, { anyway: true })}
        >
          Download anyway
        </button>
      </div>
    </div>
  );
}
