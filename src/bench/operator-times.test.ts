import { expect, test } from 'vitest';
import { operatorTimes } from './operator-times.ts';
import { type ProfileEvent, profileEvents } from './profile-events.ts';

const line = (cat: string, name: string, dur: number, args: object) =>
  `${JSON.stringify({ cat, pid: 1, tid: 1, dur, ts: 1, ph: 'X', name, args })},`;
const node = (name: string, op: string, provider: string, dur: number) =>
  line('Node', `${name}_kernel_time`, dur, { op_name: op, provider });
const [CPU, GPU] = ['CPUExecutionProvider', 'WebGpuExecutionProvider'];

test('events of nodes and shaders are read from the lines of a profile', () => {
  const lines = [
    '[',
    line('Session', 'model_run', 9, {}),
    `${node('/a/Conv', 'FusedConv', CPU, 35_010)}\n${line('Api', '/b&Conv_token_1&Conv&Conv2dMM', 52_736, {})}`,
    'something else {"that" is logged',
    `${node('/c', 'Gemm', CPU, 50).slice(0, -1)}\n]`,
  ];
  expect(profileEvents(lines)).toEqual([
    { kind: 'node', node: '/a/Conv', op: 'FusedConv', provider: CPU, durationMs: 35.01 },
    { kind: 'program', node: '/b&Conv_token_1', op: 'Conv', provider: '', durationMs: 52.736 },
    { kind: 'node', node: '/c', op: 'Gemm', provider: CPU, durationMs: 0.05 },
  ]);
});

const event = (
  kind: ProfileEvent['kind'],
  name: string,
  op: string,
  durationMs: number,
  provider = CPU,
): ProfileEvent => ({ kind, node: name, op, provider, durationMs });

test('on WASM: nodes of a kind are summed run by run, warm-ups left out', () => {
  const runs = [100, 4, 6, 5].flatMap((ms) => [
    event('node', 'a', 'Conv', ms),
    event('node', 'b', 'Conv', 1),
    event('node', 'c', 'Relu', 0.5),
    event('node', 'c', 'Relu', 0.5),
  ]);
  expect(operatorTimes(runs, 'wasm', { runs: 4, warmUp: 1 })).toEqual([
    { op: 'Conv', count: 2, durationMs: 6, onCpu: false },
    { op: 'Relu', count: 1, durationMs: 1, onCpu: false },
  ]);
});

test('on WebGPU: shaders time the nodes on the GPU, and what fell to the CPU stands apart', () => {
  const events = [
    event('node', 'a', 'MatMul', 80, GPU),
    event('node', 'b', 'MatMul', 3),
    event('node', 'm', 'MemcpyToHost', 2, GPU),
    event('program', 'a', 'MatMul', 7),
    event('program', 'a', 'MatMul', 1),
  ];
  expect(operatorTimes(events, 'webgpu', { runs: 1, warmUp: 0 })).toEqual([
    { op: 'MatMul', count: 1, durationMs: 8, onCpu: false },
    { op: 'MatMul', count: 1, durationMs: 3, onCpu: true },
    { op: 'MemcpyToHost', count: 1, durationMs: 2, onCpu: false },
  ]);
});

test('a GPU without timestamps gives no times, and none are made up', () => {
  const events = [event('node', 'a', 'MatMul', 80, GPU), event('node', 'b', 'Shape', 3)];
  expect(operatorTimes(events, 'webgpu', { runs: 1, warmUp: 0 })).toEqual([
    { op: 'Shape', count: 1, durationMs: 3, onCpu: true },
    { op: 'MatMul', count: 1, durationMs: null, onCpu: false },
  ]);
});
