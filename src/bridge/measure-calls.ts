/** The engine's calls by which files are measured. */
import type { Backend } from '../core/backend.ts';
import type { OperatorTimes } from '../report/operator-times.ts';
import type {
  Accuracy,
  BackendMeasurement,
  DatasetUse,
  Fidelity,
  Phase,
  RowScores,
  WeightRow,
} from '../report/report.ts';
import type { DroppedFile } from './opened.ts';
import type { StageProgress } from './stage-progress.ts';

export interface MeasureRequest {
  readonly modelId: string;
  /** null measures the original itself. */
  readonly files: readonly DroppedFile[] | null;
  /** Weights of the run (their noise gives the truth check its floor). */
  readonly weights: readonly WeightRow[];
  readonly backends: readonly Backend[];
  /** Where accuracy is scored. */
  readonly scoreOn: Backend;
  /** False checks the truth alone. */
  readonly score: boolean;
  /** Time for rows of the truth check beyond the first 16; 10 s if absent. */
  readonly truthBudgetMs?: number;
  readonly warmUp: number;
  /** Timed pairs at most; 0 does not time. */
  readonly repetitions: number;
  /** Times software adapters, too, whose times say nothing of a GPU; false if absent. */
  readonly timeSoftware?: boolean;
}

export interface OperatorsRequest {
  readonly modelId: string;
  /** null profiles the original itself. */
  readonly files: readonly DroppedFile[] | null;
  readonly backend: Backend;
}

export interface MeasureProgress extends StageProgress {
  /** Growing while rows are scored. */
  readonly accuracy: Accuracy | null;
  readonly measurements: readonly BackendMeasurement[];
  /** What has been finished, where it is more than was said before: a cancel keeps it. */
  readonly finished?: Measured;
}

export interface Measured {
  readonly measurements: readonly BackendMeasurement[];
  readonly accuracy: Accuracy | null;
  readonly answers: readonly number[] | null;
  readonly rowScores: RowScores | null;
  readonly fidelity: Fidelity | null;
  readonly dataset: DatasetUse;
  readonly phases: readonly Phase[];
  readonly versions: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** The person stopped the scoring: figures hold for the rows so far. */
  readonly stopped: boolean;
}

export interface MeasureCalls {
  measure: { args: [request: MeasureRequest]; result: Measured; progress: MeasureProgress };
  /** Time by operator of one file on one backend, from the runtime's profile. */
  operators: { args: [request: OperatorsRequest]; result: OperatorTimes; progress: StageProgress };
}
