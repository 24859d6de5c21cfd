/** Scales of activations in the edit: constants with other values, or a Mul before the readers. */
import { onnx } from '../../encoders/nodes.ts';
import type { NodeSpec, TensorSpec } from '../../model/edit.ts';
import type { GraphId } from '../../model/graphs.ts';
import type { GraphDrafts } from '../graph-drafts.ts';
import type { FoldedConstant } from './fold-scales.ts';
import type { InputScaling } from './input-scalings.ts';

/** A stored tensor that scales make. */
export interface ScalingTensor {
  readonly spec: TensorSpec;
  /** What is divided by the scales; null: 1 / scales itself, [K]. */
  readonly constant: FoldedConstant | null;
}

export interface PlannedScaling extends InputScaling {
  readonly tensors: readonly ScalingTensor[];
}

interface Multiplied {
  readonly value: string;
  /** Given to the first who asks. */
  node: NodeSpec | null;
}

export class ScaledInputs {
  readonly planned: readonly PlannedScaling[];
  readonly #drafts: GraphDrafts;
  /** By weight that reads the value. */
  readonly #multiplied = new Map<string, Multiplied>();

  /** @param planned weights that the plan stores, which are divided as they are */
  constructor(
    scalings: readonly InputScaling[],
    drafts: GraphDrafts,
    planned: ReadonlySet<string>,
  ) {
    this.#drafts = drafts;
    this.planned = scalings.map((scaling) => ({
      ...scaling,
      tensors: scaling.folded
        ? scaling.folded
            .filter(({ weight }) => !planned.has(weight.name))
            .map((constant) => this.#divide(scaling, constant))
        : [this.#multiply(scaling)],
    }));
  }

  /** What a weight's operator reads in place of `input`, and the node that makes it where it is first. */
  of(
    weight: string,
    input: string,
  ): { readonly input: string; readonly nodes: readonly NodeSpec[] } {
    const multiplied = this.#multiplied.get(weight);
    if (!multiplied) return { input, nodes: [] };
    const nodes = multiplied.node ? [multiplied.node] : [];
    multiplied.node = null;
    return { input: multiplied.value, nodes };
  }

  isMultiplied = (weight: string): boolean => this.#multiplied.has(weight);

  #divide({ key, graph }: InputScaling, constant: FoldedConstant): ScalingTensor {
    const { name, dims } = constant.weight.tensor;
    this.#drafts.removeConstant(constant.weight);
    return this.#store(graph, { name, key: `${key}\n${name}`, dtype: 'float32', dims }, constant);
  }

  #multiply({ key, graph, value, K, members }: InputScaling): ScalingTensor {
    const context = this.#drafts.contextOf(graph);
    const name = context.unique(`${value}_input_scales`);
    const scaled = context.unique(`${value}_scaled`);
    const multiplied = { value: scaled, node: onnx('Mul', [value, name], scaled) };
    for (const member of members) this.#multiplied.set(member, multiplied);
    return this.#store(graph, { name, key: `${key}\n`, dtype: 'float32', dims: [K] }, null);
  }

  #store(graph: GraphId, spec: TensorSpec, constant: FoldedConstant | null): ScalingTensor {
    this.#drafts.add(graph, [spec], []);
    return { spec, constant };
  }
}
