import { type KeyboardEvent, memo, useId } from 'react';
import { showDetail } from '../../state/look-at.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { DETAILS } from './details.ts';

/** What there is to know of the selected run beside the chart, one view at a time. */
export const DetailTabs = memo(function DetailTabs() {
  const prefix = useId();
  const studio = useStudio();
  const chosen = useSession((session) => session.detail);
  const setChosen = (id: string) => showDetail(studio, id);
  const detail = DETAILS.find(({ id }) => id === chosen) ?? DETAILS[0];
  if (!detail) return null;
  const { Body } = detail;
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = DETAILS[nextTab(event.key, DETAILS.indexOf(detail), DETAILS.length)];
    if (!next) return;
    event.preventDefault();
    setChosen(next.id);
    document.getElementById(`${prefix}${next.id}`)?.focus();
  };
  return (
    <div className="details">
      <div className="detail-tabs" role="tablist" aria-label="Details" onKeyDown={onKeyDown}>
        {DETAILS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${prefix}${id}`}
            aria-selected={id === detail.id}
            aria-controls={`${prefix}panel`}
            tabIndex={id === detail.id ? 0 : -1}
            onClick={() => setChosen(id)}
          >
            {label}
          </button>
        ))}
      </div>
      <div
        className="detail"
        role="tabpanel"
        id={`${prefix}panel`}
        aria-labelledby={`${prefix}${detail.id}`}
      >
        <Body />
      </div>
    </div>
  );
});

/** Where a key leads from tab `at` of `count`; −1 if it leads nowhere. */
function nextTab(key: string, at: number, count: number): number {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : -1;
}
