/** What the page knows of an opened model: figures and names, no tensors. */
import type { StoredPlace } from '../catalog/quantizers.ts';
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
  /** What it belongs to by its name: "layer 0", "embeddings"… */
  readonly group: string;
  /** What the group is one of, if it repeats. */
  readonly series: WeightSeries | null;
  /** Place among all weights by label, numbers counted as numbers. */
  readonly order: number;
  /** As selectors see them. */
  readonly uses: readonly { readonly op: string; readonly nodeName: string }[];
  /** Why no technique can act on it yet; null if one can. */
  readonly notCompressible: string | null;
  /** Where it stands in the table of encodings; null if no technique can act on it. */
  readonly place: StoredPlace | null;
}

/** "layer", and which one. */
export interface WeightSeries {
  readonly name: string;
  readonly index: number;
}

/** What a graph takes or gives. */
export interface ValueSummary {
  readonly name: string;
  /** "int64 batch × sequence". */
  readonly type: string;
}

export interface ModelSummary {
  readonly id: string;
  /** Folder or file name without extension: "sentiment-minilm". */
  readonly title: string;
  readonly fileName: string;
  readonly format: 'onnx';
  readonly byteLength: number;
  readonly opset: number;
  /** Every operator set that the model imports; '' is ONNX's own. */
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  readonly irVersion: number;
  readonly producer: string;
  readonly parameterCount: number;
  /** Operators of the graph, of the bodies in it and of local functions. */
  readonly nodeCount: number;
  /** Most frequent first. */
  readonly operators: readonly { readonly op: string; readonly count: number }[];
  readonly inputs: readonly ValueSummary[];
  readonly outputs: readonly ValueSummary[];
  /** What the file says of itself, cut where it is long. */
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
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
  /** Tokens that a text is cut at; absent where rows are no texts of a table. */
  readonly cutAt?: number;
}

/** Identity of a model: SHA-256 over its sorted list of (path, length, SHA-256). */
export interface ModelIdentity {
  readonly name: string;
  readonly sha256: string;
  readonly byteLength: number;
  readonly parameterCount: number;
}
