/** What presets look at in a model. */
export interface ModelTraits {
  /** Operators that use its compressible weights. */
  readonly operators: ReadonlySet<string>;
  /** Most of the bytes that can be compressed are 16-bit values already. */
  readonly mostly16Bit: boolean;
}

/** Operators of weights by what the weights are to a person, in the order in which presets name them. */
export const OPERATOR_GROUPS = {
  matrices: ['MatMul', 'Gemm'],
  embeddings: ['Gather'],
  convolutions: ['Conv', 'ConvTranspose'],
  recurrent: ['LSTM', 'GRU'],
} as const;

export type OperatorGroup = keyof typeof OPERATOR_GROUPS;

export const GROUPS = Object.keys(OPERATOR_GROUPS) as readonly OperatorGroup[];

/** A model of every kind: what a recipe for unknown weights must serve. */
export const ANY_MODEL: ModelTraits = {
  operators: new Set(Object.values(OPERATOR_GROUPS).flat()),
  mostly16Bit: false,
};

/** Groups that the model has weights of. */
export const groupsOf = ({ operators }: ModelTraits): readonly OperatorGroup[] =>
  GROUPS.filter((group) => OPERATOR_GROUPS[group].some((op) => operators.has(op)));
