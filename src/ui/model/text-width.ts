const SIZE_PX = 12;
/** Where nothing can be measured: a character of the widest system font. */
const WIDEST_CHARACTER = 6.8;

let context: CanvasRenderingContext2D | null | undefined;

/** Width of a line of a table, in pixels, in the font of this system. */
export function textWidth(text: string): number {
  if (context === undefined) {
    context = document.createElement('canvas').getContext('2d');
    if (context) context.font = `${SIZE_PX}px ${getComputedStyle(document.body).fontFamily}`;
  }
  return context?.measureText(text).width ?? text.length * WIDEST_CHARACTER;
}
