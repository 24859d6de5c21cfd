const lengthOf = (text: string): number => text.length;

/**
 * A path-like name cut at its front to at most `room`, at a dot or slash if there is one:
 * "…layer.0.output.dense". The end tells names apart.
 * - `widthOf` — in the unit of `room`, which without it is characters
 */
export function frontCut(
  name: string,
  room: number,
  widthOf: (text: string) => number = lengthOf,
): string {
  if (widthOf(name) <= room) return name;
  let [least, most] = [0, name.length - 1];
  while (least < most) {
    const kept = Math.ceil((least + most) / 2);
    if (widthOf(`…${name.slice(name.length - kept)}`) <= room) least = kept;
    else most = kept - 1;
  }
  const tail = name.slice(name.length - Math.max(1, least));
  const boundary = tail.search(/[./]/);
  return `…${boundary >= 0 && boundary < tail.length / 2 ? tail.slice(boundary + 1) : tail}`;
}

/**
 * As many last parts of "2:4 · int8·channel" as fit `room`, at least one: the colour beside it says
 * what the first ones do.
 */
export function lastParts(label: string, room: number): string {
  const parts = label.split(' · ');
  while (parts.length > 1 && parts.join(' · ').length > room - 1) parts.shift();
  const shown = parts.join(' · ');
  return shown === label ? label : `…${shown}`;
}
