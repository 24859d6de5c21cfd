import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PNG = '89504e470d0a1a0a';
const MOST_BYTES = 10_000;

test('each icon of the manifest has the size that it states, and the page names one', () => {
  const { icons } = JSON.parse(readFileSync('public/manifest.webmanifest', 'utf8'));
  const drawn = icons.filter(({ type }: { type: string }) => type === 'image/png');
  expect(drawn.map(({ sizes }: { sizes: string }) => sizes)).toEqual(['192x192', '512x512']);
  for (const { src, sizes } of drawn) {
    const bytes = readFileSync(`public/${src}`);
    expect(bytes.toString('hex', 0, 8)).toBe(PNG);
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
    expect(bytes.byteLength).toBeLessThan(MOST_BYTES);
  }
  const page = readFileSync('index.html', 'utf8');
  expect(page).toContain('<link rel="apple-touch-icon" href="./icon-192.png" />');
});
