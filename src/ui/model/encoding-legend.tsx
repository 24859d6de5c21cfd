import { weightColour, weightWords } from './weight-colour.ts';
import type { WeightState } from './weight-state.ts';

/** What was done to the weights in view, what changes them most first. */
export function EncodingLegend({ states }: { states: readonly WeightState[] }) {
  const entries = new Map(
    states
      .toSorted((a, b) => a.bits - b.bits)
      .map((state) => [weightWords(state), weightColour(state)]),
  );
  return (
    <div className="legend" style={{ marginTop: 8 }}>
      {[...entries].map(([words, colour]) => (
        <span key={words}>
          <i
            className="sw"
            style={{ background: `var(--${colour})`, opacity: colour === 'plain' ? 0.6 : 1 }}
          />
          {words}
        </span>
      ))}
      <span className="t3">Area: original bytes. Solid: bytes that stay.</span>
    </div>
  );
}
