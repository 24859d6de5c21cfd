import { sparsityNote } from '../report/sparsity-note.ts';
import { type VerdictPart, verdict, verdictText } from '../report/verdict.ts';
import { type Run, toReport } from './run.ts';

/** A verdict compares figures only, so it can be given before the model is hashed. */
const NOT_HASHED = { name: '', sha256: '', byteLength: 0, parameterCount: 0 };

export function verdictOf(run: Run, baseline: Run): readonly VerdictPart[] {
  const [own, original] = [toReport(run, NOT_HASHED), toReport(baseline, NOT_HASHED)];
  const note = sparsityNote(own, original);
  const parts = verdict(own, original);
  return note === null ? parts : [...parts, { text: ` ${note}`, strong: false }];
}

export function verdictSentence(run: Run, baseline: Run): string {
  const text = verdictText(verdictOf(run, baseline));
  return run.kind === 'baseline' ? `Baseline measured. ${text}` : `Measured ${run.name}: ${text}`;
}
