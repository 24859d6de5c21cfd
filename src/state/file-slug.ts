/** Names from files as parts of file names, which must be harmless on every system. */

const SLUG_LENGTH = 96;
const TITLE_LENGTH = 100;

/** A run's or recipe's name: lower case, dashes, at most 96 characters, cut between words. */
export function fileSlug(name: string): string {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-');
  const short = cut(words, SLUG_LENGTH);
  const whole =
    short.length < words.length && words.at(short.length) !== '-' && short.includes('-');
  const kept = whole ? short.slice(0, short.lastIndexOf('-')) : short;
  return kept.replace(/^-+|-+$/g, '') || 'recipe';
}

/** Windows keeps these for devices, whatever follows the first dot. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** A model's title: what is no path, not invisible and not reserved, at most 100 characters. */
export function fileTitle(title: string): string {
  const visible = title.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '').replace(/[<>:"/\\|?*]/g, '-');
  const plain = cut(visible.replace(/^[\s.-]+/, ''), TITLE_LENGTH).replace(/[\s.]+$/, '');
  return plain.replace(DEVICES, '_$&') || 'model';
}

/** By characters, as half of a surrogate pair is no text. */
const cut = (text: string, length: number): string => [...text].slice(0, length).join('');
