import { formatCount } from '../../report/format.ts';
import type { ModelSummary } from '../../report/model-summary.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface FactSection {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** What a file says of its graph, in the order in which people ask. */
export function factSections(model: ModelSummary): readonly FactSection[] {
  const { irVersion, producer, opsets, inputs, outputs, operators, metadata } = model;
  const values = (list: ModelSummary['inputs']) =>
    list.map(({ name, type }) => ({ name, value: type }));
  return [
    { title: 'Inputs', facts: values(inputs) },
    { title: 'Outputs', facts: values(outputs) },
    {
      title: 'Operators',
      facts: operators.map(({ op, count }) => ({ name: op, value: formatCount(count) })),
    },
    {
      title: 'File',
      facts: [
        ...opsets.map(({ domain, version }) => ({
          name: `Opset of ${domain === '' ? 'ai.onnx' : domain}`,
          value: String(version),
        })),
        { name: 'IR version', value: String(irVersion) },
        { name: 'Producer', value: producer === '' ? 'not stated' : producer },
        ...metadata.map(({ key, value }) => ({ name: key, value })),
      ],
    },
  ].filter(({ facts }) => facts.length > 0);
}

/** Facts that hold every word of `search`, in their sections. */
export function matchingFacts(
  sections: readonly FactSection[],
  search: string,
): readonly FactSection[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return sections;
  return sections.flatMap(({ title, facts }) => {
    const found = facts.filter(({ name, value }) => {
      const text = `${title} ${name} ${value}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    return found.length > 0 ? [{ title, facts: found }] : [];
  });
}
