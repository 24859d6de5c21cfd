/** The table technique × bits × operator × target → encoding, as Markdown for the documentation. */
import { encodingForNf4, encodingForPalettize } from './choose-codebook.ts';
import { encodingForFp16, encodingForRtn } from './choose-encoding.ts';
import type { EncodingDecision, EncodingRow } from './encodings.ts';
import { shapeByAxis } from './matrix-shape.ts';
import { rtn } from './rtn.ts';
import { TARGETS, type TargetId } from './targets.ts';
import type { OptionValue } from './technique.ts';

const ROWS: readonly (readonly [rows: readonly EncodingRow[], title: string])[] = [
  [['MatMul', 'Gemm'], 'MatMul, Gemm'],
  [['Gather'], 'Gather'],
  [['Conv'], 'Conv'],
  [['ConvTranspose'], 'ConvTranspose'],
  [['LSTM', 'GRU'], 'LSTM, GRU'],
  [['tied'], 'Gather and MatMul'],
  [['value'], 'other uses'],
];

const BLOCKS = [
  { title: '32', blockSize: 32 },
  { title: '128', blockSize: 128 },
  { title: 'channel', blockSize: 'channel' },
] as const;

export function encodingTable(): string {
  const targets = Object.keys(TARGETS) as TargetId[];
  const header = ['Technique', 'Bits', 'Operator', 'Block', ...targets];
  const rows = rtn.options[0].choices.flatMap(({ value: bits }) =>
    ROWS.flatMap(([operators, title]) => {
      const cells = BLOCKS.map(({ title: block, blockSize }) => ({
        block,
        cells: targets.map((target) => cell({ bits, blockSize }, operators, target)),
      }));
      return merged(cells).map(({ block, cells: own }) => [
        rtn.id,
        `${bits}`,
        title,
        block,
        ...own,
      ]);
    }),
  );
  const halves = describe(encodingForFp16(), 32);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(header),
    line(header.map(() => '---')),
    ...rows.map(line),
    ...codebookRows('nf4', '4', encodingForNf4, targets).map(line),
    ...codebookRows('palettize', '1–6', encodingForPalettize, targets).map(line),
    line(['fp16', '16', 'any', '–', ...targets.map(() => halves)]),
    line(['magnitude or svd alone', '32', 'any', '–', ...targets.map(() => '`dense`')]),
  ].join('\n');
}

/** What is multiplied, and every other use. */
function codebookRows(
  technique: string,
  bits: string,
  encodingFor: typeof encodingForNf4,
  targets: readonly TargetId[],
): string[][] {
  const cellsOf = (row: EncodingRow) =>
    targets.map((target) => {
      const [integer = '', exact = ''] = ['int8', 'exact'].map((compute) =>
        describe(encodingFor({ compute }, { row }, target), 'channel'),
      );
      return integer === exact ? integer : `${integer}; exact: ${exact}`;
    });
  const [products, ...others] = ROWS.map(([[row = 'value']]) => cellsOf(row));
  const [other = []] = others;
  if (!products || others.some((cells) => `${cells}` !== `${other}`)) throw new Error('two rows');
  return [
    [technique, bits, 'MatMul, Gemm', 'any', ...products],
    [technique, bits, 'all others', 'any', ...other],
  ];
}

interface BlockCells {
  readonly block: string;
  readonly cells: readonly string[];
}

/** One line for blocks of every size, or for everything, where nothing differs. */
function merged([small, large, channel]: readonly BlockCells[]): readonly BlockCells[] {
  if (!small || !large || !channel) throw new Error('three block sizes');
  if (`${small.cells}` !== `${large.cells}`) throw new Error('block sizes are alike');
  if (`${small.cells}` === `${channel.cells}`) return [{ ...small, block: 'any' }];
  return [{ ...small, block: '16–256' }, channel];
}

type Wanted = { readonly bits: number; readonly blockSize: number | 'channel' };

/** What computes in 8-bit integers, then what computes exactly if that differs. */
function cell(wanted: Wanted, rows: readonly EncodingRow[], target: TargetId): string {
  const [text, ...others] = rows.map((row) => cellOf(wanted, row, target));
  if (text === undefined || others.some((other) => other !== text)) throw new Error('one row');
  return text;
}

function cellOf(wanted: Wanted, row: EncodingRow, target: TargetId): string {
  const texts = ['int8', 'exact'].map((compute) => {
    const options: Record<string, OptionValue> = {
      ...{ ...wanted, compute, symmetric: true, scaleType: 'float16' },
    };
    const place = { row, shape: SHAPES[row], groups: 1 };
    return describe(encodingForRtn(options, place, target), wanted.blockSize);
  });
  const [integer = '', exact = ''] = texts;
  const faster = integer.startsWith('`conv-uint8`') ? ' where faster' : '';
  return integer === exact ? integer : `${integer}${faster}; exact: ${exact}`;
}

const MATRIX = shapeByAxis([256, 256], 1);
const KERNEL = shapeByAxis([64, 64, 3, 3], 0);

/** An example of each row; a convolution that is faster in integers. */
const SHAPES: Readonly<Record<EncodingRow, typeof MATRIX>> = {
  ...{ MatMul: MATRIX, Gemm: MATRIX, Gather: shapeByAxis([256, 256], 0), Conv: KERNEL },
  ConvTranspose: shapeByAxis([64, 64, 3, 3], 1),
  ...{ LSTM: shapeByAxis([1, 256, 64], 1), GRU: shapeByAxis([1, 192, 64], 1) },
  ...{ tied: shapeByAxis([256, 256], 0), value: MATRIX },
};

function describe(decision: EncodingDecision, wanted: number | 'channel'): string {
  if ('refused' in decision) return 'refused';
  const { choice } = decision;
  if (choice.kind !== 'quantized') return `\`${choice.encoding}\``;
  const { encoding, accuracyLevel, blockSize } = choice;
  const level = accuracyLevel > 0 ? ` level ${accuracyLevel}` : '';
  const isChannel = blockSize === 'channel';
  const isNarrow = !isChannel && choice.rule === 'int8';
  const channel = isChannel && wanted !== 'channel' ? ' by channel' : '';
  return `\`${encoding}\`${level}${isNarrow ? ' in blocks of 64 or 128' : channel}`;
}
