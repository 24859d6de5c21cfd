import type { DeviceSummary } from '../../report/device-summary.ts';
import { formatBytes } from '../../report/format.ts';
import { Icon } from '../icon.tsx';
import { useApp } from '../studio-context.tsx';

interface Ability {
  readonly name: string;
  readonly words: string;
  readonly good: boolean;
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

/** What this browser can do, a line each; what it lacks is said in words. */
export function abilities(summary: DeviceSummary): readonly Ability[] {
  const { webgpu, webgpuMissing, wasmThreads, crossOriginIsolated, diskFreeBytes } = summary;
  const missing = webgpuMissing ?? 'not offered by this browser';
  const gpu: readonly Ability[] = webgpu
    ? [
        {
          name: 'WebGPU',
          words: webgpu.software ? `${webgpu.name}, software adapter` : webgpu.name,
          good: !webgpu.software,
        },
        {
          name: '16-bit floats',
          words: webgpu.shaderF16 ? 'shader-f16: fp16 models run' : 'no shader-f16',
          good: webgpu.shaderF16,
        },
        {
          name: 'Subgroups',
          words: webgpu.subgroups ?? 'not offered',
          good: webgpu.subgroups !== null,
        },
        {
          name: 'Largest buffer',
          words: `${gigabytes(webgpu.maxBufferBytes)}, binding ${gigabytes(webgpu.maxBindingBytes)}`,
          good: true,
        },
      ]
    : [{ name: 'WebGPU', words: missing, good: false }];
  return [
    ...gpu,
    {
      name: 'WASM threads',
      words: `${wasmThreads}, ${crossOriginIsolated ? '' : 'not '}cross-origin isolated`,
      good: crossOriginIsolated,
    },
    {
      name: 'Disk for models',
      words: diskFreeBytes === null ? 'not reported' : `${diskWords(diskFreeBytes)} free`,
      good: diskFreeBytes !== null,
    },
  ];
}

const diskWords = (bytes: number) => (bytes >= 1e9 ? gigabytes(bytes) : formatBytes(bytes));

export function DevicePanel() {
  const device = useApp((state) => state.device);
  return (
    <aside aria-labelledby="this-device">
      <h2 className="sh" id="this-device" style={{ marginBottom: 4 }}>
        This device
      </h2>
      {device.status === 'probing' && <p className="s12 t3">Asking the browser.</p>}
      {device.status === 'failed' && <p className="s12 bad">{device.failure.message}</p>}
      {device.status === 'known' && (
        <table className="plain caps">
          <tbody>
            {abilities(device.summary).map(({ name, words, good }) => (
              <tr key={name}>
                <td>{name}</td>
                <td className={good ? 'good' : 'warn'}>
                  <Icon name={good ? 'check' : 'info'} small />
                </td>
                <td className="t2">{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {device.status === 'known' && device.summary.webgpu?.software && (
        <p className="s12 t2" style={{ marginTop: 8 }}>
          A software adapter computes on the CPU: its times say nothing about GPUs.
        </p>
      )}
      <h2 className="sh" style={{ margin: '28px 0 4px' }}>
        Files that come out run in
      </h2>
      <p className="s12 t2">ONNX Runtime, in browsers (WebGPU and WASM) and native.</p>
    </aside>
  );
}
