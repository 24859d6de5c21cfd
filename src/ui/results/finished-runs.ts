import type { Session } from '../../state/state.ts';

/** Runs, and the baseline once it has figures: they outlive whatever happens to a job. */
export const finishedRuns = ({ runs }: Pick<Session, 'runs'>): number =>
  runs.filter(({ kind, measurements }) => kind === 'run' || measurements.length > 0).length;
