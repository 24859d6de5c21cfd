/** Every failure that a person can meet. The page maps each code to its words and remedies. */
export type ErrorCode =
  | 'not-a-model' // the file is something else: a GGUF, a web page, a picture
  | 'malformed-model' // it is the right kind of file and breaks its format's rules
  | 'unsupported-model' // it is legal and Whittle cannot act on it yet
  | 'missing-file' // external data or a companion that was not dropped
  | 'wrong-file' // another file than the one that is asked for
  | 'bad-recipe'
  | 'bad-dataset'
  | 'bad-tokenizer'
  | 'bad-link'
  | 'bad-report'
  | 'too-large' // over a limit that the message names
  | 'out-of-memory'
  | 'no-webgpu'
  | 'device-lost'
  | 'gpu-failed'
  | 'runtime-failed' // onnxruntime-web refused or failed
  | 'worker-failed'
  | 'quota' // the browser's disk space for this origin is full
  | 'no-storage' // the browser keeps nothing for this page
  | 'busy'; // the engine already runs a job

/**
 * An expected failure, phrased for the person: the message names the object, the fact and the
 * remedy. Crosses workers as `{ code, message, detail }`.
 */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly code: ErrorCode;
  /** Where it happened, if that is known: a file, a field, a byte offset, the first bytes. */
  readonly detail: ErrorDetail | undefined;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { detail?: ErrorDetail }) {
    super(message, options);
    this.code = code;
    this.detail = options?.detail;
  }
}

export interface ErrorDetail {
  readonly file?: string;
  /** A path such as `steps[0].options.bits` or `graph.node[3].input[1]`. */
  readonly path?: string;
  readonly offset?: number;
  /** The first bytes of a refused file (at most 32), for the page's hex line. */
  readonly head?: readonly number[];
  /** How many of `head` tell what the file is. */
  readonly headMatch?: number;
  /** What the file really is: "a GGUF file". */
  readonly actually?: string;
  /** What its header says: "GGUF version 3, 291 tensors". */
  readonly facts?: string;
  /** Of the refused file, where its header was read. */
  readonly byteLength?: number;
}
