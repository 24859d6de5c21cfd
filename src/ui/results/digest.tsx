import { shortHash } from '../../report/format.ts';
import { Hint } from '../hint.tsx';

/** The first digits of a hash; the whole one on hover or focus. */
export const Digest = ({ sha256 }: { sha256: string }) => (
  <Hint label={sha256}>
    <span
      className="mono"
      role="img"
      aria-label={`SHA-256 ${sha256}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the whole hash shows on focus
      tabIndex={0}
    >
      {shortHash(sha256)}
    </span>
  </Hint>
);
