/** Profiles one file by operator: a session of its own, some runs, the runtime's own figures. */
import { operatorTimes } from '../bench/operator-times.ts';
import { profiledRuns } from '../bench/profiled-runs.ts';
import type { OperatorsRequest } from '../bridge/measure-calls.ts';
import type { StageProgress } from '../bridge/stage-progress.ts';
import { StudioError } from '../core/studio-error.ts';
import { openOnnx } from '../formats/onnx/open.ts';
import type { OperatorTimes } from '../report/operator-times.ts';
import type { Device } from './measure-backend.ts';
import type { OpenModel } from './models.ts';
import { originalOf } from './original.ts';
import { datasetOfRun } from './run-dataset.ts';
import { sessionFilesOf, tooBigTogether } from './session-files.ts';
import { Stages } from './stages.ts';

const WARM_UP = 2;
const MOST_RUNS = 12;
const LEAST_RUNS = 5;
const BUDGET_MS = 5000;

export interface OperatorsContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: StageProgress) => void;
  readonly device: Device;
}

/** @throws no-webgpu, runtime-failed, too-large, bad-dataset */
export async function profileOperators(
  open: OpenModel,
  { files, backend }: OperatorsRequest,
  { signal, progress, device }: OperatorsContext,
): Promise<OperatorTimes> {
  const original = originalOf(open);
  const model = files && (await openOnnx(files, signal));
  const profiled = model ? sessionFilesOf(model) : original.sessionFiles;
  const tooBig = tooBigTogether([profiled]);
  if (tooBig !== null) throw new StudioError('too-large', `Not profiled: ${tooBig}.`);
  const unfit = await original.fitRows(signal);
  const dataset = await datasetOfRun(original.dataset, files, model);
  const input = unfit === null ? await dataset.latencyInput() : null;
  if (!input) throw new StudioError('bad-dataset', unfit ?? 'There is no input to profile with.');
  const stages = new Stages(signal, signal, progress);
  const stage = stages.begin('operators', MOST_RUNS, { backend });
  let runs = 0;
  const events = await profiledRuns(
    profiled.graph,
    backend,
    async (once) => {
      const start = performance.now();
      while (runs < MOST_RUNS) {
        signal.throwIfAborted();
        await once(input.feeds);
        runs++;
        stage.advance(runs, `run ${runs}`);
        if (runs >= LEAST_RUNS && performance.now() - start > BUDGET_MS) break;
      }
    },
    profiled,
  );
  return {
    ...{ backend, device: device.name, software: device.software, input: input.description },
    runs: runs - WARM_UP,
    operators: operatorTimes(events, backend, { runs, warmUp: WARM_UP }),
  };
}
