/** What the runtime's own errors mean for a person. */
import type { Backend } from '../core/backend.ts';
import { StudioError } from '../core/studio-error.ts';

const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /requires f16|shader-f16/i,
    'this GPU has no shader-f16, which the float16 operators need. Measure on WASM or keep float32',
  ],
  [
    /bad_alloc|out of memory|Array buffer allocation|Aborted\(OOM|RangeError.*(memory|allocation)/i,
    'it needs more memory than a tab has. Close other tabs, or measure a smaller model',
  ],
  [
    /exceeds maximum supported size|2GB/i,
    'the file is over 2 GB, which the runtime cannot take in one piece',
  ],
  [/opset \d+|IR version/i, 'its opset or IR version is newer than the runtime knows'],
  [
    /Could not find an implementation|not implemented/i,
    'the runtime has no kernel for an operator',
  ],
  [/fallback|assigned to the default CPU EP/i, 'some operators would run on the CPU'],
];

/**
 * `cause` as a StudioError that says what failed on which backend.
 * - `doing` — "open the session", "run a row"
 */
export function runtimeError(cause: unknown, backend: Backend, doing: string): StudioError {
  if (cause instanceof StudioError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const where = backend === 'webgpu' ? 'WebGPU' : 'WASM';
  if (/device.{0,20}lost|DeviceLost/i.test(said)) {
    return new StudioError('device-lost', `The GPU was lost while ${where} had to ${doing}.`, {
      cause,
    });
  }
  return new StudioError(
    'runtime-failed',
    `ONNX Runtime could not ${doing} on ${where}: ${reasonOf(said)}.`,
    { cause },
  );
}

function reasonOf(said: string): string {
  const known = CAUSES.find(([pattern]) => pattern.test(said));
  const words = inWords(said);
  if (words === '' || /^\d+$/.test(words)) {
    // Builds with WebGPU know no float8 and refuse it with code 9 and not a word.
    return 'it gave no reason, as it does for types that this build lacks (float8, bfloat16)';
  }
  const short = words.length > 300 ? `${words.slice(0, 300)}…` : words;
  return known ? `${known[1]} ("${short}")` : short.replace(/\.$/, '');
}

/** Without the runtime's own source paths; nodes by operator and name: "If branch: Pad padding: …". */
const inWords = (said: string): string =>
  said
    .replace(/^.*ERROR_MESSAGE:\s*/s, '')
    .replaceAll(
      /Non-zero status code returned while running (\S+) node\. Name:'([^']*)' Status Message:\s*/g,
      '$1 $2: ',
    )
    .replaceAll(/(?:\/\S+\/)?\w+\.(?:h|cc):\d+ (?:[\w:~<>]+\([^()]*\) |\w+ )?/g, '')
    .trim();
