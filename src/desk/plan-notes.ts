/** What a person should know of a plan as a whole, before it is run. */
import type { TargetId } from '../catalog/targets.ts';
import { TECHNIQUES } from '../catalog/techniques.ts';
import type { Weight } from '../model/weight.ts';
import { type LeftAlone, NOT_SELECTED, type Plan } from '../plan/plan.ts';
import type { Step } from '../recipe/recipe.ts';
import { formatBytes, formatCount, formatPercent } from '../report/format.ts';
import type { PlanWarning } from '../report/plan-summary.ts';

/** Below this share of the file, what no step selects is not worth a word. */
const LEAST_SHARE = 0.2;

/** - `byteLength` — of the model as it is */
export function planNotes(plan: Plan, byteLength: number): readonly PlanWarning[] {
  const grown = plan.byteLength - byteLength;
  const larger: readonly PlanWarning[] =
    plan.planned.length > 0 && grown > 0
      ? [{ step: null, message: `The file grows by ${formatBytes(grown)}.` }]
      : [];
  return [...larger, ...unselected(plan, byteLength)];
}

/** Most of a file is often one table that no step was meant for. */
function unselected({ planned, leftAlone, recipe }: Plan, byteLength: number): PlanWarning[] {
  const own = leftAlone.filter(({ reason }) => reason === NOT_SELECTED);
  const bytes = own.reduce((sum, { weight }) => sum + weight.tensor.storedByteLength, 0);
  if (planned.length === 0 || bytes < LEAST_SHARE * byteLength) return [];
  const share = formatPercent(bytes / byteLength);
  const message = `${share} of the file is left alone: no step selects ${named(own)}.`;
  const step = stepFor(own, recipe.target);
  if (!step) return [{ step: null, message }];
  return [{ step: null, message, fix: { kind: 'step', step, label: 'Add an 8-bit step' } }];
}

function named(own: readonly LeftAlone[]): string {
  const [first] = own;
  return first && own.length === 1 ? first.weight.label : `${formatCount(own.length)} weights`;
}

function stepFor(own: readonly LeftAlone[], target: TargetId): Step | null {
  const operators: readonly string[] = TECHNIQUES.rtn.operators;
  const used = new Set(own.flatMap(({ weight }) => operatorsOf(weight)));
  const op = operators.filter((it) => used.has(it));
  if (op.length === 0) return null;
  const blockSize = target === 'webgpu' ? 32 : 'channel';
  return { technique: 'rtn', where: { op }, options: { bits: 8, blockSize } };
}

const operatorsOf = ({ uses }: Weight): readonly string[] => uses.map(({ op }) => op);
