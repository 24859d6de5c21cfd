/**
 * The operators of the default domain, and at which opsets after 6 and up to 25 their definitions
 * changed. Most changes only allow more types; those that mean work are in `conversions.ts`.
 * @see https://github.com/onnx/onnx/blob/main/docs/Changelog.md
 */

export const OLDEST_OPSET = 6;
export const NEWEST_OPSET = 25;

/** Versions, and the operators that changed at exactly these. */
const GROUPS: readonly (readonly [versions: readonly number[], operators: string])[] = [
  [
    [],
    `AffineGrid BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Celu
    CenterCropPad Col2Im ConcatFromSequence ConvInteger DynamicQuantizeLinear Einsum Gelu
    HammingWindow HannWindow ImageDecoder LayerNormalization MatMulInteger MelWeightMatrix
    Not Optional QLinearConv RMSNormalization Range RegexFullMatch ReverseSequence
    RotaryEmbedding STFT SequenceAt SequenceConstruct SequenceEmpty SequenceErase
    SequenceInsert SequenceLength SequenceMap Shrink StringConcat StringNormalizer
    StringSplit Swish TensorScatter TfIdfVectorizer Trilu Unique`,
  ],
  [[7], 'And Or Xor'],
  [[7, 9, 10], 'Upsample'],
  [[7, 9, 11, 13], 'Gemm'],
  [[7, 9, 13], 'Greater Less'],
  [[7, 9, 14, 15], 'BatchNormalization'],
  [[7, 9, 16], 'PRelu'],
  [[7, 10, 11, 19, 22], 'AveragePool'],
  [[7, 10, 12, 13, 22], 'Dropout'],
  [[7, 11, 13, 19], 'Equal'],
  [[7, 12, 13, 15], 'Pow'],
  [[7, 13, 14], 'Add Div Mul Sub'],
  [[7, 14, 22], 'GRU LSTM RNN'],
  [[8, 10, 11, 12, 22], 'MaxPool'],
  [[8, 12, 13], 'Max Min'],
  [[8, 13], 'Mean Sum'],
  [[9, 11, 12, 13, 19, 21, 23, 24, 25], 'Constant'],
  [[9, 11, 13, 21, 23, 24, 25], 'Flatten'],
  [[9, 11, 16, 19, 21, 23, 24, 25], 'Scan'],
  [[9, 13], 'MatMul'],
  [[9, 13, 19, 21, 23, 24, 25], 'Cast'],
  [[10, 11, 13], 'Slice'],
  [[10, 11, 24], 'TopK'],
  [[11], 'Compress NonMaxSuppression OneHot Scatter'],
  [[11, 12, 13], 'ArgMax ArgMin Clip'],
  [[11, 12, 13, 18, 20], 'ReduceMax ReduceMin'],
  [[11, 13], 'Concat DepthToSpace Gather Hardmax LogSoftmax ReduceSum Softmax'],
  [[11, 13, 16, 19, 21, 23, 24, 25], 'If Loop'],
  [
    [11, 13, 18],
    `ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMean ReduceProd ReduceSumSquare
    Split`,
  ],
  [[11, 13, 18, 19], 'Resize'],
  [[11, 13, 18, 19, 21, 23, 24, 25], 'Pad'],
  [[11, 13, 21, 23, 24, 25], 'Squeeze Unsqueeze'],
  [[11, 18, 22], 'LpPool'],
  [[11, 22], 'Conv ConvTranspose MaxUnpool'],
  [[12, 13], 'GatherND'],
  [
    [13],
    `Abs Ceil Erf Exp Expand Floor GatherElements LRN Log MeanVarianceNormalization Mod Neg
    NonZero Reciprocal Sigmoid Sign SoftmaxCrossEntropyLoss SpaceToDepth Sqrt Tanh Tile`,
  ],
  [[13, 14], 'Relu'],
  [[13, 14, 16, 19, 21, 23, 24, 25], 'Identity'],
  [[13, 14, 19, 21, 23, 24, 25], 'Reshape'],
  [[13, 15, 19, 21, 23, 24, 25], 'Shape'],
  [[13, 16, 18], 'ScatterElements ScatterND'],
  [[13, 19, 21, 23, 24, 25], 'DequantizeLinear QuantizeLinear Size'],
  [[13, 20], 'IsNaN'],
  [[13, 21, 23, 24, 25], 'Transpose'],
  [[13, 22], 'NegativeLogLikelihoodLoss'],
  [[14], 'CumSum'],
  [[16], 'GreaterOrEqual LeakyRelu LessOrEqual Where'],
  [[16, 22], 'RoiAlign'],
  [[18], 'OptionalGetElement OptionalHasElement'],
  [[19, 21, 23, 24, 25], 'CastLike'],
  [[20], 'DFT IsInf'],
  [[20, 21, 23, 24, 25], 'ConstantOfShape'],
  [[20, 22], 'GridSample'],
  [[21], 'GroupNormalization QLinearMatMul'],
  [
    [22],
    `Acos Acosh Asin Asinh Atan Atanh Bernoulli Cos Cosh DeformConv Det Elu EyeLike
    GlobalAveragePool GlobalLpPool GlobalMaxPool HardSigmoid HardSwish InstanceNormalization
    LpNormalization MaxRoiPool Mish Multinomial RandomNormal RandomNormalLike RandomUniform
    RandomUniformLike Round Selu Sin Sinh Softplus Softsign Tan ThresholdedRelu`,
  ],
  [[24], 'SplitToSequence'],
  [[24, 25], 'Attention'],
];

/** Operator → opsets at which its definition changed; operators not in it are not known. */
export const OPERATOR_HISTORY: ReadonlyMap<string, readonly number[]> = new Map(
  GROUPS.flatMap(([versions, operators]) =>
    operators.split(/\s+/).map((operator) => [operator, versions] as const),
  ),
);
