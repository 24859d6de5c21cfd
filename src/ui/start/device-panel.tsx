import { hasSoftwareAdapter } from '../../state/software-adapter.ts';
import { Icon } from '../icon.tsx';
import { useApp } from '../studio-context.tsx';
import { Term } from '../term.tsx';
import { abilities } from './abilities.ts';

export function DevicePanel() {
  const device = useApp((state) => state.device);
  const hosting = useApp((state) => state.hosting);
  return (
    <aside aria-labelledby="this-device">
      <h2 className="sh" id="this-device" style={{ marginBottom: 4 }}>
        This device
      </h2>
      {device.status === 'probing' && <p className="s12 t3">Asking the browser.</p>}
      {device.status === 'failed' && <p className="s12 bad">{device.failure.message}</p>}
      {device.status === 'known' && (
        <table className="plain caps" aria-labelledby="this-device">
          <tbody>
            {abilities(device.summary, hosting).map(({ name, words, good, help }) => (
              <tr key={name}>
                <td>
                  <Term meaning={help}>{name}</Term>
                </td>
                <td className={good ? 'good' : 'warn'}>
                  <Icon name={good ? 'check' : 'info'} small />
                </td>
                <td className="t2">{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasSoftwareAdapter(device) && (
        <p className="s12 t2" style={{ marginTop: 8 }}>
          A software adapter computes on the CPU: its times say nothing about GPUs.
        </p>
      )}
      <h2 className="sh" style={{ margin: '28px 0 4px' }}>
        Files that come out run in
      </h2>
      <p className="s12 t2">
        ONNX Runtime on WebGPU, WASM, CPU and CUDA. Those made for the target Portable, in operators
        that many runtimes know, also run in TensorRT and OpenVINO.
      </p>
    </aside>
  );
}
