import { expect, test } from 'vitest';
import { groupWeights } from './group-weights.ts';

const groups = (...labels: readonly string[]) => groupWeights(labels).map(({ group }) => group);

test('layers are numbered, whatever the exporter calls them', () => {
  expect(
    groups(
      'bert.encoder.layer.3.output.dense',
      'bert.encoder.layer.11.output.dense',
      'bert.embeddings.word_embeddings',
      'bert.pooler.dense',
      'classifier',
    ),
  ).toEqual(['layer 3', 'layer 11', 'embeddings', 'bert', 'classifier']);
  expect(groups('/model/layers.0/mlp/MatMul', 'lm_head.weight')).toEqual(['layer 0', 'lm_head']);
  expect(groups('h.2.attn', 'stages_1_conv')).toEqual(['layer 2', 'layer 1']);
});

test('a path from the root and the same from within are one', () => {
  expect(
    groups('bert.encoder.layer.0.q', '/bert/encoder/layer.1/MatMul', 'encoder.layer.2.q'),
  ).toEqual(['layer 0', 'layer 1', 'layer 2']);
});

test('layers of two stacks are told apart by what is before them', () => {
  expect(groups('encoder.block.0.q', 'decoder.block.0.q', 'encoder.block.1.q')).toEqual([
    'encoder layer 0',
    'decoder layer 0',
    'encoder layer 1',
  ]);
  expect(groups('a.x.layer.0.q', 'b.x.layer.0.q')).toEqual(['a.x layer 0', 'b.x layer 0']);
});

test('names without layers group by their numbers, then by their prefixes', () => {
  expect(groups('features.0.conv.weight', '/features/features.2/Conv')).toEqual([
    'features.0',
    'features features.2',
  ]);
  expect(groups('layer1.0.conv1.weight', 'layer1.1.conv1.weight', 'fc.weight')).toEqual([
    ...['layer1.0', 'layer1.1', 'fc'],
  ]);
  expect(groups('conv1.weight', 'conv2.weight', 'conv1_weight', 'onnx::MatMul_12')).toEqual([
    ...['conv1', 'conv2', 'conv1', 'onnx::MatMul'],
  ]);
  expect(groupWeights(['conv1.weight'])[0]?.series).toEqual({ name: 'conv', index: 1 });
});

test('odd names have a group too', () => {
  expect(groups('', '///', '…', '-1', 'שכבה.1.משקל', '9'.repeat(400))).toEqual([
    ...['other', '///', '…', '-1', 'שכבה.1', '9'.repeat(400)],
  ]);
});
