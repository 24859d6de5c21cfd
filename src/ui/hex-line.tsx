interface Props {
  readonly head: readonly number[];
  /** How many of the bytes say what the file is. */
  readonly match: number;
}

/** As many as a phone has room for, with their letters. */
const NARROW = 8;

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const printable = (byte: number) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** The first bytes of a refused file; those that tell what it is are boxed. */
export function HexLine({ head, match }: Props) {
  const bytes = head.slice(0, 16);
  const told = bytes.slice(0, match);
  const near = bytes.slice(match, Math.max(match, NARROW));
  const far = bytes.slice(Math.max(match, NARROW));
  return (
    // biome-ignore-start lint/a11y: it may scroll sideways, so keys must reach it, by a name
    <pre className="hex" role="region" aria-label="First bytes of the file" tabIndex={0}>
      <span className="wide-view">00000000{'  '}</span>
      {told.length > 0 && <b>{told.map(hex).join(' ')}</b>} {near.map(hex).join(' ')}
      <span className="wide-view"> {far.map(hex).join(' ')}</span>
      {'   '}
      {told.length > 0 && <b>{told.map(printable).join('')}</b>}
      {near.map(printable).join('')}
      <span className="wide-view">{far.map(printable).join('')}</span>
    </pre>
    // biome-ignore-end lint/a11y: as above
  );
}
