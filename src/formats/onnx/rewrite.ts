/** Changes inside nested length-delimited messages → the parts of the changed file. */
import type { Frame } from './onnx-model.ts';
import { type Part, partLength } from './output-layout.ts';
import { encode } from './proto-writer.ts';

/** `parts` in place of `[start, end)`, which lies directly in a frame (−1: the model). */
export interface Change {
  readonly frame: number;
  readonly start: number;
  readonly end: number;
  readonly parts: readonly (Part | MovedField)[];
}

/** A field of some frame, with the changes inside it, wherever it is put. */
export interface MovedField {
  readonly kind: 'field';
  readonly frame: number;
  readonly start: number;
  readonly end: number;
}

/** A frame that holds changes, as something to rewrite in the message around it. */
interface Inner {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

type Item = Change | Inner;

const MODEL = -1;

/**
 * A change inside a replaced range has no effect, unless the range is put elsewhere as a moved
 * field; those at one offset keep their order.
 */
export function rewrite(
  frames: readonly Frame[],
  byteLength: number,
  changes: readonly Change[],
): Part[] {
  const itemsOf = new Map<number, Item[]>([[MODEL, []]]);
  /** Frames that hold changes, by where their fields start. */
  const changedAt = new Map<number, number>();
  const listOf = (frame: number): Item[] => {
    const known = itemsOf.get(frame);
    if (known) return known;
    const items: Item[] = [];
    itemsOf.set(frame, items);
    const { parent, start, end } = frames[frame]!;
    listOf(parent).push({ index: frame, start, end });
    changedAt.set(start, frame);
    return items;
  };
  for (const change of changes) listOf(change.frame).push(change);

  const build = (frame: number, start: number, end: number): Part[] => {
    const parts: Part[] = [];
    let copied = start;
    for (const item of (itemsOf.get(frame) ?? []).sort(byPosition)) {
      if (item.start < copied) continue;
      pushCopy(parts, copied, item.start);
      if ('parts' in item) {
        for (const part of item.parts) {
          const inner = part.kind === 'field' ? changedAt.get(part.start) : undefined;
          if (part.kind !== 'field') pushPart(parts, part);
          else if (inner === undefined) pushCopy(parts, part.start, part.end);
          else pushFrame(parts, inner);
        }
      } else pushFrame(parts, item.index);
      copied = item.end;
    }
    pushCopy(parts, copied, end);
    return parts;
  };
  const pushFrame = (parts: Part[], frame: number): void => {
    const { fieldNumber, contentStart, end } = frames[frame]!;
    const body = build(frame, contentStart, end);
    const bodyLength = body.reduce((sum, part) => sum + partLength(part), 0);
    const header = encode((writer) => writer.header(fieldNumber, bodyLength));
    parts.push({ kind: 'bytes', bytes: header });
    for (const part of body) pushPart(parts, part);
  };
  return build(MODEL, 0, byteLength);
}

/** At one offset changes come before the frame that they may replace. */
const byPosition = (a: Item, b: Item): number =>
  a.start - b.start || Number('index' in a) - Number('index' in b);

const pushCopy = (parts: Part[], start: number, end: number): void => {
  if (end > start) pushPart(parts, { kind: 'copy', range: { file: 0, start, end } });
};

function pushPart(parts: Part[], part: Part): void {
  const last = parts.at(-1);
  if (last?.kind === 'copy' && part.kind === 'copy') {
    const { file, start, end } = last.range;
    if (part.range.file === file && part.range.start === end) {
      parts[parts.length - 1] = { kind: 'copy', range: { file, start, end: part.range.end } };
      return;
    }
  }
  parts.push(part);
}
