/**
 * JSON as it stands in an address: UTF-8, deflate (RFC 1951), base64url without padding. What is
 * read may be cut off, forged or a bomb: its length is limited before and while it is unpacked.
 */
import { deflateSync, Inflate } from 'fflate';
import { parseJson } from '../core/json-syntax.ts';
import { StudioError } from '../core/studio-error.ts';

/** Characters of packed JSON: what addresses may well hold. */
export const MAX_PACKED_LENGTH = 8192;

/** Bytes of the JSON in it; 8 KB of deflate could hold 6 MB. */
const MAX_JSON_BYTES = 256 * 1024;

/** Inflated at a time; deflate makes at most 1,032 bytes of each. */
const SLICE_BYTES = 128;

/**
 * The text for an address; `MAX_PACKED_LENGTH` is the caller's to keep.
 * - `replacer` — as `JSON.stringify` takes it
 */
export function packJson(
  value: unknown,
  replacer?: (key: string, value: unknown) => unknown,
): string {
  const bytes = new TextEncoder().encode(JSON.stringify(value, replacer));
  return toBase64Url(deflateSync(bytes, { level: 9 }));
}

/** @throws bad-link saying in one sentence what is wrong with `text` */
export function unpackJson(text: string): unknown {
  if (text.length > MAX_PACKED_LENGTH) {
    refuse(`has ${text.length} characters of content; at most ${MAX_PACKED_LENGTH} are read.`);
  }
  const packed = fromBase64Url(text) ?? refuse('has characters that no link has. Copy it again.');
  const json = decode(inflate(packed));
  return parseJson(json, 'What the link holds', 'bad-link');
}

/** @throws bad-link, always */
export function refuse(problem: string): never {
  throw new StudioError('bad-link', `The link ${problem}`);
}

function inflate(packed: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let total = 0;
  const inflater = new Inflate((part) => {
    parts.push(part);
    total += part.length;
  });
  for (let at = 0; at === 0 || at < packed.length; at += SLICE_BYTES) {
    const last = at + SLICE_BYTES >= packed.length;
    try {
      inflater.push(packed.subarray(at, at + SLICE_BYTES), last);
    } catch (cause) {
      const problem = 'The link is cut off or damaged. Copy the whole link again.';
      throw new StudioError('bad-link', problem, { cause });
    }
    if (total > MAX_JSON_BYTES) {
      refuse(`unpacks to over ${MAX_JSON_BYTES / 1024} KB, which no shared result has.`);
    }
  }
  const joined = new Uint8Array(total);
  let filled = 0;
  for (const part of parts) {
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StudioError('bad-link', 'The link holds no text. Copy the whole link again.', {
      cause,
    });
  }
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** null for what is not base64url. */
function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
