import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PRODUCTION_HEADERS } from './security.mjs';

const SERVER = readFileSync(new URL('../container/nginx.conf', import.meta.url), 'utf8');
const headersIn = (text: string) =>
  Object.fromEntries(
    [...text.matchAll(/^\s*add_header (\S+) (?:"([^"]*)"|(\S+)) always;$/gm)].map(
      ([, name = '', quoted, bare]) => [name, quoted ?? bare],
    ),
  );

test('the container sends the headers of every other server of the studio', () => {
  const { 'Cache-Control': cache, ...headers } = headersIn(SERVER);
  expect(headers).toEqual(PRODUCTION_HEADERS);
  expect(cache).toBe('$cache_control');
  expect(SERVER.match(/add_header/g)).toHaveLength(Object.keys(headers).length + 1);
});

test('no location has headers of its own, which would drop those of the server', () => {
  const locations = [...SERVER.matchAll(/location [^{]*\{([^}]*)\}/g)];
  expect(locations.length).toBeGreaterThan(0);
  expect(locations.filter(([, inside = '']) => inside.includes('add_header'))).toEqual([]);
});
