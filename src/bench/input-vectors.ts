/** The vectors that a weight is multiplied with, out of the values that a runtime gives. */
import { StudioError } from '../core/studio-error.ts';
import { floatsOf, type OutputTensor } from './outputs.ts';

/** How a convolution reads its input; spatial lists have one entry an axis. */
export interface PatchWindow {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padsBefore: readonly number[];
  readonly padsAfter: readonly number[];
  readonly autoPad: 'none' | 'same-upper' | 'same-lower';
}

/**
 * `rows`: the last axis; `columns`: the first of a matrix; `all`: every value by itself, K = 1; else
 * patches of a picture.
 */
export type VectorLayout = 'rows' | 'columns' | 'all' | PatchWindow;

/**
 * Row-major float32 [count, K]; a view of `tensor` where it lies so already.
 * - `K` — inputs of the weight; for patches channels · kernel, channels outermost
 * @throws runtime-failed if the value is no float tensor of such vectors
 */
export function inputVectors(
  tensor: OutputTensor,
  layout: VectorLayout,
  K: number,
): Float32Array<ArrayBufferLike> {
  const values = floatsOf(tensor);
  const { dtype, dims } = tensor;
  if (!values) {
    throw new StudioError('runtime-failed', `The inputs of a weight are ${dtype}, not floats.`);
  }
  if (layout === 'all') return values;
  if (layout === 'rows') {
    if (dims.at(-1) !== K) throw unexpected(dims, K);
    return values;
  }
  if (layout === 'columns') {
    if (dims.length !== 2 || dims[0] !== K) throw unexpected(dims, K);
    const [, count = 0] = dims;
    const turned = new Float32Array(values.length);
    for (let k = 0, from = 0; k < K; k++) {
      for (let i = 0; i < count; i++, from++) turned[i * K + k] = values[from] as number;
    }
    return turned;
  }
  return patches(values, dims, layout, K);
}

const unexpected = (dims: readonly number[], K: number) =>
  new StudioError('runtime-failed', `An input of [${dims.join(', ')}] holds no vectors of ${K}.`);

/** A picture [batch, channels, ...size] as its patches, padded with zeros. */
function patches(
  values: Float32Array<ArrayBufferLike>,
  dims: readonly number[],
  window: PatchWindow,
  K: number,
): Float32Array<ArrayBuffer> {
  const [batch = 0, channels = 0, ...size] = dims;
  const { kernel, strides, dilations } = window;
  const taps = kernel.reduce((product, length) => product * length, 1);
  if (size.length !== kernel.length || channels * taps !== K) throw unexpected(dims, K);
  const axes = size.map((length, axis) => axisOf(length, axis, window));
  const places = axes.reduce((product, { places: own }) => product * own, 1);
  const area = size.reduce((product, length) => product * length, 1);
  const out = new Float32Array(batch * places * K);
  const place = new Int32Array(axes.length);
  const tap = new Int32Array(axes.length);
  for (let p = 0; p < places; p++) {
    unravel(
      p,
      axes.map((axis) => axis.places),
      place,
    );
    for (let t = 0; t < taps; t++) {
      unravel(t, kernel, tap);
      let offset = 0;
      let inside = true;
      for (let axis = 0; axis < axes.length; axis++) {
        const at =
          (place[axis] as number) * (strides[axis] as number) +
          (tap[axis] as number) * (dilations[axis] as number) -
          (axes[axis]?.before ?? 0);
        inside &&= at >= 0 && at < (size[axis] as number);
        offset = offset * (size[axis] as number) + at;
      }
      if (!inside) continue;
      for (let b = 0; b < batch; b++) {
        for (let c = 0; c < channels; c++) {
          out[(b * places + p) * K + c * taps + t] = values[
            (b * channels + c) * area + offset
          ] as number;
        }
      }
    }
  }
  return out;
}

/** Places of the window along one axis, and the padding before it. */
function axisOf(length: number, axis: number, window: PatchWindow) {
  const stride = window.strides[axis] ?? 1;
  const reach = ((window.kernel[axis] ?? 1) - 1) * (window.dilations[axis] ?? 1) + 1;
  if (window.autoPad === 'none') {
    const before = window.padsBefore[axis] ?? 0;
    const padded = length + before + (window.padsAfter[axis] ?? 0);
    return { places: Math.max(0, Math.floor((padded - reach) / stride) + 1), before };
  }
  const places = Math.ceil(length / stride);
  const padding = Math.max(0, (places - 1) * stride + reach - length);
  const half = window.autoPad === 'same-upper' ? Math.floor : Math.ceil;
  return { places, before: half(padding / 2) };
}

function unravel(index: number, lengths: readonly number[], into: Int32Array): void {
  let rest = index;
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    const length = lengths[axis] as number;
    into[axis] = rest % length;
    rest = Math.floor(rest / length);
  }
}
