import { afterAll } from 'vitest';
import { createSession } from '../session.ts';
import { matMulModel, tinyOnnx } from './tiny-onnx.ts';

/**
 * What the runtime compiled for WebGPU goes with its last session. With one held for as long as the
 * test file runs, each pipeline is compiled once, which on a software adapter is most of the time.
 */
export async function keepPipelines(): Promise<void> {
  const held = await createSession(tinyOnnx(matMulModel([1], [1, 1])), 'webgpu');
  afterAll(() => held.release());
}
