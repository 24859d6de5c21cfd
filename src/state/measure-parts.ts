/** What a benchmark measures, in the order in which it does. */

import type { StageKind } from '../bridge/stage-progress.ts';
import { TARGETS } from '../catalog/targets.ts';
import type { Backend } from '../core/backend.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { hasSoftwareAdapter } from './software-adapter.ts';
import type { StageSlot, Subject } from './stage-list.ts';
import type { Device } from './state.ts';

export interface MeasurePart {
  readonly subject: Subject;
  readonly backends: readonly Backend[];
  /** Where rows are scored; null scores none. */
  readonly scoreOn: Backend | null;
}

interface Asked {
  /** Of the run; null where the original alone is measured. */
  readonly recipe: Recipe | null;
  readonly scoreOn: Backend;
  readonly needsOriginal: boolean;
}

/**
 * The original goes first: the run is compared with it. On a software adapter that the target does
 * not need, where every row takes seconds, the original's own check comes last.
 */
export function measureParts(
  device: Device,
  { recipe, scoreOn, needsOriginal }: Asked,
): readonly MeasurePart[] {
  const backends = measurableBackends(device);
  const original = { subject: 'original', scoreOn } as const;
  if (!recipe) return [{ ...original, backends }];
  const run = { subject: 'run', backends, scoreOn } as const;
  if (!needsOriginal) return [run];
  const waits = backends.filter(
    (it) => it === 'webgpu' && hasSoftwareAdapter(device) && TARGETS[recipe.target].backend !== it,
  );
  if (waits.length === 0) return [{ ...original, backends }, run];
  return [
    { ...original, backends: backends.filter((it) => !waits.includes(it)) },
    run,
    { subject: 'original', backends: waits, scoreOn: null },
  ];
}

export const measurableBackends = (device: Device): readonly Backend[] =>
  device.status === 'known' && device.summary.webgpu ? ['wasm', 'webgpu'] : ['wasm'];

/** Timed pairs of a run and the original take about twice as long as the original alone. */
const PAIR = 2;

interface Measurable {
  readonly device: Device;
  readonly rows: number;
  readonly timeSoftware: boolean;
  /** The original's answers are not at hand any more, and are found again for the run's. */
  readonly scoresAgain: boolean;
}

/** The stages that the engine comes to for each part. */
export const measureSlots = (
  parts: readonly MeasurePart[],
  given: Measurable,
): readonly StageSlot[] =>
  parts.flatMap((part) => part.backends.flatMap((backend) => slotsOn(part, backend, given)));

function slotsOn(
  { subject, scoreOn }: MeasurePart,
  backend: Backend,
  { device, rows, timeSoftware, scoresAgain }: Measurable,
): readonly StageSlot[] {
  const isGpu = backend === 'webgpu';
  const software = isGpu && hasSoftwareAdapter(device);
  const of = (own: Subject, stage: StageKind, total: number | null = null): StageSlot => {
    const other = own === 'run' ? 'original' : 'run';
    // The run's pairs have opened the original's session where its own check comes last.
    const isOpen = stage === 'session' && scoreOn === null;
    const pair = own === 'run' ? PAIR : 1 / PAIR;
    const times = isOpen ? 0 : stage === 'latency' ? pair : 1;
    return {
      ...{ stage, subject: own, backend, steps: [], total, work: total ?? 1 },
      pace: [own, stage, backend].join(' '),
      alike: { pace: [other, stage, backend].join(' '), times },
    };
  };
  const slot = (stage: StageKind) => of(subject, stage);
  const isScored = scoreOn === backend && rows > 0;
  return [
    slot('session'),
    // The original on WASM is what all is checked against.
    ...(rows > 0 && (subject === 'run' || isGpu) ? [slot('truth')] : []),
    ...(software && !timeSoftware ? [] : [slot('latency')]),
    ...(isGpu ? [slot('placement')] : []),
    ...(isScored && subject === 'run' && scoresAgain ? [of('original', 'accuracy', rows)] : []),
    ...(isScored ? [of(subject, 'accuracy', rows)] : []),
  ];
}
