/** Holds every import to the table of rooms in ARCHITECTURE.md, which is read, not copied. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROW = /^\| (`(?:src\/\w+|shaders\/)`(?:, `src\/\w+`)*) \|.*\| ([^|]*) \|$/gm;
const WORKERS = 'any room above, bridge';

/** Which rooms a room may import from. A room may always import itself. */
const allowed = readTable(readFileSync(new URL('../ARCHITECTURE.md', import.meta.url), 'utf8'));

/** The only rooms that may import a package. */
const ONLY_IN: Readonly<Record<string, string>> = {
  'onnxruntime-web': 'bench',
  zustand: 'state',
  '@mantine': 'ui',
  recharts: 'ui',
};

const sources = import.meta.glob<string>('./*/**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const roomOf = (path: string) => path.split('/')[1] ?? '';
const isShipped = (path: string) => !path.includes('.test.') && !path.includes('/testing/');
const shipped = Object.entries(sources).filter(([path]) => isShipped(path));
const imports = shipped.flatMap(([path, text]) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target = '']) => ({
    path,
    target,
  })),
);

const edges = imports
  .filter(({ target }) => target.startsWith('.'))
  .map(({ path, target }) => {
    const resolved = new URL(target, `file:///src/${path.slice(2)}`).pathname;
    const [, top = '', room = ''] = resolved.split('/');
    return { path, target, from: roomOf(path), to: top === 'src' ? room : top };
  });

function readTable(text: string): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, readonly string[]>();
  for (const [, cell = '', doors = ''] of text.matchAll(ROW)) {
    const above = [...table.keys()];
    const named = doors.split(', ').filter((door) => /^\w+$/.test(door));
    const rooms = [...cell.matchAll(/`(?:src\/)?(\w+)\/?`/g)].map(([, room = '']) => room);
    for (const room of rooms) table.set(room, doors === WORKERS ? [...above, 'bridge'] : named);
  }
  return table;
}

test('the scan found the table and the code base', () => {
  expect(allowed.size).toBeGreaterThan(15);
  expect(allowed.get('core')).toEqual([]);
  expect(allowed.get('engine')).toContain('gpu');
  expect(edges.length).toBeGreaterThan(100);
  expect(new Set(edges.map(({ from }) => from)).size).toBeGreaterThan(10);
});

test('every room is in the table, and every door leads to one', () => {
  const rooms = new Set([...Object.keys(sources).map(roomOf), ...[...allowed.values()].flat()]);
  expect([...rooms].filter((room) => !allowed.has(room))).toEqual([]);
});

test('every import goes through an allowed door', () => {
  const forbidden = edges.filter(
    ({ from, to }) => ![from, ...(allowed.get(from) ?? [])].includes(to),
  );
  expect(forbidden).toEqual([]);
});

test('what only tests use stays with them', () => {
  expect(edges.filter(({ target }) => !isShipped(target))).toEqual([]);
});

test('packages stay in their rooms', () => {
  const strays = imports.filter(({ path, target }) =>
    Object.entries(ONLY_IN).some(
      ([name, room]) => (target === name || target.startsWith(`${name}/`)) && roomOf(path) !== room,
    ),
  );
  expect(strays).toEqual([]);
});
