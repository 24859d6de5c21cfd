import { expect, test } from 'vitest';
import { create, globals } from 'webgpu';
import { assert } from '../core/assert.ts';
import { summarizeAdapter } from '../gpu/adapter-summary.ts';
import { Gpu } from '../gpu/gpu.ts';
import { type AnyKernel, defineKernel, moduleOf } from '../gpu/kernel.ts';

Object.assign(globalThis, globals);

const modules = import.meta.glob<Record<string, unknown>>('./!(*.test).ts', { eager: true });
const shaders = import.meta.glob<string>('../../shaders/*.wgsl', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const isKernel = (value: unknown): value is AnyKernel =>
  typeof value === 'object' && value !== null && 'code' in value && 'workgroups' in value;
const kernels = Object.values(modules)
  .flatMap((module) => Object.values(module).flat())
  .filter(isKernel);

// Dawn's null backend validates WGSL and layouts but executes nothing, so this needs no GPU.
const dawn = create(['backend=null']);
async function nullGpu(): Promise<Gpu> {
  const adapter = await dawn.requestAdapter();
  assert(adapter, 'the null backend always has an adapter');
  return new Gpu(await adapter.requestDevice(), summarizeAdapter(adapter));
}
const gpu = await nullGpu();

test('every shader belongs to a kernel, and every label to one', () => {
  const used = kernels.flatMap(({ code, libraries = [] }) => [code, ...libraries]);
  expect(new Set(used)).toEqual(new Set(Object.values(shaders)));
  expect(new Set(kernels.map(({ label }) => label)).size).toBe(kernels.length);
  expect(kernels.length).toBeGreaterThan(25);
});

test.each(kernels)('$label compiles with its declared layout', async (kernel) => {
  await expect(gpu.prepare(kernel)).resolves.toBeDefined();
});

test.each(kernels)('$label names what its shader names', (kernel) => {
  const { buffers, params, constants = {} } = kernel;
  const code = moduleOf(kernel);
  const storage = [...code.matchAll(/var<storage, (read|read_write)> (\w+)/g)];
  expect(storage.map(([, access, name]) => [name, access === 'read' ? 'read' : 'write'])).toEqual(
    Object.entries(buffers),
  );
  const members = code.match(/struct Params \{([^}]*)\}/)?.[1] ?? '';
  expect([...members.matchAll(/(\w+): (\w+)/g)].map(([, name, type]) => [name, type])).toEqual(
    Object.entries(params),
  );
  const overrides = [...code.matchAll(/^override (\w+):/gm)].map(([, name]) => name);
  expect(new Set(overrides)).toEqual(new Set(Object.keys(constants)));
  expect(overrides.length).toBe(Object.keys(constants).length);
});

const sound = {
  label: 'sound',
  code: `struct Params { count: u32 }
    @group(0) @binding(0) var<storage, read_write> out: array<u32>;
    @group(0) @binding(1) var<uniform> params: Params;
    @compute @workgroup_size(1) fn main() { out[0] = params.count; }`,
  buffers: { out: 'write' },
  params: { count: 'u32' },
  workgroups: () => [1, 1, 1] as const,
} as const;

test('a sound kernel compiles', async () => {
  await expect(gpu.prepare(defineKernel(sound))).resolves.toBeDefined();
});

test.each([
  ['a wrong access mode', { ...sound, buffers: { out: 'read' } }],
  ['an unknown name', { ...sound, code: sound.code.replace('params.count', 'params.cuont') }],
  ['a missing uniform', { ...sound, code: sound.code.replace('@binding(1)', '@binding(2)') }],
] as const)('%s is caught', async (_, broken) => {
  const own = await nullGpu();
  await expect(own.prepare(defineKernel<string, string>(broken))).rejects.toMatchObject({
    code: 'gpu-failed',
  });
});
