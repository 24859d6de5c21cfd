import { expect, test } from 'vitest';
import { tooBigToRun } from './heap.ts';
import { runtimeError } from './runtime-error.ts';

test('runtime errors name the backend and what to do', () => {
  const empty = new Error("Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: ");
  expect(runtimeError(empty, 'webgpu', 'open the session').message).toContain('float8');
  const f16 = new Error('Program MatMul requires f16 but the device does not support it');
  expect(runtimeError(f16, 'webgpu', 'run a row')).toMatchObject({
    code: 'runtime-failed',
    message: expect.stringContaining('no shader-f16'),
  });
  expect(runtimeError(new Error('The device was lost'), 'webgpu', 'run a row').code).toBe(
    'device-lost',
  );
});

test('what the runtime says is told without its own sources', () => {
  const said = (words: string) => runtimeError(new Error(words), 'wasm', 'run a row').message;
  const running = (node: string) =>
    `Non-zero status code returned while running ${node} Status Message: `;
  expect(
    said(
      `${running("If node. Name:'If_0'")}${running("Pad node. Name:'pad'")}/build/core/pad.h:93 onnxruntime::Pad::Pad(const TensorShape &, bool) Pad reflect: 32 is over 31.`,
    ),
  ).toBe('ONNX Runtime could not run a row on WASM: If If_0: Pad pad: Pad reflect: 32 is over 31.');
  expect(
    said(
      `${running("Concat node. Name:'c'")}concatbase.h:136 PrepareForComputeImpl Axis 2 has 1 and 4`,
    ),
  ).toBe('ONNX Runtime could not run a row on WASM: Concat c: Axis 2 has 1 and 4.');
});

test('a model over the heap is not tried', () => {
  expect(tooBigToRun(90e6, 0)).toBeNull();
  expect(tooBigToRun(1e6, 2e9)).toBeNull();
  expect(tooBigToRun(1e6, 3e9)).toBe('needs about 4.5 GB; the runtime has 4.3 GB here');
  expect(tooBigToRun(1.61e9, 0)).toBe('needs about 6.4 GB; the runtime has 4.3 GB here');
});
