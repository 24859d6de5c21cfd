/** The chart as a file of its own: colours inlined, with title and legend, nothing to fetch. */
import { familyPath, type MarkFamily } from '../../report/chart/family-path.ts';
import { schemeTokens, withTokens } from './scheme-tokens.ts';

export type Background = 'white' | 'dark';

export interface ExportedChart {
  /** The drawing as the page shows it. */
  readonly drawing: SVGSVGElement;
  readonly title: string;
  /** Under the chart: what marks and bars mean. */
  readonly notes: readonly string[];
  readonly families: readonly MarkFamily[];
}

const PADDING = 16;
const TITLE_HEIGHT = 28;
const LINE = 16;
/** Pixels of the PNG for each of the page's. */
const PNG_SCALE = 2;
const FONT = '"Segoe UI", -apple-system, BlinkMacSystemFont, Roboto, Arial, sans-serif';

/** A standalone SVG document. */
export function chartSvg(chart: ExportedChart, background: Background): string {
  const { drawing, title, notes, families } = chart;
  const { width: drawn, height } = sizeOf(drawing);
  const width = drawn + 2 * PADDING;
  const legendTop = PADDING + TITLE_HEIGHT + height + LINE;
  const total = legendTop + (families.length > 0 ? LINE : 0) + notes.length * LINE + PADDING;
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  for (const point of copy.querySelectorAll('.point-focus')) point.remove();
  for (const [name, value] of [
    ['x', PADDING],
    ['y', PADDING + TITLE_HEIGHT],
    ['width', drawn],
    ['height', height],
    ['overflow', 'visible'],
  ] as const) {
    copy.setAttribute(name, String(value));
  }
  for (const element of [copy, ...copy.querySelectorAll('*')]) stripPage(element);
  const text = (y: number, words: string, size: number, weight: number, colour: string) =>
    `<text x="${PADDING}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped(words)}</text>`;
  const body = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" font-family="${escaped(FONT)}" font-variant-numeric="tabular-nums">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${total}" fill="var(--surface)"/>`,
    text(PADDING + 16, title, 15, 650, 'var(--text)'),
    new XMLSerializer().serializeToString(copy),
    legend(families, legendTop),
    ...notes.map((note, index) =>
      text(
        legendTop + (families.length > 0 ? LINE : 0) + (index + 1) * LINE - 4,
        note,
        11,
        400,
        'var(--text-3)',
      ),
    ),
    '</svg>',
  ].join('\n');
  return withTokens(body, schemeTokens(background === 'dark' ? 'dark' : 'light'));
}

/** @throws if the browser does not draw the document: a bug */
export async function chartPng(chart: ExportedChart, background: Background): Promise<Blob> {
  const svg = chartSvg(chart, background);
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * PNG_SCALE;
    canvas.height = image.naturalHeight * PNG_SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no PNG'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

function sizeOf(drawing: SVGSVGElement): { readonly width: number; readonly height: number } {
  const { width, height } = drawing.getBoundingClientRect();
  return { width: Math.round(width), height: Math.round(height) };
}

/** What only the page needs: classes, handlers' attributes, names for assistive technology. */
function stripPage(element: Element): void {
  for (const { name } of [...element.attributes]) {
    if (/^(class|style|role|tabindex|aria-|data-)/.test(name)) element.removeAttribute(name);
  }
}

function legend(families: readonly MarkFamily[], top: number): string {
  let left = PADDING + 6;
  return families
    .map((family) => {
      const at = left;
      left += 28 + family.length * 6.2;
      const mark =
        family === 'baseline'
          ? `<path d="M${at - 4} ${top - 4}l8 8M${at + 4} ${top - 4}l-8 8" stroke="var(--text)" stroke-width="2"/>`
          : `<path d="${familyPath(family, at, top, 5)}" fill="var(--${family})"/>`;
      return `${mark}<text x="${at + 10}" y="${top + 4}" font-size="11" fill="var(--text-2)">${escaped(family)}</text>`;
    })
    .join('');
}

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
