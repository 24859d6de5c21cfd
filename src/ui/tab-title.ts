import { useEffect } from 'react';
import type { State } from '../state/state.ts';
import { jobProgress } from './job-words.ts';
import { useApp } from './studio-context.tsx';

const NAME = 'Whittle';

/** What the tab is at, for whoever looks at other tabs: "42 % of int4 – Whittle". */
export function tabTitle({ session, unseenEnd }: Pick<State, 'session' | 'unseenEnd'>): string {
  if (unseenEnd !== null) return `${unseenEnd} – ${NAME}`;
  if (!session) return NAME;
  const { job, model } = session;
  if (job.status === 'asking') return `Paused: ${job.task.name} – ${NAME}`;
  if (job.status !== 'running' || job.task.kind === 'baseline') return `${model.title} – ${NAME}`;
  const { count, share } = jobProgress(job);
  const far = count !== '' ? `${Math.floor(share * 100)} % of ` : '';
  return `${far}${job.task.name} – ${NAME}`;
}

export function useTabTitle(): void {
  const title = useApp(tabTitle);
  useEffect(() => {
    document.title = title;
  }, [title]);
}
