import { assert } from '../core/assert.ts';
import { encodeParams } from './compile.ts';
import type { AnyKernel, Kernel } from './kernel.ts';

/** Part of a buffer; offsets of bindings are multiples of 256. */
export interface BufferSlice {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

interface Dispatch {
  readonly encode: (pass: GPUComputePassEncoder, uniforms: GPUBuffer) => void;
}

type Step = Dispatch | ((encoder: GPUCommandEncoder) => void);

/** What a batch needs of its device. */
export interface BatchHost {
  readonly device: GPUDevice;
  pipeline(kernel: AnyKernel): GPUComputePipeline;
  buffer(label: string, byteLength: number, usage: GPUBufferUsageFlags): GPUBuffer & Disposable;
}

/** Records many dispatches and copies, in order, for one submission. Kernels are prepared before. */
export class Batch {
  readonly #host: BatchHost;
  readonly #label: string;
  readonly #steps: Step[] = [];
  readonly #params: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  #uniformLength = 0;

  constructor(host: BatchHost, label: string) {
    this.#host = host;
    this.#label = label;
  }

  dispatch<B extends string, P extends string>(
    kernel: Kernel<B, P>,
    buffers: Readonly<Record<B, GPUBuffer | BufferSlice>>,
    params: Readonly<Record<P, number>>,
  ): void {
    const { device } = this.#host;
    const pipeline = this.#host.pipeline(kernel);
    const bytes = new Uint8Array(encodeParams(kernel, params));
    const uniformOffset = this.#uniformLength;
    const alignment = device.limits.minUniformBufferOffsetAlignment;
    this.#uniformLength += Math.ceil(bytes.length / alignment) * alignment;
    this.#params.push({ offset: uniformOffset, bytes });
    const workgroups = kernel.workgroups(params);
    const most = device.limits.maxComputeWorkgroupsPerDimension;
    assert(Math.max(...workgroups) <= most, `${kernel.label} dispatches ${workgroups}`);
    const names = Object.keys(kernel.buffers) as B[];
    this.#steps.push({
      encode: (pass, uniforms) => {
        const uniform = { buffer: uniforms, offset: uniformOffset, size: bytes.length };
        const resources = [...names.map((name) => binding(buffers[name])), uniform];
        const bindGroup = device.createBindGroup({
          label: kernel.label,
          layout: pipeline.getBindGroupLayout(0),
          entries: resources.map((resource, index) => ({ binding: index, resource })),
        });
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
      },
    });
  }

  /** Fills `[offset, offset + byteLength)` with zeros; both are multiples of 4. */
  clear(buffer: GPUBuffer, offset: number, byteLength: number): void {
    this.#steps.push((encoder) => encoder.clearBuffer(buffer, offset, byteLength));
  }

  /** Offsets and length are multiples of 4. */
  copy(from: BufferSlice, to: GPUBuffer, offset: number): void {
    this.#steps.push((encoder) =>
      encoder.copyBufferToBuffer(from.buffer, from.offset, to, offset, from.size),
    );
  }

  /** `timestampWrites` is of a batch of dispatches alone, which are then one pass. */
  submit(timestampWrites?: GPUComputePassTimestampWrites): void {
    const { device } = this.#host;
    const encoder = device.createCommandEncoder({ label: this.#label });
    using uniforms = this.#uploadParams();
    let pass: GPUComputePassEncoder | null = null;
    for (const step of this.#steps) {
      if (typeof step === 'function') {
        pass?.end();
        pass = null;
        step(encoder);
      } else {
        pass ??= encoder.beginComputePass({
          label: this.#label,
          ...(timestampWrites && { timestampWrites }),
        });
        step.encode(pass, uniforms);
      }
    }
    pass?.end();
    device.queue.submit([encoder.finish()]);
  }

  #uploadParams() {
    const { UNIFORM, COPY_DST } = GPUBufferUsage;
    const bytes = new Uint8Array(this.#uniformLength);
    for (const { offset, bytes: own } of this.#params) bytes.set(own, offset);
    const label = `${this.#label}/params`;
    const uniforms = this.#host.buffer(label, bytes.length, UNIFORM | COPY_DST);
    this.#host.device.queue.writeBuffer(uniforms, 0, bytes);
    return uniforms;
  }
}

const binding = (part: GPUBuffer | BufferSlice): GPUBufferBinding =>
  part instanceof GPUBuffer ? { buffer: part } : { ...part };
