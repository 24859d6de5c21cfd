/** What the page knows of an opened model: figures and names, no tensors. */
import type { MappingNeed } from './data-mapping.ts';
import type { Metric } from './metric.ts';

export interface WeightSummary {
  /** Unique id: the name of the constant in the graph. */
  readonly name: string;
  readonly label: string;
  /** Operators that consume it, most frequent first; 'none' if nothing does. */
  readonly op: string;
  readonly dims: readonly number[];
  readonly dtype: string;
  readonly elementCount: number;
  readonly byteLength: number;
  /** Group for the treemap: "layer 0", "embeddings"… */
  readonly group: string;
  /** Why no technique can act on it yet; null if one can. */
  readonly notCompressible: string | null;
}

export interface ModelSummary {
  readonly id: string;
  /** Folder or file name without extension: "sentiment-minilm". */
  readonly title: string;
  readonly fileName: string;
  readonly format: 'onnx';
  readonly byteLength: number;
  readonly opset: number;
  readonly irVersion: number;
  readonly producer: string;
  readonly parameterCount: number;
  readonly nodeCount: number;
  readonly operators: readonly { readonly op: string; readonly count: number }[];
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  readonly weights: readonly WeightSummary[];
  readonly notes: readonly string[];
}

/** What the dropped companions give to measure with. */
export interface DatasetSummary {
  readonly kind: 'labelled' | 'unlabelled' | 'text' | 'synthetic';
  /** "test.csv" or "synthetic inputs". */
  readonly name: string;
  readonly evaluationRows: number;
  readonly calibrationRows: number;
  readonly labels: readonly string[];
  /** What the labels or the text let be measured; null: fidelity only. */
  readonly metric: Metric | null;
  /** What could not be matched with the model by name, for the person to map. */
  readonly needsMapping: readonly MappingNeed[];
  /** Sentence for the banner if accuracy cannot be measured, else null. */
  readonly limitation: string | null;
  /** Files that were dropped and not read, each with the reason. */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
}

/** Identity of a model: SHA-256 over its sorted list of (path, length, SHA-256). */
export interface ModelIdentity {
  readonly name: string;
  readonly sha256: string;
  readonly byteLength: number;
  readonly parameterCount: number;
}
