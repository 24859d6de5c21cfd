import { encodingForRtn, type WeightOperator } from './encodings.ts';
import { rtn } from './rtn.ts';
import { TARGETS, type TargetId } from './targets.ts';

/** The table technique × bits × operator × target → encoding, as Markdown for the documentation. */
export function encodingTable(): string {
  const targets = Object.keys(TARGETS) as TargetId[];
  const header = ['Technique', 'Bits', 'Operator', 'Block', ...targets];
  const rows = rtn.options[0].choices.flatMap(({ value: bits }) =>
    rtn.operators.flatMap((operator) =>
      (['16–256', 'channel'] as const).map((block) => [
        rtn.id,
        String(bits),
        operator,
        block,
        ...targets.map((target) => describe(bits, operator, block, target)),
      ]),
    ),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function describe(
  bits: number,
  operator: WeightOperator,
  block: '16–256' | 'channel',
  target: TargetId,
): string {
  const blockSize = block === 'channel' ? block : 32;
  const options = { bits, blockSize, symmetric: true, scaleType: 'float16' };
  const decision = encodingForRtn(options, operator, target);
  if ('refused' in decision) return 'refused';
  const { encoding, adapted } = decision.choice;
  return adapted ? `\`${encoding}\`, one scale a column` : `\`${encoding}\``;
}
