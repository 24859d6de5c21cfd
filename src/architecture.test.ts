import { expect, test } from 'vitest';

/** Which rooms a room may import from (see ARCHITECTURE.md). A room may always import itself. */
const PURE = ['core', 'catalog', 'recipe', 'report'];
const WORKER_ROOMS = [
  ...[
    'core',
    'model',
    'shapes',
    'catalog',
    'recipe',
    'report',
    'formats',
    'dataset',
    'gpu',
    'kernels',
  ],
  ...['reference', 'methods', 'encoders', 'plan', 'bench', 'storage', 'bridge', 'shaders'],
];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  model: ['core'],
  shapes: ['core', 'model'],
  catalog: ['core'],
  recipe: ['core', 'catalog'],
  report: ['core', 'catalog', 'recipe'],
  formats: ['core', 'model'],
  dataset: ['core', 'model'],
  gpu: ['core'],
  kernels: ['core', 'gpu', 'shaders'],
  reference: ['core'],
  methods: ['core', 'model', 'shapes', 'catalog', 'gpu', 'kernels', 'reference'],
  encoders: ['core', 'model', 'shapes', 'catalog'],
  plan: ['core', 'model', 'shapes', 'catalog', 'recipe', 'encoders', 'formats'],
  bench: ['core', 'model', 'dataset', 'report'],
  storage: ['core', 'recipe', 'report'],
  engine: WORKER_ROOMS,
  desk: WORKER_ROOMS,
  bridge: PURE,
  state: [...PURE, 'bridge'],
  ui: [...PURE, 'state'],
};

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
const shipped = Object.entries(sources).filter(([path]) => !path.includes('.test.'));
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
    return { path, from: roomOf(path), to: top === 'src' ? room : top };
  });

test('the scan found the code base', () => {
  expect(edges.length).toBeGreaterThan(100);
  expect(new Set(edges.map(({ from }) => from)).size).toBeGreaterThan(10);
});

test('every import goes through an allowed door', () => {
  const forbidden = edges.filter(({ from, to }) => ![from, ...(ALLOWED[from] ?? [])].includes(to));
  expect(forbidden).toEqual([]);
});

test('packages stay in their rooms', () => {
  const strays = imports.filter(({ path, target }) =>
    Object.entries(ONLY_IN).some(
      ([name, room]) => (target === name || target.startsWith(`${name}/`)) && roomOf(path) !== room,
    ),
  );
  expect(strays).toEqual([]);
});
