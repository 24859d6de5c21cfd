import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { readCsv } from './csv-table.ts';
import fixture from './testing/token-ids.json' with { type: 'json' };
import { openTokenizer } from './tokenizer.ts';

const { WHITTLE_SAMPLES } = process.env;

const fileOf = async (path: string) => ({
  path,
  blob: new Blob([await readFile(`${WHITTLE_SAMPLES}/${path}`)]),
});

describe.skipIf(!WHITTLE_SAMPLES).each(['sentiment-tiny', 'sentiment-minilm'] as const)(
  "ids are those of Python's tokenizers: %s",
  (sample) => {
    const open = async () =>
      openTokenizer(
        await fileOf(`${sample}/tokenizer.json`),
        await fileOf(`${sample}/tokenizer_config.json`),
        { tableRows: null, limit: null },
      );

    test('on rows chosen to be hard', async () => {
      const tokenizer = await open();
      expect(tokenizer.maxLength).toBe(64);
      expect(fixture.rows.length).toBeGreaterThan(50);
      const differing = fixture.rows.flatMap((row) => {
        const { ids } = tokenizer.encode(row.text);
        return `${ids}` === `${row[sample]}` ? [] : [{ text: row.text, ids, wanted: row[sample] }];
      });
      expect(differing).toEqual([]);
    });

    test('rows are cut to at most 64 tokens between their special ones', async () => {
      const tokenizer = await open();
      const { path, blob } = await fileOf(`${sample}/test.csv`);
      const texts = (await readCsv(path, blob)).rows.map(([text = '']) => text);
      expect(texts).toHaveLength(1000);
      const [first, last] = [tokenizer.encode('').ids[0], tokenizer.encode('').ids[1]];
      for (const text of texts) {
        const { ids } = tokenizer.encode(text);
        expect(ids.length).toBeLessThanOrEqual(64);
        expect([ids[0], ids.at(-1)]).toEqual([first, last]);
      }
    });
  },
);
