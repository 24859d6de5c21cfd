import { describe, expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../core/testing/hostile-text.ts';
import { fileSlug, fileTitle } from './file-slug.ts';

test.each([
  ['int4 block 32 + int8 embeddings', 'int4-block-32-int8-embeddings'],
  ['2:4 + int8 per channel', '2-4-int8-per-channel'],
  ['Größe ½', 'größe-½'],
  ['../..', 'recipe'],
  [`${'a'.repeat(95)} b`, 'a'.repeat(95)],
  [`${'a'.repeat(90)} per channel`, `${'a'.repeat(90)}-per`],
  [`${'a'.repeat(93)} per channel`, 'a'.repeat(93)],
  ['a'.repeat(120), 'a'.repeat(96)],
])('the name %j in a file name is %j', (name, slug) => {
  expect(fileSlug(name)).toBe(slug);
});

test.each([
  ['sentiment-minilm', 'sentiment-minilm'],
  ['Llama 3.2 (1B)', 'Llama 3.2 (1B)'],
  ['模型', '模型'],
  ['../../x', 'x'],
  ['..\\..\\x', 'x'],
  ['a/b', 'a-b'],
  ['C:\\x', 'C--x'],
  ['\u202etxt.exe', 'txt.exe'],
  ['a\u0000b\r\nc', 'abc'],
  ['<img src=x onerror=alert(1)>', 'img src=x onerror=alert(1)-'],
  ['con', '_con'],
  ['NUL.model', '_NUL.model'],
  ['console', 'console'],
  ['...', 'model'],
  ['', 'model'],
])('the title %j in a file name is %j', (title, plain) => {
  expect(fileTitle(title)).toBe(plain);
});

describe.each(HOSTILE_NAMES)('%j', (name) => {
  test.each([fileSlug, fileTitle])('is harmless', (plain) => {
    for (const text of [
      name,
      `${name}x`,
      `x${name}`,
      name.repeat(50),
      `${'y'.repeat(99)}${name}`,
    ]) {
      const part = plain(text);
      expect(part).toMatch(/^[^\p{C}<>:"/\\|?*]{1,101}$/u);
      expect(part).not.toMatch(/^[\s.-]|[\s.]$/);
      expect(part.isWellFormed()).toBe(true);
    }
  });
});
