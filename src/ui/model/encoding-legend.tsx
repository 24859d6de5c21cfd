import { encodingColour, type WeightState } from './weight-state.ts';

/** The encodings in view, fewest bits first. */
export function EncodingLegend({ states }: { states: readonly WeightState[] }) {
  const bits = [...new Set(states.map((state) => state.bits))].sort((a, b) => a - b);
  return (
    <div className="legend" style={{ marginTop: 8 }}>
      {bits.map((it) => (
        <span key={it}>
          <i
            className="sw"
            style={{
              background: `var(--${encodingColour(it)})`,
              opacity: it === 32 ? 0.6 : 1,
            }}
          />
          {it === 32 ? 'as it was' : `int${it}`}
        </span>
      ))}
      <span className="t3">Area: original bytes. Solid: bytes that stay.</span>
    </div>
  );
}
