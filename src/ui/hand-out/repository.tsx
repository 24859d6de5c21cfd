import { isVariantDtype, VARIANT_DTYPES, variantPath } from '../../export/variants.ts';
import { formatBytes } from '../../report/format.ts';
import type { HandOver, VariantChoice } from '../../state/shared-view.ts';
import { chooseVariant, saveRepository, variantsObstacle } from '../../state/use-file.ts';
import { Icon } from '../icon.tsx';
import { useStudio } from '../studio-context.tsx';

/** Which runs go into the zip, and under which name transformers.js finds each. */
export function Repository({ handOver }: { handOver: Extract<HandOver, { kind: 'repository' }> }) {
  const studio = useStudio();
  const obstacle = variantsObstacle(handOver);
  return (
    <div className="use-file">
      <p className="s12 t2">
        README.md with the model card, the tokenizer and config that were opened, and each chosen
        run where transformers.js looks for its dtype.
      </p>
      {!handOver.hasConfig && (
        <div className="note">
          <Icon name="info" />
          <span>
            config.json was not opened with the model, so the zip has none, and transformers.js
            loads no folder without it. Put the one that the model was exported with beside
            README.md; “Use this file”, transformers.js, shows what must be in it.
          </span>
        </div>
      )}
      <table className="plain" aria-label="Variants">
        <thead>
          <tr>
            <th>Run</th>
            <th className="num">Size</th>
            <th>Name</th>
          </tr>
        </thead>
        <tbody>
          {handOver.choices.map((choice) => (
            <Choice key={choice.runId} choice={choice} />
          ))}
        </tbody>
      </table>
      <div className="row">
        <button
          type="button"
          className={obstacle === null ? 'btn primary' : 'btn'}
          aria-disabled={obstacle !== null}
          aria-describedby="repository-obstacle"
          onClick={() => {
            if (obstacle === null) void saveRepository(studio);
          }}
        >
          Save zip
        </button>
        <span className="s12 bad any" id="repository-obstacle" role="status">
          {obstacle}
        </span>
      </div>
    </div>
  );
}

function Choice({ choice }: { choice: VariantChoice }) {
  const studio = useStudio();
  const { runId, name, chosen, dtype, byteLength, isWrong } = choice;
  return (
    <tr>
      <td className="wrap any">
        <label className="check">
          <input
            type="checkbox"
            checked={chosen}
            onChange={(event) =>
              chooseVariant(studio, runId, { chosen: event.currentTarget.checked })
            }
          />
          {name}
        </label>
        {isWrong && <small className="bad">its truth check fails</small>}
      </td>
      <td className="num">{formatBytes(byteLength)}</td>
      <td>
        <select
          className="select"
          aria-label={`Name of ${name}`}
          value={dtype ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (isVariantDtype(value)) chooseVariant(studio, runId, { dtype: value });
          }}
        >
          {dtype === null && <option value="">choose a name</option>}
          {VARIANT_DTYPES.map((it) => (
            <option key={it} value={it}>
              {it}: {variantPath(it)}
            </option>
          ))}
        </select>
      </td>
    </tr>
  );
}
