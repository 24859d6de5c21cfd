import { formatBytes } from '../report/format.ts';
import type { Failure } from '../state/failure.ts';
import { FAILURE_TITLES } from './failure-titles.ts';

/** Bytes that are read out as text; more would be no name of a format. */
const READABLE = 16;

/** "reviews.onnx is a GGUF file, not ONNX". */
export function refusedTitle({ code, detail }: Failure): string {
  if (detail?.file && detail.actually) return `${detail.file} is ${detail.actually}, not ONNX`;
  return `${detail?.file ? `${detail.file}: ` : ''}${FAILURE_TITLES[code]}`;
}

/** What the title leaves to say: how the kind of file is known, then what to do. */
export function refusedBody(failure: Failure): string {
  const { message } = failure;
  const start = `${refusedTitle(failure)}. `;
  const rest = message.startsWith(start) ? message.slice(start.length) : message;
  const proof = proofOf(failure);
  return proof ? `${proof} Whittle opens ONNX. ${rest}` : rest;
}

/** "Its name ends in .onnx, but its first 4 bytes say GGUF."; null where nothing tells. */
function proofOf({ detail }: Failure): string | null {
  const told = detail?.head?.slice(0, detail.headMatch ?? 0) ?? [];
  if (!detail?.actually || told.length === 0) return null;
  const isText = told.length <= READABLE && told.every((byte) => byte > 0x20 && byte < 0x7f);
  const says = isText ? `say ${String.fromCharCode(...told)}` : 'show what it is';
  const bytes = `its first ${told.length} bytes ${says}.`;
  return /\.onnx$/i.test(detail.file ?? '')
    ? `Its name ends in .onnx, but ${bytes}`
    : `I${bytes.slice(1)}`;
}

/** "GGUF version 3, 291 tensors, 1,100.0 MB. Nothing more was read."; null if that says nothing. */
export function headerWords({ detail }: Failure): string | null {
  if (detail?.facts === undefined || detail.byteLength === undefined) return null;
  return `${detail.facts}, ${formatBytes(detail.byteLength)}. Nothing more was read.`;
}

/** For whoever is asked for help: the refusal, where it happened, and the first bytes. */
export function refusedDetails(failure: Failure, version: string): string {
  const { code, message, detail } = failure;
  const hex = detail?.head?.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return [
    message,
    ...(detail?.facts ? [detail.facts] : []),
    `Whittle ${version}, ${code}`,
    ...(detail?.path ? [`at ${detail.path}`] : []),
    ...(detail?.offset !== undefined ? [`byte ${detail.offset}`] : []),
    ...(hex ? [`first bytes: ${hex}`] : []),
  ].join('\n');
}
