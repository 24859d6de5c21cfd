/** Payloads that stay as they are and change their place: into the model's file, or beside it. */
import type { ByteRange } from '../../model/model.ts';
import { writeReference } from './encode.ts';
import { drop, insertAtEnd, type NewBytes } from './new-bytes.ts';
import type { ExternalTensor, OnnxModel } from './onnx-model.ts';
import type { Part } from './output-layout.ts';
import type { Change } from './rewrite.ts';
import type { SideFiles } from './side-files.ts';

const RAW_DATA = 9;

/** One output file has no side files, so every payload moves in. */
export const embedExternal = (model: OnnxModel, fresh: NewBytes): Change[] =>
  model.wire.external.flatMap(({ dropped, frame, payload }) => [
    ...dropped.map(drop),
    insertAtEnd(model, frame, [
      fresh.part((writer) => writer.header(RAW_DATA, lengthOf(payload))),
      { kind: 'copy', range: payload },
    ]),
  ]);

/**
 * Payloads that are in side files already, and the long ones of the main graph's initializers.
 * Those of tensors that an edit takes away stay behind.
 */
export function moveOut(
  model: OnnxModel,
  changes: readonly Change[],
  sides: SideFiles,
  fresh: NewBytes,
): Change[] {
  const isGone = goneIn(changes);
  const { frames, embedded, external } = model.wire;
  const move = ({ dropped, frame, payload }: ExternalTensor): Change[] => {
    const part: Part = { kind: 'copy', range: payload };
    const label = `A tensor of ${model.name}`;
    const reference = sides.place(part, lengthOf(payload), label);
    const written = fresh.part((writer) => writeReference(writer, reference));
    return [...dropped.map(drop), insertAtEnd(model, frame, [written])];
  };
  const long = embedded.filter(({ payload }) => sides.isWorthMoving(lengthOf(payload)));
  return [...external, ...long].filter(({ frame }) => !isGone(frames[frame]!.start)).flatMap(move);
}

const lengthOf = ({ start, end }: ByteRange): number => end - start;

/** Whether an offset of the model's file lies in a range that changes replace, and do not move. */
function goneIn(changes: readonly Change[]): (offset: number) => boolean {
  const moved = new Set(
    changes.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'field' ? [part.start] : [])),
    ),
  );
  const ranges = changes
    .filter(({ start, end }) => end > start && !moved.has(start))
    .sort((a, b) => a.start - b.start);
  // Ranges hold one another or lie apart, so the furthest end so far is the one that counts.
  let furthest = 0;
  const ends = ranges.map(({ end }) => {
    furthest = Math.max(furthest, end);
    return furthest;
  });
  return (offset) => {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ranges[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    return offset < (ends[low - 1] ?? 0);
  };
}
