import type { CodebookEncodingId, FloatEncodingId, QuantizedEncodingId } from './encodings.ts';

type EncodingId = QuantizedEncodingId | FloatEncodingId | CodebookEncodingId;

const HELP: Readonly<Record<EncodingId, string>> = {
  'matmul-nbits': 'Blocks of few bits that the product reads as they are.',
  'gather-block-quantized': 'Rows in blocks of few bits; those that are looked up are unpacked.',
  'dynamic-uint8': '8-bit columns; inputs are rounded to 8 bits as they come, for a fast product.',
  'blocks-to-uint8': 'Blocks of few bits in the file that become 8-bit columns as it is loaded.',
  'packed-rows': 'Rows in blocks of few bits; those that are looked up are unpacked.',
  'int8-rows': '8-bit rows with one scale each; those that are looked up are unpacked.',
  'conv-uint8': '8-bit kernels; inputs are rounded to 8 bits as they come, for a fast product.',
  'tied-nbits': 'One table of few bits that is both looked up and multiplied.',
  'tied-uint8': 'One table of 8 bits that is both looked up and multiplied.',
  'tied-blocks': 'One table of few bits that is looked up, and multiplied as 8 bits.',
  'static-int8': '8 bits, with a range of the inputs that calibration rows gave.',
  'dequantize-linear': 'Few bits in the file, floats again before they are used.',
  float16: '16-bit floats in the file, 32-bit ones as it is loaded.',
  dense: 'Floats, as they were.',
  'matmul-bnb4': '4-bit NF4 codes that the product reads as they are.',
  codebook: 'Codes of a list of values; the values again as the file is loaded.',
  'codebook-to-uint8': 'Codes of a list of values that become 8-bit columns as the file is loaded.',
};

const isEncoding = (word: string): word is EncodingId => Object.hasOwn(HELP, word);

/** Of the labels that say how values are coded; `$1` is what the first group found. */
const LABELS: readonly (readonly [RegExp, string])[] = [
  [/^int(\d+)$/, 'whole numbers of $1 bits.'],
  [/^int(\d+)·channel$/, 'whole numbers of $1 bits, one scale for all of a channel.'],
  [/^int(\d+)·(\d+)$/, 'whole numbers of $1 bits, a scale for every $2.'],
  [/^nf4·(\d+)$/, 'one of 16 levels that suit a normal distribution, a scale for every $1.'],
  [/^palette(\d+)·\d+$/, 'codes of $1 bits for values out of one list.'],
  [/^(?:fp|bf)(\d+)$/, 'floats of $1 bits.'],
  [/^packed$/, 'zeros are not stored.'],
  [/^(\d+):(\d+)$/, 'of every $2 values only $1 are not zero.'],
];

function helpOf(word: string): string | null {
  if (isEncoding(word)) return `${word}: ${HELP[word]}`;
  for (const [label, help] of LABELS) {
    if (label.test(word)) return `${word}: ${word.replace(label, help)}`;
  }
  return null;
}

/** What an encoding's words mean, a sentence each: "int8-rows int8·channel", "2:4 · int4·32". */
export const encodingHelp = (encoding: string): string =>
  [...new Set(encoding.split(/[ +,]+/))].flatMap((word) => helpOf(word) ?? []).join(' ');
