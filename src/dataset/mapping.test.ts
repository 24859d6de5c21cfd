/** What does not match by name is said, with what there is to choose from, and then mapped. */
import { expect, test } from 'vitest';
import {
  type DataMapping,
  type MappingNeed,
  missingFrom,
  NO_MAPPING as NO_DATA_MAPPING,
  parseMapping,
} from '../report/data-mapping.ts';
import { openDataset } from './dataset.ts';
import { NO_MAPPING } from './mapping.ts';
import {
  graphOf,
  imageModel,
  modelOf,
  named,
  npy,
  npz,
  textGraph,
  textModel,
  tinyTokenizer,
  withOutput,
} from './testing/tiny-files.ts';

const tokenizer = named('tokenizer.json', tinyTokenizer);
const config = named('config.json', '{"id2label":{"0":"neg","1":"pos"}}');
const open = (files: ReturnType<typeof named>[], model = textModel(9), mapping = NO_MAPPING) =>
  openDataset(files, model, { seed: 1, mapping });

test('both rooms mean the same by a mapping and a need', async () => {
  const mapping: DataMapping = NO_MAPPING;
  expect(mapping).toEqual(NO_DATA_MAPPING);
  const needs: readonly MappingNeed[] = (await open([])).summary.needsMapping;
  expect(needs).toEqual([]);
});

test('columns', async () => {
  const files = [
    named('test.csv', `words,kind\n${'a'.repeat(99)},pos\nb,neg\n`),
    tokenizer,
    config,
  ];
  const { summary } = await open(files);
  expect(summary.kind).toBe('synthetic');
  expect(summary.needsMapping).toEqual([
    {
      kind: 'columns',
      file: 'test.csv',
      reason: 'test.csv has no column "text" or "sentence".',
      missing: ['text', 'label'],
      columns: ['words', 'kind'],
      examples: [
        ['a'.repeat(80), 'pos'],
        ['b', 'neg'],
      ],
    },
  ]);
  const [need] = summary.needsMapping;
  const said = { ...NO_MAPPING, columns: { text: 'words', label: 'kind' } };
  if (need) {
    expect(missingFrom(NO_MAPPING, need)).toContain('Choose the column');
    expect(missingFrom({ ...NO_MAPPING, columns: { text: 'gone' } }, need)).toContain('"gone"');
    const twice = { ...NO_MAPPING, columns: { text: 'words', label: 'words' } };
    expect(missingFrom(twice, need)).toContain('different');
    expect(missingFrom(said, need)).toBeNull();
  }
  expect((await open(files, textModel(9), said)).summary).toMatchObject({
    ...{ kind: 'labelled', needsMapping: [], evaluationRows: 2 },
  });
});

test('labels, with the first row and the count of each', async () => {
  const rows = 'text,label\na,meh\nb,pos\nc,meh\nd,awful\n';
  const files = [named('test.csv', rows), tokenizer, config];
  const { summary, evaluation, task } = await open(files);
  expect(task).toBeNull();
  expect(evaluation.count).toBe(4);
  expect(summary).toMatchObject({
    kind: 'unlabelled',
    limitation:
      'Nothing says yet which class of the model each label of test.csv is: accuracy is not measured, only fidelity (how close the outputs stay to the original’s).',
    needsMapping: [
      {
        kind: 'labels',
        file: 'test.csv',
        reason:
          'test.csv: row 2 has the label "meh", which is no class of the model; its classes are "neg", "pos".',
        values: [
          { value: 'meh', row: 2, count: 2 },
          { value: 'awful', row: 5, count: 1 },
        ],
        classes: ['neg', 'pos'],
      },
    ],
  });
  const [need] = summary.needsMapping;
  const said = { ...NO_MAPPING, labels: { meh: 0, awful: 0 } };
  if (need) {
    expect(missingFrom({ ...NO_MAPPING, labels: { meh: 0 } }, need)).toContain('"awful"');
    expect(missingFrom({ ...said, labels: { meh: 0, awful: 2 } }, need)).toContain('does not have');
    expect(missingFrom(said, need)).toBeNull();
  }
  const mapped = await open(files, textModel(9), said);
  expect(mapped.summary).toMatchObject({ kind: 'labelled', needsMapping: [] });
  expect([0, 1, 2, 3].map(mapped.evaluation.label)).toEqual([0, 1, 0, 0]);
});

test('labels without config.json, up to 100 of them', async () => {
  const rows = Array.from({ length: 5000 }, (_, row) => `a,word ${row}`).join('\n');
  const { summary } = await open([named('test.csv', `text,label\n${rows}\n`), tokenizer]);
  const [need] = summary.needsMapping;
  expect(need?.kind === 'labels' && [need.values.length, need.classes]).toEqual([
    100,
    ['class 0', 'class 1'],
  ]);
});

test('values named as what every object has are no mapping of themselves', async () => {
  const rows = 'text,label\na,constructor\nb,__proto__\n';
  const { summary } = await open([named('test.csv', rows), tokenizer, config]);
  const [need] = summary.needsMapping;
  expect(need?.kind === 'labels' && need.values.map(({ value }) => value)).toEqual([
    'constructor',
    '__proto__',
  ]);
});

test('inputs, with the types of both sides', async () => {
  const picture = npy('<f4', [2, 1, 2, 2], new Float32Array(8));
  const truth = npy('<i8', [2], BigInt64Array.of(1n, 0n));
  const files = [named('test.npz', npz({ picture, truth })), config];
  const { summary } = await open(files, imageModel);
  expect(summary.kind).toBe('synthetic');
  expect(summary.needsMapping).toEqual([
    {
      kind: 'inputs',
      file: 'test.npz',
      reason: 'test.npz: it has no array "image", which the model takes, but "picture", "truth".',
      inputs: [{ name: 'image', type: 'float32 batch × 1 × 2 × 2' }],
      arrays: [
        { name: 'picture', type: 'float32 2 × 1 × 2 × 2' },
        { name: 'truth', type: 'int64 2' },
      ],
    },
  ]);
  const said = { ...NO_MAPPING, inputs: { image: 'picture' }, columns: { label: 'truth' } };
  const [need] = summary.needsMapping;
  if (need) {
    expect(missingFrom(NO_MAPPING, need)).toContain('feeds image');
    expect(missingFrom(said, need)).toBeNull();
  }
  const mapped = await open(files, imageModel, said);
  expect(mapped.summary).toMatchObject({ kind: 'labelled', evaluationRows: 2, needsMapping: [] });
  expect([0, 1].map(mapped.evaluation.label)).toEqual([1, 0]);
});

test('outputs, where labels have none to answer them', async () => {
  const unclear = modelOf(withOutput(graphOf(textGraph(9).inputs), 'out', 'batch', 2));
  const files = [named('test.csv', 'text,label\ngood,1\n'), tokenizer];
  const { summary, readout } = await open(
    files,
    modelOf(withOutput(unclear.graph, 'aux', 'a', 'b', 3, 4)),
  );
  expect(readout.embedding?.name).toBe('out'); // for all that the names say
  expect(summary.kind).toBe('unlabelled');
  const boxes = modelOf(withOutput(textGraph(9), 'boxes', 'batch', 9, 4, 2));
  const opened = await open(files, boxes);
  expect(opened.summary.needsMapping).toMatchObject([
    { kind: 'output', outputs: [{ name: 'boxes', type: 'float32 batch × 9 × 4 × 2' }] },
  ]);
  const chosen = await open(files, unclear, { ...NO_MAPPING, output: 'out' });
  expect(chosen).toMatchObject({ task: 'classes', readout: { answer: { name: 'out' } } });
});

test('a kept mapping is read strictly', () => {
  const mapping: DataMapping = {
    columns: { text: 'Review', label: 'Stars' },
    labels: { good: 1 },
    inputs: { image: 'picture' },
    output: 'logits',
    windowTokens: 128,
  };
  expect(parseMapping(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
  const wrong = [null, {}, { ...mapping, extra: 1 }, { ...mapping, windowTokens: 1 }];
  for (const json of [...wrong, { ...mapping, labels: { good: -1 } }]) {
    expect(() => parseMapping(json)).toThrow(/mapping of names is refused/);
  }
});
