import { memo, type ReactNode, useId, useMemo, useState } from 'react';
import { formatCount } from '../../report/format.ts';
import type { ModelSummary } from '../../report/model-summary.ts';
import { Icon } from '../icon.tsx';
import { type FactSection, factSections, matchingFacts } from './fact-sections.ts';

/** Facts beyond this many can be searched. */
const LONG = 12;
/** Drawn of one section; a search finds the rest. */
const MOST_DRAWN = 200;

/** What the graph is made of: operators, versions, inputs, outputs, and what the file says of itself. */
export const GraphFacts = memo(function GraphFacts({ model }: { model: ModelSummary }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const { nodeCount, operators } = model;
  return (
    <div className="graph">
      <button
        type="button"
        className="fold"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name="right" small />
        <span>
          Graph: {formatCount(nodeCount)} operators of {formatCount(operators.length)} kinds
        </span>
      </button>
      <div id={id} hidden={!open}>
        {open && <Facts model={model} />}
      </div>
    </div>
  );
});

function Facts({ model }: { model: ModelSummary }) {
  const [search, setSearch] = useState('');
  const sections = useMemo(() => factSections(model), [model]);
  const shown = useMemo(() => matchingFacts(sections, search), [sections, search]);
  const isLong = sections.reduce((sum, { facts }) => sum + facts.length, 0) > LONG;
  return (
    <>
      {isLong && (
        <label className="field">
          <Icon name="search" small />
          <input
            aria-label="Search the graph"
            placeholder="Search operators, inputs, outputs, metadata"
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <section className="graph-list" aria-label="Graph" tabIndex={0}>
        {shown.map((section) => (
          <Section key={section.title} section={section} />
        ))}
        {shown.length === 0 && <p className="s12 t3">Nothing in the graph matches “{search}”.</p>}
      </section>
    </>
  );
}

function Section({ section: { title, facts } }: { section: FactSection }): ReactNode {
  const drawn = facts.slice(0, MOST_DRAWN);
  return (
    <div>
      <h3>{title}</h3>
      <dl className="facts">
        {drawn.map(({ name, value }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: names may repeat, and nothing moves
          <div key={index}>
            <dt>
              <bdi>{name}</bdi>
            </dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {facts.length > drawn.length && (
        <p className="s11 t3">
          and {formatCount(facts.length - drawn.length)} more: search for them
        </p>
      )}
    </div>
  );
}
