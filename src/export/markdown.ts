/** Texts of any origin in Markdown: they stay text. */
import { plainText } from './html.ts';

/** For a line or a table's cell. */
export const escapeMarkdown = (text: string): string =>
  plainText(text)
    .replace(/\n+/g, ' ')
    .replace(/[\\`*_{}[\]<>|#~&$@]/g, '\\$&')
    // What begins a list, a rule or an ordered list does so at the start of a line only.
    .replace(/^([-+=])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    // A bare address would become a link.
    .replace(/:\/\//g, ':\\//')
    .replace(/\bwww\./gi, 'www\\.');

/** A block that no run of backticks in it can end. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${plainText(text)}\n${fence}\n`;
}

/** Cells are Markdown already. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  numbersFrom = 1,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = head.map((_, index) => (index < numbersFrom ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('');
}
