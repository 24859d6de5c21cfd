import { type DataMapping, type MappingNeed, NO_MAPPING } from '../report/data-mapping.ts';

/** A first answer to what is open, from names that are nearly alike; the person confirms it. */
export function guessMapping(
  needs: readonly MappingNeed[],
  known: DataMapping | null,
): DataMapping {
  return needs.reduce(guessNeed, known ?? NO_MAPPING);
}

function guessNeed(mapping: DataMapping, need: MappingNeed): DataMapping {
  switch (need.kind) {
    case 'columns': {
      const [only] = need.columns;
      const text = need.columns.length === 1 ? only : mapping.columns.text;
      return { ...mapping, columns: { ...(text !== undefined && { text }), ...mapping.columns } };
    }
    case 'labels': {
      const guessed = need.values.flatMap(({ value }) => {
        const index = need.classes.findIndex((name) => nearlyAlike(name, value));
        return index < 0 ? [] : [[value, index] as const];
      });
      return { ...mapping, labels: { ...Object.fromEntries(guessed), ...mapping.labels } };
    }
    case 'inputs': {
      const guessed = need.inputs.flatMap(({ name, type }) => {
        const alike = need.arrays.filter((array) => array.type === type);
        const [first] = alike.length === 1 ? alike : need.arrays;
        const clear = alike.length === 1 || need.arrays.length === 1;
        return first && clear ? [[name, first.name] as const] : [];
      });
      return { ...mapping, inputs: { ...Object.fromEntries(guessed), ...mapping.inputs } };
    }
    case 'output': {
      const [first] = need.outputs;
      return { ...mapping, output: mapping.output ?? first?.name ?? null };
    }
  }
}

/** "pos" and "POSITIVE", "contra-diction" and "Contradiction". */
function nearlyAlike(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, ''));
  return !!x && !!y && (x.startsWith(y) || y.startsWith(x));
}
