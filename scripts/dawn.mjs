import { create, globals } from 'webgpu';

/** Gives Node the WebGPU of this machine's drivers, with clocks that are not rounded. */
export function installDawn() {
  Object.assign(globalThis, globals);
  const gpu = create(['disable-dawn-features=timestamp_quantization']);
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
}
