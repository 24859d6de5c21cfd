/** A run's or recipe's name as a part of a file name: lower case, dashes, at most 60 characters. */
export function fileSlug(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return slug || 'recipe';
}
