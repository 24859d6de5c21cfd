import { useState } from 'react';
import { formatCount } from '../../report/format.ts';
import type { ContinuedToken } from '../../report/trial.ts';
import type { Run } from '../../state/run.ts';
import { useSession } from '../studio-context.tsx';
import { ContinuedText } from './continued-text.tsx';
import { NextTokens } from './next-tokens.tsx';
import { partingOf } from './parting.ts';
import { useTriedRuns } from './use-tried-runs.ts';

/** What each model writes after the text, and where they part. */
export function Continuation() {
  const continuation = useSession(({ trying }) => trying.continuation);
  const runs = useTriedRuns();
  const [chosen, setChosen] = useState<{ of: AbortController; at: number } | null>(null);
  if (!continuation) return null;
  return (
    <div className="try-continue">
      {continuation.failure && (
        <p className="s12 bad" role="alert">
          {continuation.failure.message}
        </p>
      )}
      <Written {...{ continuation, runs, chosen, setChosen }} />
    </div>
  );
}

interface WrittenProps {
  readonly continuation: NonNullable<ReturnType<typeof useContinuation>>;
  readonly runs: ReturnType<typeof useTriedRuns>;
  readonly chosen: { readonly of: AbortController; readonly at: number } | null;
  readonly setChosen: (chosen: { of: AbortController; at: number }) => void;
}

const useContinuation = () => useSession(({ trying }) => trying.continuation);

function Written({ continuation, runs, chosen, setChosen }: WrittenProps) {
  const { byRun, runIds, stop, ends, text } = continuation;
  const writers = runIds.flatMap((id) => runs.find((run) => run.id === id) ?? []);
  const tokens = runIds.map((id) => byRun.get(id) ?? []);
  const [original = []] = tokens;
  const partings = tokens.map((own) => partingOf(original, own));
  const length = Math.max(0, ...tokens.map((own) => own.length));
  const parted = partings.filter((at) => at !== null);
  const first = parted.length > 0 ? Math.min(...parted) : null;
  const own = chosen?.of === stop ? chosen.at : null;
  const at = Math.min(Math.max(0, length - 1), own ?? first ?? length - 1);
  const spoken = ends && spokenContinuations(writers, tokens, partings);
  const choose = (place: number) => setChosen({ of: stop, at: place });
  return (
    <>
      {writers.map((run, index) => (
        <ContinuedText
          key={run.id}
          run={run}
          prompt={text}
          tokens={tokens[index] ?? []}
          parting={index === 0 ? null : (partings[index] ?? null)}
          isOriginal={index === 0}
          at={at}
          end={ends?.find(({ runId }) => runId === run.id) ?? null}
          onChoose={choose}
        />
      ))}
      <p className="hidden-name" aria-live="polite">
        {spoken}
      </p>
      {length > 0 && (
        <div className="try-answers">
          <label className="row s12 t2">
            Token
            <input
              type="range"
              className="grow"
              min={1}
              max={length}
              value={at + 1}
              onChange={(event) => choose(event.currentTarget.valueAsNumber - 1)}
            />
            <span className="nowrap">
              {formatCount(at + 1)} of {formatCount(length)}
              {at === first && ', where they part'}
            </span>
          </label>
          <NextTokens runs={writers} tokens={tokens.map((all) => all[at] ?? null)} />
        </div>
      )}
    </>
  );
}

/** For a screen reader, when all have ended. */
const spokenContinuations = (
  writers: readonly Run[],
  tokens: readonly (readonly ContinuedToken[])[],
  partings: readonly (number | null)[],
): string =>
  writers
    .map(({ name }, index) => {
      const own = tokens[index] ?? [];
      const text = own.map((token) => token.text).join('');
      const parting = partings[index] ?? null;
      const where = parting === null ? '' : `, parts at token ${parting + 1}`;
      return `${name}, ${formatCount(own.length)} tokens${where}: ${text}`;
    })
    .join('. ');
