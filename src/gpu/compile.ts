import { type AnyKernel, moduleOf } from './kernel.ts';

/** Compiles a kernel against the bind group layout that it declares. */
export function compile(device: GPUDevice, kernel: AnyKernel): Promise<GPUComputePipeline> {
  const { label, constants, buffers } = kernel;
  const types: GPUBufferBindingType[] = Object.values(buffers).map((access) =>
    access === 'read' ? 'read-only-storage' : 'storage',
  );
  const layout = device.createBindGroupLayout({
    label,
    entries: [...types, 'uniform' as const].map((type, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type },
    })),
  });
  const module = device.createShaderModule({ label, code: moduleOf(kernel) });
  return device.createComputePipelineAsync({
    label,
    layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: 'main', ...(constants && { constants }) },
  });
}

/** The `Params` struct of a kernel, little-endian. */
export function encodeParams(
  kernel: AnyKernel,
  params: Readonly<Record<string, number>>,
): ArrayBuffer {
  const types = Object.entries(kernel.params);
  const view = new DataView(new ArrayBuffer(4 * types.length));
  types.forEach(([name, type], i) => {
    const value = params[name] as number;
    if (type === 'u32') view.setUint32(4 * i, value, true);
    else if (type === 'i32') view.setInt32(4 * i, value, true);
    else view.setFloat32(4 * i, value, true);
  });
  return view.buffer;
}
