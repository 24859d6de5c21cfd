/** From the steps that reshape a model to its new graph, exact to the byte before any value is read. */
import { assert } from '../../core/assert.ts';
import { FreshNames } from '../../encoders/encode-context.ts';
import type { OnnxModel } from '../../formats/onnx/onnx-model.ts';
import { findWeights } from '../../model/find-weights.ts';
import type { Weight } from '../../model/weight.ts';
import type { Recipe } from '../../recipe/recipe.ts';
import type { Analysis } from '../../shapes/analysis.ts';
import { analyze } from '../../shapes/analyze.ts';
import { numberOf } from '../../shapes/extent.ts';
import { findRemovable, type Removable } from '../../shapes/removable.ts';
import { biasOf } from './bias-of.ts';
import { chooseCuts, reshapeSteps } from './choose-cuts.ts';
import type { CutDims } from './cut-dims.ts';
import { type NewWidths, reshapeGraph } from './reshape-graph.ts';
import type { CutTensor, NotCut, PlannedCut, Structure } from './structure.ts';

export interface PlannedStructure {
  /** null: nothing is cut. */
  readonly structure: Structure | null;
  readonly notCut: readonly NotCut[];
}

const NOTHING: PlannedStructure = { structure: null, notCut: [] };

interface Known {
  readonly analysis: Analysis;
  readonly removable: Removable;
  /** Of the last steps: sliders of other steps ask for the same again. */
  last: { readonly key: string; readonly planned: PlannedStructure } | null;
}

const known = new WeakMap<OnnxModel, Known>();

/** The structure that `recipe` gives `model`; the same object while its reshaping steps stay. */
export function planStructure(
  model: OnnxModel,
  weights: readonly Weight[],
  recipe: Recipe,
  cutDims: CutDims = new Map(),
): PlannedStructure {
  const steps = reshapeSteps(recipe);
  if (steps.length === 0) return NOTHING;
  const facts = factsOf(model);
  const key = JSON.stringify([steps, ...cutDims]);
  if (facts.last?.key === key) return facts.last.planned;
  const planned = structureOf(model, weights, recipe, cutDims, facts);
  facts.last = { key, planned };
  return planned;
}

function factsOf(model: OnnxModel): Known {
  let facts = known.get(model);
  if (!facts) {
    const analysis = analyze(model.graph, model.opsets.get('') ?? 1);
    facts = { analysis, removable: findRemovable(model.graph, analysis), last: null };
    known.set(model, facts);
  }
  return facts;
}

function structureOf(
  model: OnnxModel,
  weights: readonly Weight[],
  recipe: Recipe,
  cutDims: CutDims,
  { analysis, removable }: Known,
): PlannedStructure {
  const { cuts, notCut } = chooseCuts(recipe, removable, weights, cutDims);
  if (cuts.length === 0) return { structure: null, notCut };
  const widths = newWidths(cuts, removable);
  const tensors = cutTensors(model, cuts, widths, removable);
  const { unique } = new FreshNames(model);
  const file = model.files.length;
  const { graph, edit } = reshapeGraph(model.graph, analysis, widths, tensors, file, unique);
  const wrong = misfit(analysis, analyze(graph, model.opsets.get('') ?? 1), widths);
  if (wrong !== null) {
    const reason = `The shapes would not fit at ${wrong}: nothing is removed`;
    return {
      structure: null,
      notCut: [...new Set(cuts.map(({ stepIndex }) => stepIndex))].map((stepIndex) => ({
        stepIndex,
        reason,
      })),
    };
  }
  const reshaped: OnnxModel = { ...model, graph };
  const structure = { cuts, tensors, model: reshaped, weights: findWeights(reshaped), edit };
  return { structure, notCut };
}

function newWidths(cuts: readonly PlannedCut[], { widths }: Removable): NewWidths {
  const made = new Map<number, number>();
  for (const { group, kept } of cuts) {
    const removed = group.units.length - kept;
    for (const [tied, indices] of group.units[0] ?? []) {
      const before = made.get(tied) ?? widths.get(tied) ?? 0;
      made.set(tied, before - removed * indices.length);
    }
  }
  return made;
}

function cutTensors(
  model: OnnxModel,
  cuts: readonly PlannedCut[],
  widths: NewWidths,
  { tensors }: Removable,
): ReadonlyMap<string, CutTensor> {
  const axes = new Map<string, { axis: number; tied: number }[]>();
  for (const tied of widths.keys()) {
    for (const { tensor, axis } of tensors.get(tied) ?? []) {
      const own = axes.get(tensor) ?? [];
      own.push({ axis, tied });
      axes.set(tensor, own);
    }
  }
  for (const { group, spec } of cuts) {
    for (const taker of spec.reconstruct ? group.takers : []) {
      const bias = biasOf(model.graph, taker);
      if (bias !== null && !axes.has(bias)) axes.set(bias, []);
    }
  }
  const steps = stepsByTensor(cuts, axes);
  return new Map(
    [...axes].map(([name, own]) => {
      const tensor = model.graph.tensors.get(name);
      assert(tensor, `the graph has a tensor ${name}`);
      const dims = tensor.dims.map((dim, at) => {
        const cut = own.find(({ axis }) => axis === at);
        return cut ? (widths.get(cut.tied) ?? dim) : dim;
      });
      const spec = { name, key: `cut\n${name}`, dtype: tensor.dtype, dims };
      return [name, { tensor, dims, axes: own, steps: steps.get(name) ?? [], spec }] as const;
    }),
  );
}

function stepsByTensor(
  cuts: readonly PlannedCut[],
  axes: ReadonlyMap<string, readonly { readonly tied: number }[]>,
): ReadonlyMap<string, readonly number[]> {
  return new Map(
    [...axes].map(([name, own]) => {
      const steps = cuts.flatMap(({ group, stepIndex }) =>
        own.some(({ tied }) => group.units[0]?.has(tied)) ? [stepIndex] : [],
      );
      return [name, [...new Set(steps)].sort((a, b) => a - b)];
    }),
  );
}

/** The first value whose shape in the new graph is not what the cuts should give it. */
function misfit(before: Analysis, after: Analysis, widths: NewWidths): string | null {
  const graph = before.graph;
  const names = [...graph.tensors.keys(), ...graph.nodes.flatMap(({ outputs }) => outputs)];
  for (const name of names) {
    const [old, made] = [before.dims(name), after.dims(name)];
    if (!old && !made) continue;
    if (old?.length !== made?.length) return name;
    for (const [axis, extent] of (old ?? []).entries()) {
      const id = before.ties.find(name, axis);
      const expected = (id === null ? undefined : widths.get(id)) ?? numberOf(extent);
      const found = made?.[axis] ? numberOf(made[axis]) : null;
      if (expected !== found) return name;
    }
  }
  return null;
}
