/**
 * A path-like name cut at its front to at most `room` characters, at a dot or slash if there is one:
 * "…layer.0.output.dense". The end tells names apart.
 */
export function frontCut(name: string, room: number): string {
  if (name.length <= room) return name;
  const tail = name.slice(name.length - Math.max(1, room - 1));
  const boundary = tail.search(/[./]/);
  return `…${boundary >= 0 && boundary < tail.length / 2 ? tail.slice(boundary + 1) : tail}`;
}
