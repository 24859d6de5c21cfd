import { expect, test } from 'vitest';
import { Sessions } from './sessions.ts';

test('a recipe of a gigabyte is refused before it is read', async () => {
  const blob = new Blob([]);
  Object.defineProperty(blob, 'size', { value: 2 ** 30 });
  blob.text = () => Promise.reject(new Error('it was read'));
  const opening = new Sessions().open(
    [{ path: 'big.recipe.json', blob }],
    new AbortController().signal,
  );
  await expect(opening).rejects.toMatchObject({
    code: 'bad-recipe',
    message: 'big.recipe.json has 1073741824 B; a recipe has at most 1048576.',
  });
});
