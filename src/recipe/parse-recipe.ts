/** Recipes from files and links: strict, so that a recipe means one thing wherever it is read. */
import { isTargetId, TARGETS } from '../catalog/targets.ts';
import type { NumberOption, OptionSpec, OptionValue } from '../catalog/technique.ts';
import { isTechniqueId, TECHNIQUES, type TechniqueId } from '../catalog/techniques.ts';
import { parseJson } from '../core/json-syntax.ts';
import { compilePattern } from '../core/linear-pattern.ts';
import { StudioError } from '../core/studio-error.ts';
import {
  join,
  listed,
  readInteger,
  readList,
  readObject,
  readText,
  refuse,
  show,
} from './json-reader.ts';
import type { Recipe, Selector, Step } from './recipe.ts';
import { firstOutOfOrder, REGEX_PREFIX } from './select.ts';

const MAX_TEXT_LENGTH = 256 * 1024;
export const MAX_STEPS = 1000;
export const MAX_NAME_LENGTH = 200;
export const MAX_SELECTOR_LENGTH = 500;
const MAX_OPERATORS = 64;
const MAX_OPERATOR_LENGTH = 100;
const MAX_NOT_DEPTH = 4;
const MAX_SEED = 2 ** 32 - 1;

/**
 * - `text` — JSON, at most 256 KB
 * @throws bad-recipe naming line and column, or as `parseRecipe`
 */
export function parseRecipeText(text: string): Recipe {
  if (text.length > MAX_TEXT_LENGTH) {
    const length = Math.ceil(text.length / 1024);
    refuse('', `has ${length} KB. At most 256 KB are read; is this another file?`);
  }
  return parseRecipe(parseJson(text, 'The recipe', 'bad-recipe'));
}

/**
 * - `json` — the value of a recipe file; options that are not given stay so
 * @throws bad-recipe naming the JSON path and the allowed values
 */
export function parseRecipe(json: unknown): Recipe {
  const keys = ['format', 'version', 'name', 'target', 'seed', 'steps'];
  requireFormat(json);
  const { name, target, seed, steps: list } = readObject(json, '', keys);
  const steps = readList(list, 'steps', 0, MAX_STEPS).map(readStep);
  requireOrder(steps);
  return {
    format: 'whittle-recipe',
    version: 1,
    name: readText(name, 'name', MAX_NAME_LENGTH),
    target: readTarget(target),
    seed: readInteger(seed, 'seed', MAX_SEED),
    steps,
  };
}

/** Before anything else: a file of another kind or version is not blamed for its other keys. */
function requireFormat(json: unknown): void {
  if (typeof json !== 'object' || json === null) refuse('', `is ${show(json)}, not an object.`);
  const { format, version } = json as Readonly<Record<string, unknown>>;
  if (format !== 'whittle-recipe') {
    refuse('format', `is ${show(format)}. Allowed: "whittle-recipe"; is this another file?`);
  }
  if (typeof version === 'number' && version > 1) {
    refuse('version', `is ${version}, from a newer Whittle. This one reads version 1: reload it.`);
  }
  if (version !== 1) refuse('version', `is ${show(version)}. Allowed: 1.`);
}

function readTarget(value: unknown): Recipe['target'] {
  if (typeof value === 'string' && isTargetId(value)) return value;
  return refuse('target', `is ${show(value)}. Allowed: ${listed(Object.keys(TARGETS))}.`);
}

function readStep(value: unknown, index: number): Step {
  const path = `steps[${index}]`;
  const keys = ['technique', 'where', 'enabled', 'options'];
  const { technique, where, enabled, options: given } = readObject(value, path, keys);
  if (typeof technique !== 'string' || !isTechniqueId(technique)) {
    const known = listed(Object.keys(TECHNIQUES));
    refuse(`${path}.technique`, `is ${show(technique)}. Allowed in this version: ${known}.`);
  }
  const options = readOptions(technique, given, `${path}.options`);
  return {
    technique,
    ...(where !== undefined && { where: readSelector(where, `${path}.where`, 0) }),
    ...(enabled !== undefined && { enabled: readToggle(enabled, `${path}.enabled`) }),
    options,
  };
}

function readOptions(technique: TechniqueId, value: unknown, path: string): Step['options'] {
  const specs = TECHNIQUES[technique].options;
  const keys = specs.map(({ key }) => key);
  const given = readObject(value === undefined ? {} : value, path, keys);
  const entries = Object.entries(given).flatMap(([key, option]) =>
    specs
      .filter((spec) => spec.key === key)
      .map((spec) => [key, readOption(spec, option, join(path, key))] as const),
  );
  return Object.fromEntries(entries);
}

function readOption(spec: OptionSpec, value: unknown, path: string): OptionValue {
  if (spec.kind === 'toggle') return readToggle(value, path);
  if (spec.kind === 'number') return readNumber(spec, value, path);
  const choice = spec.choices.find((candidate) => candidate.value === value);
  if (choice) return choice.value;
  return refuse(path, `is ${show(value)}. Allowed: ${spec.choices.map(showChoice).join(', ')}.`);
}

function readToggle(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  return refuse(path, `is ${show(value)}. Allowed: true, false.`);
}

function readNumber({ integer, min, max }: NumberOption, value: unknown, path: string): number {
  const isNumber = typeof value === 'number' && (!integer || Number.isInteger(value));
  if (isNumber && value >= min && value <= max && !Object.is(value, -0)) return value;
  const kind = integer ? 'an integer' : 'a number';
  return refuse(path, `is ${show(value)}. Allowed: ${kind} from ${min} to ${max}.`);
}

const showChoice = (choice: { readonly value: OptionValue }): string => show(choice.value);

function readSelector(value: unknown, path: string, depth: number): Selector {
  if (depth > MAX_NOT_DEPTH) refuse(path, `nests "not" over ${MAX_NOT_DEPTH} deep.`);
  const selector = readObject(value, path, ['op', 'name', 'minElements', 'not']);
  const { op, name, minElements, not } = selector;
  return {
    ...(op !== undefined && { op: readOperators(op, `${path}.op`) }),
    ...(name !== undefined && { name: readName(name, `${path}.name`) }),
    ...(minElements !== undefined && {
      minElements: readInteger(minElements, `${path}.minElements`, Number.MAX_SAFE_INTEGER),
    }),
    ...(not !== undefined && { not: readSelector(not, `${path}.not`, depth + 1) }),
  };
}

function readOperators(value: unknown, path: string): string | readonly string[] {
  if (!Array.isArray(value)) return readText(value, path, MAX_OPERATOR_LENGTH);
  return readList(value, path, 1, MAX_OPERATORS).map((op, index) =>
    readText(op, `${path}[${index}]`, MAX_OPERATOR_LENGTH),
  );
}

function readName(value: unknown, path: string): string {
  const name = readText(value, path, MAX_SELECTOR_LENGTH);
  if (!name.startsWith(REGEX_PREFIX)) return name;
  try {
    compilePattern(name.slice(REGEX_PREFIX.length));
  } catch (error) {
    if (error instanceof StudioError) {
      const message = `${path} is refused. ${error.message}`;
      throw new StudioError('bad-recipe', message, { cause: error, detail: { path } });
    }
    throw error;
  }
  return name;
}

function requireOrder(steps: readonly Step[]): void {
  const families = steps.map(({ technique }) => TECHNIQUES[technique].family);
  const index = firstOutOfOrder(families);
  if (index === null) return;
  const path = `steps[${index}].technique`;
  refuse(
    path,
    `is of family ${families[index]}, which acts before ${families[index - 1]}: move it up.`,
  );
}
