/** Tells from a file's first bytes whether it can be ONNX, and what it is if it is not. */
import { ggufFacts } from '../gguf/header.ts';
import { decodeText } from './text.ts';

export interface Probe {
  readonly verdict: 'onnx' | 'maybe' | 'other';
  /** What the file is instead: "a GGUF file". */
  readonly actually?: string;
  /** How many of the first bytes tell. */
  readonly headMatch?: number;
  /** What to do about it: a sentence. */
  readonly remedy?: string;
  /** What its header says: "GGUF version 3, 291 tensors". */
  readonly facts?: string;
}

/** Bytes of the file's beginning that `probeOnnx` can use. */
export const PROBE_LENGTH = 512;

interface Signature {
  readonly actually: string;
  readonly remedy?: string;
  /** How many of the first bytes show it; 0 if they do not. */
  readonly match: (head: Uint8Array) => number;
  /** What else the header says of a file of so many bytes; null for nothing. */
  readonly facts?: (head: Uint8Array, byteLength: number) => string | null;
}

const SAME_MODEL = 'Look for the .onnx file of the same model.';
const DOWNLOAD_AGAIN = 'The download went wrong; get the file itself.';

const bytesAt =
  (offset: number, ...bytes: readonly number[]) =>
  (head: Uint8Array): number =>
    bytes.every((byte, index) => head[offset + index] === byte) ? offset + bytes.length : 0;

const textAt = (offset: number, text: string) =>
  bytesAt(offset, ...[...text].map((char) => char.charCodeAt(0)));

const startsWithText = (pattern: RegExp) => (head: Uint8Array) =>
  pattern.exec(decodeText(head))?.[0].length ?? 0;

const SIGNATURES: readonly Signature[] = [
  {
    actually: 'a GGUF file',
    remedy: 'Look for the .onnx file of the same model, or export one from the original weights.',
    match: textAt(0, 'GGUF'),
    facts: ggufFacts,
  },
  { actually: 'a safetensors file', match: matchSafetensors },
  {
    actually: 'a Git LFS pointer',
    remedy: 'Fetch the real file with "git lfs pull" or download it from the model page.',
    match: textAt(0, 'version https://git-lfs'),
  },
  { actually: 'a PyTorch checkpoint', match: matchTorchZip },
  {
    actually: 'a zip archive',
    remedy: 'Unpack it and drop the .onnx file inside.',
    match: textAt(0, 'PK\x03\x04'),
  },
  { actually: 'a Python pickle, as PyTorch writes it', match: matchPickle },
  { actually: 'a TensorFlow Lite model', match: textAt(4, 'TFL3') },
  { actually: 'a model in ONNX Runtime\u2019s own format', match: textAt(4, 'ORTM') },
  { actually: 'an HDF5 file, as Keras writes it', match: bytesAt(0, 0x89, 0x48, 0x44, 0x46) },
  { actually: 'a NumPy array', match: bytesAt(0, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59) },
  { actually: 'a PNG picture', match: bytesAt(0, 0x89, 0x50, 0x4e, 0x47) },
  { actually: 'a JPEG picture', match: bytesAt(0, 0xff, 0xd8, 0xff) },
  { actually: 'a GIF picture', match: textAt(0, 'GIF8') },
  { actually: 'a PDF document', match: textAt(0, '%PDF') },
  {
    actually: 'a gzip archive',
    remedy: 'Unpack it and drop the .onnx file inside.',
    match: bytesAt(0, 0x1f, 0x8b),
  },
  {
    actually: 'a tar archive',
    remedy: 'Unpack it and drop the .onnx file inside.',
    match: textAt(257, 'ustar'),
  },
  {
    actually: 'a web page',
    remedy: DOWNLOAD_AGAIN,
    match: startsWithText(/^\ufeff?\s*(?:<!doctype html|<html|<head)/i),
  },
  { actually: 'an XML file', match: startsWithText(/^\ufeff?\s*<\?xml/i) },
  { actually: 'JSON text', match: startsWithText(/^\ufeff?\s*(?:\{\s*["}]|\[\s*["{[\]\d])/) },
];

/** Never throws. `byteLength` — of the whole file */
export function probeOnnx(head: Uint8Array, byteLength = head.length): Probe {
  if (head.length === 0) {
    return { verdict: 'other', actually: 'an empty file', headMatch: 0, remedy: DOWNLOAD_AGAIN };
  }
  for (const { actually, remedy = SAME_MODEL, match, facts } of SIGNATURES) {
    const headMatch = match(head);
    if (headMatch === 0) continue;
    const said = facts?.(head, byteLength) ?? null;
    return { verdict: 'other', actually, headMatch, remedy, ...(said !== null && { facts: said }) };
  }
  const structure = modelFields(head);
  if (structure !== 'onnx' && head.length >= 8 && head.every(isPrintable)) {
    return {
      verdict: 'other',
      actually: 'a text file',
      headMatch: head.length,
      remedy: SAME_MODEL,
    };
  }
  return { verdict: structure };
}

const isPrintable = (byte: number): boolean =>
  byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127);

/** Little-endian header length, then a JSON object. */
function matchSafetensors(head: Uint8Array): number {
  const isShort =
    head.length >= 9 && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
  return isShort && head[8] === 0x7b ? 9 : 0;
}

/** A zip whose first entry lies in a folder with `data.pkl`, uncompressed. */
function matchTorchZip(head: Uint8Array): number {
  if (textAt(0, 'PK\x03\x04')(head) === 0) return 0;
  const name = decodeText(head.subarray(30, 30 + (head[26] ?? 0)));
  return /\/(?:data\.pkl|byteorder|version|\.format_version|\.data\/.*)$/.test(name) ? 4 : 0;
}

/** Protocol 2 to 5, then an opcode that can begin a checkpoint. */
function matchPickle(head: Uint8Array): number {
  const [proto, version = 0, opcode = 0] = head;
  const opens = [0x8a, 0x7d, 0x63, 0x95, 0x28, 0x5d, 0x58, 0x8c].includes(opcode);
  return proto === 0x80 && version >= 2 && version <= 5 && opens ? 2 : 0;
}

/** Wire types of ModelProto's fields by number. */
const MODEL_WIRE_TYPES: Readonly<Record<number, number>> = {
  ...{ 1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2 },
};

const LARGEST_PLAUSIBLE_FIELD = 1000;

/** Follows the first fields: of a model all are known and of the right type. */
function modelFields(head: Uint8Array): Probe['verdict'] {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < head.length && shift < 70; shift += 7) {
      const byte = head[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) break;
    }
    return value;
  };
  for (let known = 0; at < head.length; known++) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (MODEL_WIRE_TYPES[number] !== tag % 8) {
      const isPlausible = number > 0 && number < LARGEST_PLAUSIBLE_FIELD && tag % 8 < 6;
      return known > 0 || isPlausible ? 'maybe' : 'other';
    }
    const value = varint();
    if (tag % 8 === 2) at += value;
  }
  return head.length > 1 ? 'onnx' : 'maybe';
}
