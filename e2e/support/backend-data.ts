/** The models of the backend test data in the judge's onnx package. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { judgeEnv } from '../../scripts/judge-env.mjs';

const execute = promisify(execFile);

export interface BackendModel {
  /**
   * `simple/test_expand_shape_model1/model.onnx` of a file, `test_matmul_2d` of a built model,
   * `test_matmul_2d with weights` of the same with its second matrix as an initializer.
   */
  readonly name: string;
  readonly path: string;
  /** An `.npz` with `in:NAME` and `out:NAME` of the first data set; null if not all are tensors. */
  readonly values: string | null;
  /** Float initializers and Constant values of rank 2 and more in the main graph. */
  readonly initializers: number;
}

/** Lays out the models in a folder for as long as `use` runs; takes half a minute. */
export async function withBackendModels(
  use: (models: readonly BackendModel[]) => Promise<void>,
): Promise<void> {
  const env = judgeEnv();
  if ('missing' in env) throw new Error(env.missing);
  const folder = await mkdtemp(join(tmpdir(), 'whittle-backend-'));
  try {
    const script = fileURLToPath(new URL('../../judge/backend_data.py', import.meta.url));
    const { stdout } = await execute(env.python, [script, folder], { maxBuffer: 2 ** 28 });
    await use(JSON.parse(stdout));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those with float matrices that can be run. */
export const withWeights = (models: readonly BackendModel[]): readonly BackendModel[] =>
  models.filter(({ values, initializers }) => values !== null && initializers > 0);
