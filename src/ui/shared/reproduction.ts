/** Whether the output here is what the link claims, in a sentence. */
import { formatExactBytes, shortHash } from '../../report/format.ts';
import type { OutputFile, RunReport } from '../../report/report.ts';

export interface Reproduction {
  readonly same: boolean;
  /** A few words: "Same bytes". */
  readonly title: string;
  readonly sentence: string;
}

type Made = Pick<RunReport, 'output' | 'compressedOn' | 'versions'>;

/** Equal hashes of every file are equal bytes; all else says what could be the reason. */
export function reproduction(theirs: Made, yours: Made): Reproduction {
  const [claimed, own] = [theirs.output, yours.output];
  const [first] = own.files;
  if (first && digests(claimed.files) === digests(own.files)) {
    return {
      same: true,
      title: 'Same bytes',
      sentence: `Your output has the SHA-256 that they claim, ${shortHash(first.sha256)}.`,
    };
  }
  if (claimed.byteLength !== own.byteLength) {
    const sizes = `theirs ${formatExactBytes(claimed.byteLength)}, yours ${formatExactBytes(own.byteLength)}`;
    return {
      same: false,
      title: 'Another size',
      sentence: `Plan bytes differ: ${sizes}. ${versionWords(theirs, yours) ?? 'The link may have been edited.'}`,
    };
  }
  return {
    same: false,
    title: 'Same plan, other bytes',
    sentence: `Both have ${formatExactBytes(own.byteLength)}, and the SHA-256 differs. ${reasonWords(theirs, yours)}`,
  };
}

const digests = (files: readonly OutputFile[]): string =>
  files
    .map(({ sha256, byteLength }) => `${sha256} ${byteLength}`)
    .sort()
    .join('\n');

function reasonWords(theirs: Made, yours: Made): string {
  const [there, here] = [theirs.compressedOn?.device, yours.compressedOn?.device];
  if (there !== undefined && here !== undefined && there !== here) {
    return `Theirs was made on ${there}, yours on ${here}: another GPU may round a few codes differently. Compare accuracy and fidelity.`;
  }
  return (
    versionWords(theirs, yours) ?? 'Another driver may round differently, or the link was edited.'
  );
}

function versionWords({ versions: there }: Made, { versions: here }: Made): string | null {
  const [a, b] = [there['whittle'], here['whittle']];
  return a === undefined || b === undefined || a === b
    ? null
    : `Theirs was made with Whittle ${a}, yours with ${b}.`;
}
