/** The changes of operators that mean work, by operator and opset. */
import {
  axesToInput,
  clipToInputs,
  countSplits,
  dftAxisToInput,
  maskToBool,
  padToInputs,
  ratioToInput,
  sliceToInputs,
  splitToInput,
  topCountToInput,
} from './attributes-to-inputs.ts';
import {
  alignOperands,
  alignSlope,
  dropBroadcast,
  dropOutputSequence,
  dropTestMode,
  sidesToScales,
} from './broadcasting.ts';
import {
  dropSpatial,
  dropTrainingOutputs,
  flattenAround,
  repeatPerChannel,
} from './normalizing.ts';
import {
  keepWholePixels,
  refuseGoneMode,
  renameSampling,
  sayHowToResize,
  scalesToInput,
  upsampleToResize,
} from './resampling.ts';
import type { Convert } from './upgrade-context.ts';

type Conversions = Readonly<Record<number, Convert>>;

const reduction: Conversions = { 18: axesToInput };
const softmax: Conversions = { 13: flattenAround };
const axesAt13: Conversions = { 13: axesToInput };

const BROADCASTING = 'Add And Div Equal Greater Less Mul Or Pow Sub Xor'.split(' ');

/** ONNX Runtime 1.30 has these only as they were before: 22 allowed more types, none of use here. */
const UNRUN_AT_22 = [
  ...['GlobalLpPool', 'MaxRoiPool', 'Multinomial', 'RandomNormal', 'RandomNormalLike'],
  ...['RandomUniform', 'RandomUniformLike'],
];
const NOT_RUN = 'ONNX Runtime does not run it there';

export const CONVERSIONS: ReadonlyMap<string, Conversions> = new Map<string, Conversions>([
  ['BatchNormalization', { 7: dropTestMode, 9: dropSpatial, 14: dropTrainingOutputs }],
  ['Clip', { 11: clipToInputs }],
  ['DFT', { 20: dftAxisToInput }],
  ['Dropout', { 7: dropTestMode, 10: maskToBool, 12: ratioToInput }],
  ['Gemm', { 7: dropBroadcast }],
  ['GridSample', { 20: renameSampling }],
  ['GroupNormalization', { 21: repeatPerChannel }],
  ['Hardmax', softmax],
  ['LogSoftmax', softmax],
  ['LSTM', { 7: dropOutputSequence }],
  ['PRelu', { 7: alignSlope }],
  ['Pad', { 11: padToInputs }],
  ['RNN', { 7: dropOutputSequence }],
  ['ReduceL1', reduction],
  ['ReduceL2', reduction],
  ['ReduceLogSum', reduction],
  ['ReduceLogSumExp', reduction],
  ['ReduceMax', reduction],
  ['ReduceMean', reduction],
  ['ReduceMin', reduction],
  ['ReduceProd', reduction],
  ['ReduceSum', axesAt13],
  ['ReduceSumSquare', reduction],
  ['Resize', { 11: sayHowToResize, 13: refuseGoneMode }],
  ['RoiAlign', { 16: keepWholePixels, 22: refuse(NOT_RUN) }],
  ['Scan', { 9: refuse('it has a batch axis, which is gone') }],
  ['Scatter', { 11: rename('ScatterElements') }],
  ['Slice', { 10: sliceToInputs }],
  ['Softmax', softmax],
  ['Split', { 13: splitToInput, 18: countSplits }],
  ['Squeeze', axesAt13],
  ['TopK', { 10: topCountToInput }],
  ['Unsqueeze', axesAt13],
  ['Upsample', { 7: sidesToScales, 9: scalesToInput, 10: upsampleToResize }],
  ...BROADCASTING.map((op): [string, Conversions] => [op, { 7: alignOperands }]),
  ...UNRUN_AT_22.map((op): [string, Conversions] => [op, { 22: refuse(NOT_RUN) }]),
]);

function rename(op: string): Convert {
  return (draft) => {
    draft.op = op;
    draft.isChanged = true;
  };
}

function refuse(problem: string): Convert {
  return (draft) => {
    draft.problem ??= problem;
  };
}
