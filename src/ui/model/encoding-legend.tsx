import { memo, useMemo } from 'react';
import { encodingHelp } from '../../catalog/encoding-help.ts';
import { Term } from '../term.tsx';
import { weightColour, weightWords } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

/** What was done to the weights in view, what changes them most first. */
export const EncodingLegend = memo(function EncodingLegend({
  states,
}: {
  states: readonly WeightState[];
}) {
  const entries = useMemo(() => {
    const found = new Map<string, WeightState>();
    for (const state of states) {
      const words = weightWords(state);
      if (!found.has(words)) found.set(words, state);
    }
    return [...found].sort(([, a], [, b]) => a.bits - b.bits);
  }, [states]);
  return (
    <div className="legend" style={{ marginTop: 8 }}>
      {entries.map(([words, state]) => {
        const colour = weightColour(state);
        const help = encodingHelp(words);
        const opacity = colour === 'plain' ? 0.6 : 1;
        return (
          <span key={words}>
            <i className="sw" style={{ background: `var(--${colour})`, opacity }} />
            {help === '' ? words : <Term meaning={help}>{words}</Term>}
          </span>
        );
      })}
      <span className="t3">Area: original bytes. Solid: bytes that stay.</span>
    </div>
  );
});
