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

/** What the encodings of a report's row mean, a sentence each: "int8-rows int8·channel". */
export const encodingHelp = (encoding: string): string =>
  [...new Set(encoding.split(/[ +]+/))]
    .filter(isEncoding)
    .map((id) => `${id}: ${HELP[id]}`)
    .join(' ');
