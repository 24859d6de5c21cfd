import { expect, test } from 'vitest';
import { withTokens } from './scheme-tokens.ts';

test('colours are inlined, also where one stands for another', () => {
  const tokens = new Map([
    ['--text', '#15191f'],
    ['--quantize', 'var(--q4)'],
    ['--q4', '#14796f'],
  ]);
  expect(withTokens('<path fill="var(--quantize)" stroke="var(--text)"/>', tokens)).toBe(
    '<path fill="#14796f" stroke="#15191f"/>',
  );
  expect(withTokens('fill="var(--gone)"', tokens)).toBe('fill="currentColor"');
});
