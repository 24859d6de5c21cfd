/** JSON to be read in a narrow column: what fits in `width` characters stays on one line. */
export function compactJson(value: unknown, width = 56): string {
  return written(value, '', width);
}

function written(value: unknown, indent: string, width: number): string {
  const line = onOneLine(value);
  if (indent.length + line.length <= width || typeof value !== 'object' || value === null) {
    return line;
  }
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((item) => written(item, inner, width))
    : Object.entries(value).map(
        ([key, item]) => `${JSON.stringify(key)}: ${written(item, inner, width)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${entries.map((entry) => inner + entry).join(',\n')}\n${indent}${close}`;
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${onOneLine(item)}`,
  );
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
