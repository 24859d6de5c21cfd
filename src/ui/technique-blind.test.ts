/** Forms are drawn from the catalog: no code of the page names a technique or one of its options. */
import { expect, test } from 'vitest';
import { FAMILIES } from '../catalog/technique.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';

const sources = import.meta.glob<string>(['./**/*.{ts,tsx}', '../state/**/*.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** Names element types, one of which a technique is called after. */
const ELEMENT_TYPES = '../state/short-dtype.ts';

const shipped = Object.entries(sources).filter(
  ([path]) => !path.includes('.test.') && !path.includes('/testing/') && path !== ELEMENT_TYPES,
);

test('the page and its state know techniques from the catalog alone', () => {
  expect(shipped.length).toBeGreaterThan(80);
  // A technique that is called as its family is may be meant as that.
  const ids = Object.keys(TECHNIQUES).filter((id) => !FAMILIES.some((family) => family === id));
  const quoted = ids.map((id) => new RegExp(`['"\`]${id}['"\`]`));
  const direct = Object.keys(TECHNIQUES).map((id) => new RegExp(`catalog/${id}\\.ts`));
  const named = shipped.filter(([, text]) => [...quoted, ...direct].some((it) => it.test(text)));
  expect(named.map(([path]) => path)).toEqual([]);
});
