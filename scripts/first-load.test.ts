import { expect, test } from 'vitest';
import { firstLoadFiles } from './first-load.mjs';

test('counts static imports and their css once, and nothing lazy', () => {
  const manifest = {
    'index.html': {
      file: 'entry.js',
      isEntry: true,
      imports: ['_a.js', '_b.js'],
      css: ['entry.css'],
    },
    '_a.js': { file: 'a.js', imports: ['_shared.js'], css: ['a.css'] },
    '_b.js': { file: 'b.js', imports: ['_shared.js', '_a.js'] },
    '_shared.js': { file: 'shared.js', css: ['a.css'] },
    'src/chart.tsx': { file: 'chart.js', isDynamicEntry: true, css: ['chart.css'] },
  };
  const files = firstLoadFiles(manifest).sort();
  expect(files).toEqual(['a.css', 'a.js', 'b.js', 'entry.css', 'entry.js', 'shared.js']);
});

test('a build without an entry is no build', () => {
  expect(() => firstLoadFiles({})).toThrow('no entry');
});
