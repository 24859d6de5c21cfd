import { describe, expect, test } from 'vitest';
import { openDataset } from './dataset.ts';
import { NO_MAPPING } from './mapping.ts';
import {
  modelOf,
  named,
  textGraph,
  textModel,
  tinyTokenizer,
  withOutput,
} from './testing/tiny-files.ts';

const seed = { seed: 1 };
const tokenizer = named('tokenizer.json', tinyTokenizer);
const config = named('config.json', '{"id2label":{"0":"neg","1":"pos"}}');
const labelsOf = (rows: { count: number; label(index: number): number | null }) =>
  Array.from({ length: rows.count }, (_, index) => rows.label(index));
const textsOf = (rows: { count: number; text(index: number): string | null }) =>
  Array.from({ length: rows.count }, (_, index) => rows.text(index));
const embedder = modelOf(withOutput(textGraph(9), 'sentence_embedding', 'batch', 4));
const scorer = modelOf(withOutput(textGraph(9), 'logits', 'batch', 1));

describe('tables', () => {
  test('JSON lines, with labels as numbers, names or booleans, in any order of keys', async () => {
    const lines = [
      '{"text": "good movie", "label": 1}',
      '',
      '{"label": "neg", "text": "bad", "note": null, "more": [1]}',
      '{"text": "a \\"quoted\\"\\nmovie", "label": "LABEL_1"}',
    ];
    const files = [named('test.jsonl', lines.join('\r\n')), tokenizer, config];
    const { evaluation, summary } = await openDataset(files, textModel(9), seed);
    expect(summary).toMatchObject({ kind: 'labelled', metric: 'accuracy', evaluationRows: 3 });
    expect(labelsOf(evaluation)).toEqual([1, 0, 1]);
    expect(textsOf(evaluation)[2]).toBe('a "quoted"\nmovie');
  });

  test.each([
    ['no JSON', '{"text": "a"}\n{"text": \n', /test.jsonl, line 2/],
    ['a list', '["a", 1]\n', /line 1 is not a JSON object/],
    ['no fields', '{"text": null}\n', /no rows with texts/],
    ['empty', '', /no rows/],
    ['deep', `{"a": ${'['.repeat(100_000)}\n`, /line 1/],
    ['a long line', `{"text": "${'a'.repeat(2 ** 20)}"}\n`, /line 1 has over 1048576 characters/],
    [
      'many keys',
      `{${Array.from({ length: 1001 }, (_, key) => `"k${key}": 1`).join(', ')}}\n`,
      /over 1000 keys, up to line 1/,
    ],
  ])('JSON lines with %s are refused by line', async (_, content, message) => {
    const opening = openDataset([named('test.jsonl', content), tokenizer], textModel(9), seed);
    await expect(opening).rejects.toMatchObject({
      code: 'bad-dataset',
      message: expect.stringMatching(message),
    });
  });

  test('keys that every object has are columns', async () => {
    const line = '{"__proto__": "good", "constructor": "bad", "text": "movie"}\n';
    const files = [named('test.jsonl', line), tokenizer];
    const { evaluation } = await openDataset(files, textModel(9), seed);
    expect(textsOf(evaluation)).toEqual(['movie']);
  });

  test('TSV takes tabs, whatever commas its header holds', async () => {
    const content = 'text\tlabel\tids, of rows\ngood, bad\tpos\t1\n';
    const files = [named('dev.tsv', content), tokenizer, config];
    const { evaluation } = await openDataset(files, textModel(9), seed);
    expect(textsOf(evaluation)).toEqual(['good, bad']);
  });

  test('names of classes may differ in case, underscores and synonyms', async () => {
    const names = named(
      'config.json',
      '{"id2label":{"0":"Tabby, tabby_cat","1":"Golden Retriever"}}',
    );
    const rows = 'text,label\na,tabby cat\nb,golden_retriever\nc,TABBY\n';
    const files = [named('test.csv', rows), tokenizer, names];
    expect(labelsOf((await openDataset(files, textModel(9), seed)).evaluation)).toEqual([0, 1, 0]);
  });
});

describe('pairs', () => {
  const pairs = 'text_a,text_b,label\ngood movie,bad,pos\nbad,bad movies,neg\n';

  test('are one row by the template for pairs, with token types', async () => {
    const files = [named('test.csv', pairs), tokenizer, config];
    const { evaluation, summary, task } = await openDataset(files, textModel(9), seed);
    expect([task, summary.evaluationRows]).toEqual(['classes', 2]);
    const feeds = await evaluation.feeds(0);
    expect(Array.from(feeds['input_ids']?.data ?? [], Number)).toEqual([2, 4, 6, 3, 5, 3]);
    expect(Array.from(feeds['token_type_ids']?.data ?? [], Number)).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test('are two rows for a model that embeds texts, and stay together', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `good ${i},bad ${i},${i / 10}`);
    const content = `text_a,text_b,score\n${rows.join('\n')}\n`;
    const files = [named('pairs.csv', content), tokenizer];
    const { evaluation, calibration, task, summary } = await openDataset(files, embedder, seed);
    expect([task, summary.metric, summary.kind]).toEqual(['pairs', 'spearman', 'labelled']);
    expect(evaluation.count + calibration.count).toBe(80);
    expect(calibration.count).toBeGreaterThan(0);
    for (const set of [evaluation, calibration]) {
      for (let index = 0; index < set.count; index += 2) {
        const [first, second] = [set.text(index), set.text(index + 1)];
        expect(second).toBe(first?.replace('good', 'bad'));
        expect(set.label(index)).toBe(Number(first?.slice(5)) / 10);
        expect(set.label(index + 1)).toBe(set.label(index));
      }
    }
    expect((await evaluation.feeds(1))['input_ids']?.dims[0]).toBe(1);
  });

  test('without scores are rows to compare embeddings on', async () => {
    const files = [named('test.csv', 'text_a,text_b\ngood,bad\nbad,movie\n'), tokenizer];
    const { task, summary } = await openDataset(files, embedder, seed);
    expect([task, summary.kind, summary.evaluationRows]).toEqual([null, 'unlabelled', 4]);
  });

  test('need a template in the tokenizer', async () => {
    const json = JSON.parse(tinyTokenizer);
    json.post_processor.pair = json.post_processor.single;
    const bare = named('tokenizer.json', JSON.stringify(json));
    const { evaluation } = await openDataset([named('test.csv', pairs), bare], textModel(9), seed);
    expect(() => evaluation.feeds(0)).toThrow(/no template for pairs/);
  });
});

describe('regression', () => {
  const content = 'text,label\ngood,4.5\nbad,-1e1\nmovie,0\n';

  test('labels are numbers where the model gives one', async () => {
    const files = [named('test.csv', content), tokenizer];
    const { evaluation, task, summary } = await openDataset(files, scorer, seed);
    expect([task, summary.metric]).toEqual(['number', 'spearman']);
    expect(labelsOf(evaluation)).toEqual([4.5, -10, 0]);
    const declared = named('config.json', '{"problem_type": "regression"}');
    const opened = await openDataset([...files, declared], textModel(9), seed);
    expect(opened.task).toBe('number');
  });

  test.each(['good', '', 'NaN', 'Infinity'])('a label of %j is refused by row', async (label) => {
    const files = [named('test.csv', `text,label\na,1\nb,${label}\n`), tokenizer];
    await expect(openDataset(files, scorer, seed)).rejects.toMatchObject({
      code: 'bad-dataset',
      message: expect.stringContaining(`row 3 has the label "${label}"`),
    });
  });
});

test('a mapping names columns, whatever the file calls them', async () => {
  const files = [named('test.csv', 'Review Text,Stars,id\ngood,pos,1\n'), tokenizer, config];
  const mapping = { ...NO_MAPPING, columns: { text: 'Review Text', label: 'Stars' } };
  const { evaluation, summary } = await openDataset(files, textModel(9), { seed: 1, mapping });
  expect(summary).toMatchObject({ kind: 'labelled', needsMapping: [] });
  expect([textsOf(evaluation), labelsOf(evaluation)]).toEqual([['good'], [1]]);
});
