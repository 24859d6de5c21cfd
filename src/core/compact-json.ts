/** JSON to be read in a narrow column: what fits in `width` characters stays on one line. */
export function compactJson(value: unknown, width = 56): string {
  return written(value, '', width, 0);
}

/** - `before` — characters that stand before the value on its line, and the comma after it */
function written(value: unknown, indent: string, width: number, before: number): string {
  const line = onOneLine(value);
  if (
    indent.length + before + line.length <= width ||
    typeof value !== 'object' ||
    value === null
  ) {
    return line;
  }
  const inner = `${indent}  `;
  const entries = Array.isArray(value)
    ? value.map((item) => written(item, inner, width, 1))
    : Object.entries(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + written(item, inner, width, name.length + 1);
      });
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
