/** What weights can be given in place of the recipe's general steps, drawn from the catalog. */
import { stepPhrase } from '../catalog/show-option.ts';
import type { Family, OptionValue } from '../catalog/technique.ts';
import { TECHNIQUES, type TechniqueId } from '../catalog/techniques.ts';
import { resolveOptions } from './options.ts';
import type { Override } from './overrides.ts';
import type { Step } from './recipe.ts';

export interface OverrideChoice extends Override {
  /** "int8 block 32". */
  readonly phrase: string;
  /** This is what the step that takes the weights now does. */
  readonly isCurrent: boolean;
}

export interface OverrideGroup {
  readonly family: Family;
  readonly technique: TechniqueId;
  readonly label: string;
  readonly choices: readonly OverrideChoice[];
}

/**
 * For each technique that can act on some of these operators, what it may be asked for: a choice for
 * each value of its first main option. The rest of the options is as in the step of `now` with the
 * same technique, else the catalog's default.
 * - `now` — the steps that take the weights, where one takes them all
 */
export function overrideChoices(
  operators: ReadonlySet<string>,
  now: readonly Step[],
): readonly OverrideGroup[] {
  return (Object.keys(TECHNIQUES) as TechniqueId[])
    .filter((id) => isOfOneWeight(id) && TECHNIQUES[id].operators.some((op) => operators.has(op)))
    .map((id): OverrideGroup => {
      const { family, label, options } = TECHNIQUES[id];
      const current = now.find(({ technique }) => technique === id);
      const base = current?.options ?? {};
      const [first] = options.filter(({ level }) => level === 'main');
      const values = first?.kind === 'choice' ? first.choices : [];
      const asked =
        values.length === 0
          ? [base]
          : values.map(({ value }) => withValue(base, first?.key ?? '', value));
      return {
        family,
        technique: id,
        label,
        choices: toldApart(
          asked.map((own) => choiceOf(id, own, current)),
          values.map((value) => value.label),
        ),
      };
    });
}

/** A phrase need not speak of the first option: then the choice's own words do. */
const toldApart = (choices: readonly OverrideChoice[], labels: readonly string[]) =>
  new Set(choices.map(({ phrase }) => phrase)).size === choices.length
    ? choices
    : choices.map((it, at) => ({ ...it, phrase: `${it.phrase}, ${labels[at] ?? ''}` }));

/** What changes shapes acts on all that are tied together. */
const isOfOneWeight = (id: TechniqueId): boolean => TECHNIQUES[id].family !== 'reshape';

const withValue = (options: Step['options'], key: string, value: OptionValue) => ({
  ...options,
  [key]: value,
});

function choiceOf(
  technique: TechniqueId,
  options: Step['options'],
  current: Step | undefined,
): OverrideChoice {
  const own = { technique, options };
  const [asked, now] = [own, current].map((step) => step && JSON.stringify(resolveOptions(step)));
  return {
    ...own,
    phrase: stepPhrase(TECHNIQUES[technique], resolveOptions(own)),
    isCurrent: asked === now,
  };
}
