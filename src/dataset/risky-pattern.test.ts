import { expect, test } from 'vitest';
import { openDataset } from './dataset.ts';
import { findRiskyPattern, isRisky } from './risky-pattern.ts';
import { named, textModel, tinyTokenizer } from './testing/tiny-files.ts';

test.each([
  ['GPT-2', "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"],
  [
    'Llama 3',
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  [
    'GPT-4o',
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  ['CLIP', "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"],
  ['BLOOM', ' ?[^(\\s|[.,!?…。，、।۔،])]+'],
  ['DeepSeek', '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[\\p{L}\\p{M}]+'],
  ['normalizers', ' {2,}'],
  ['groups of one length', '(?:ab)+(?<=b)\\d{3}(?=(?:\\d{3})*$)'],
])('%s is not risky', (_, pattern) => {
  expect(isRisky(pattern)).toBe(false);
});

test.each([
  '(a+)+$',
  '(?:a*)*b',
  '(a|a)*$',
  '((a{2,})b?)+c',
  '(?:a?a?){30}b',
  '(?:\\s|\\s)+x',
  '(?<word>\\w+\\s?)*!',
  '(?<word>a+:)+!',
  '[a]'.repeat(5000),
  'a*a*a*a*b',
  '(?:a*b*)(?:a*b*)c',
])('%s is risky', (pattern) => {
  expect(isRisky(pattern)).toBe(true);
});

test('patterns are found wherever they are', () => {
  const split = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated' };
  expect(findRiskyPattern({ type: 'Sequence', pretokenizers: [null, split] })).toBe('(a+)+$');
  expect(findRiskyPattern({ pattern: { String: '(a+)+$' } })).toBeNull();
});

test.each(['pre_tokenizer', 'normalizer'])('a %s that would hang is refused', async (section) => {
  const pattern = { Regex: '(a+)+$' };
  const step =
    section === 'normalizer'
      ? { type: 'Replace', pattern, content: '' }
      : { type: 'Split', pattern, behavior: 'Isolated', invert: false };
  const json = { ...JSON.parse(tinyTokenizer), [section]: step };
  const files = [
    named('tokenizer.json', JSON.stringify(json)),
    named('test.csv', `text\n${'a'.repeat(40)}!\n`),
  ];
  await expect(openDataset(files, textModel(9), { seed: 1 })).rejects.toMatchObject({
    code: 'bad-tokenizer',
    message: expect.stringContaining('"(a+)+$"'),
  });
});
