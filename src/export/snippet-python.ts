import { classAnswer, listed } from './class-answer.ts';
import { type ExampleInput, exampleInput, takesTokens } from './model-inputs.ts';
import { commented, hasFile, quoted, type Snippet, type Usage, usesEncoding } from './usage.ts';

/** ONNX Runtime in Python; side files are found beside the graph by themselves. */
export function pythonSnippet(usage: Usage): Snippet {
  const [model = 'model.onnx'] = usage.files;
  const text = takesTokens(usage.inputs) && hasFile(usage, 'tokenizer.json');
  const code = [
    'import numpy as np',
    'import onnxruntime as ort',
    ...(text ? ['from tokenizers import Tokenizer'] : []),
    '',
    ...options(usage),
    'session = ort.InferenceSession(',
    `    ${quoted(model)},`,
    ...(hasOptions(usage) ? ['    options,'] : []),
    `    providers=[${PROVIDERS}],`,
    ')',
    '',
    ...(text ? tokenFeeds(usage) : exampleFeeds(usage)),
    ...answers(usage),
    '',
  ].join('\n');
  return {
    id: 'python',
    title: 'Python',
    language: 'py',
    needs: `pip install onnxruntime numpy${text ? ' tokenizers' : ''}`,
    code,
    notes: notes(usage),
  };
}

/** The class and its score; the arrays where nothing says that they are classes. */
function answers(usage: Usage): readonly string[] {
  const answer = classAnswer(usage);
  if (!answer) {
    return [
      'outputs = session.run(None, feeds)',
      'for info, value in zip(session.get_outputs(), outputs):',
      '    print(info.name, value.shape, value.ravel()[:8])',
    ];
  }
  return [
    ...listed('labels = [', answer.labels, ']', '    '),
    `scores = session.run([${quoted(answer.output)}], feeds)[0][0]`,
    ...(answer.by === 'softmax'
      ? ['scores = np.exp(scores - scores.max())', 'scores /= scores.sum()']
      : answer.by === 'sigmoid'
        ? ['scores = 1 / (1 + np.exp(-scores))']
        : []),
    ...(answer.by === 'sigmoid'
      ? ['for label, score in zip(labels, scores):', '    print(label, f"{score:.3f}")']
      : ['best = int(scores.argmax())', 'print(labels[best], f"{scores[best]:.3f}")']),
  ];
}

/** ORT on x64 and ARM turns these into 4-bit or 8-bit products of rounded activations. */
const hasOptions = (usage: Usage): boolean =>
  usage.target === 'portable' && usesEncoding(usage, ['dequantize-linear']);

const options = (usage: Usage): readonly string[] =>
  hasOptions(usage)
    ? [
        'options = ort.SessionOptions()',
        '# 4 (the default) rounds activations to 8 bits: faster, and about 0.5 % off.',
        'options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "0")',
      ]
    : [];

const PROVIDERS = '"CPUExecutionProvider"';

function notes(usage: Usage): readonly string[] {
  const { target } = usage;
  const list: string[] = [];
  if (target === 'native' || target === 'portable') {
    list.push(
      'For CUDA install onnxruntime-gpu and put "CUDAExecutionProvider" before the CPU provider.',
    );
  }
  if (target === 'webgpu' || target === 'wasm') {
    list.push('Made for the browser: here it runs, but another target may be faster.');
  }
  return list;
}

const NUMPY: Readonly<Record<string, string>> = { bool: 'np.bool_' };
const numpy = (dtype: string): string => NUMPY[dtype] ?? `np.${dtype}`;

function exampleFeeds({ inputs }: Usage): readonly string[] {
  return [
    '# Your own values go here.',
    'feeds = {',
    ...inputs.map((input) => `    ${feed(exampleInput(input))}`),
    '}',
  ];
}

function feed({ name, dtype, dims, shape, fill }: ExampleInput): string {
  const make = fill === 0 ? 'np.zeros' : 'np.ones';
  const size = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`;
  return `${quoted(name)}: ${make}(${size}, dtype=${numpy(dtype)}),  # ${commented(shape)}`;
}

const ENCODED: Readonly<Record<string, string>> = {
  input_ids: 'encoded.ids',
  attention_mask: 'encoded.attention_mask',
  token_type_ids: 'encoded.type_ids',
};

function tokenFeeds({ inputs, cutAt }: Usage): readonly string[] {
  return [
    '# Beside this script, unchanged: tokenizer.json.',
    'tokenizer = Tokenizer.from_file("tokenizer.json")',
    ...(cutAt === null ? [] : [`tokenizer.enable_truncation(${cutAt})  # as it was measured`]),
    'encoded = tokenizer.encode("A sentence of yours.")',
    'feeds = {',
    ...inputs.map(
      ({ name }) =>
        `    ${quoted(name)}: np.array([${ENCODED[name] ?? 'encoded.ids'}], dtype=np.int64),`,
    ),
    '}',
  ];
}
