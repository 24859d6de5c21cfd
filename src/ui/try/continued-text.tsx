import { formatCount, formatMs } from '../../report/format.ts';
import { median } from '../../report/statistics.ts';
import type { ContinuationEnd, ContinuedToken } from '../../report/trial.ts';
import type { Run } from '../../state/run.ts';
import { ModelName } from './model-name.tsx';

interface Props {
  readonly run: Run;
  readonly prompt: string;
  readonly tokens: readonly ContinuedToken[];
  /** Index of the first token that the original has otherwise; null without one. */
  readonly parting: number | null;
  readonly isOriginal: boolean;
  /** Index of the token whose probabilities are shown. */
  readonly at: number;
  readonly end: ContinuationEnd | null;
  readonly onChoose: (at: number) => void;
}

/** Characters of the text before that are repeated. */
const PROMPT_END = 60;

export function ContinuedText(props: Props) {
  const { run, prompt, tokens, parting, at, end, onChoose } = props;
  return (
    <div className="written">
      <div className="row between s11">
        <ModelName run={run} />
        <span className="t3">{factsOf(props)}</span>
      </div>
      <p className="written-text" data-run-text={run.id}>
        <span className="t3">
          {prompt.length > PROMPT_END && '…'}
          {prompt.slice(-PROMPT_END)}
        </span>
        {tokens.map((token, index) => {
          const parts = index === parting;
          const classes = ['tok', parts && 'parts', index === at && 'at'].filter(Boolean);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the slider below does the same by keys
            <span
              // biome-ignore lint/suspicious/noArrayIndexKey: tokens are told by their place alone
              key={index}
              className={classes.join(' ')}
              title={parts ? 'Here it parts from the original' : undefined}
              onClick={() => onChoose(index)}
            >
              {token.text}
            </span>
          );
        })}
      </p>
      {end?.failure && <p className="s11 bad">{end.failure}</p>}
    </div>
  );
}

function factsOf({ tokens, parting, isOriginal, end }: Props): string {
  if (tokens.length === 0) return end ? '' : 'waiting';
  const speed = formatMs(median(tokens.map(({ durationMs }) => durationMs)));
  const words = [`${formatCount(tokens.length)} tokens`, `p50 ${speed} a token`];
  if (end?.why === 'end-of-text') words.push('end of text');
  if (end?.why === 'stopped') words.push('stopped');
  if (!isOriginal) {
    words.push(parting === null ? 'as the original' : `parts at token ${parting + 1}`);
  }
  return words.join(', ');
}
