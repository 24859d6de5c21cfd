import { test } from 'vitest';
import { createSession } from './session.ts';

test('wasm first', async () => {
  const log = [];
  for (const n of [
    'webgpu-4-32-true',
    'webgpu-4-64-false',
    'webgpu-8-128-false',
    'wasm-8-64-true',
    'wasm-4-32-true',
    'u8i64-17',
    'u8i32-17',
    'u8i64-21',
    'u8i64b4-17',
    'u8i64b4zp-17',
    'u8i64zp-21',
  ]) {
    const blob = await (await fetch(`/zz-${n}.onnx`)).blob();
    try {
      const s = await createSession(blob, 'wasm');
      log.push(n + ' ok');
      await s.release();
    } catch (e) {
      log.push(n + String((e as Error).cause).slice(0, 300));
    }
  }
  console.log(log.join('\n'));
}, 100000);
