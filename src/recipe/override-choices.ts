/** What weights can be given in place of the recipe's general steps, drawn from the catalog. */
import { quantizerOf, type StoredPlace } from '../catalog/quantizers.ts';
import { stepPhrase } from '../catalog/show-option.ts';
import type { TargetId } from '../catalog/targets.ts';
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
  /** Why none of the weights can be stored so for the target; null if some can. */
  readonly obstacle: string | null;
}

/** Where the weights stand, as far as a name and a shape tell it, and what they are stored for. */
export interface OverridePlaces {
  readonly places: readonly StoredPlace[];
  readonly target: TargetId;
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
 * A block size that no kernel of the target has there is replaced by the one that it takes.
 * - `now` — the steps that take the weights, where one takes them all
 * - `where` — null: nothing is known of where the weights stand
 */
export function overrideChoices(
  operators: ReadonlySet<string>,
  now: readonly Step[],
  where: OverridePlaces | null = null,
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
          asked.map((own) => choiceOf(id, own, current, where)),
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
  where: OverridePlaces | null,
): OverrideChoice {
  const own = { technique, options };
  const { fitted, obstacle } = inKernels(own, where);
  const [asked, fits, now] = [own, fitted, current].map(
    (step) => step && JSON.stringify(resolveOptions(step)),
  );
  return {
    ...fitted,
    phrase: stepPhrase(TECHNIQUES[technique], resolveOptions(fitted)),
    isCurrent: asked === now || fits === now,
    obstacle,
  };
}

/** The block size that the table of encodings gives in all of the places, in place of the asked one. */
function inKernels(
  own: Override,
  where: OverridePlaces | null,
): { fitted: Override; obstacle: string | null } {
  const { family } = TECHNIQUES[own.technique];
  if (!where || where.places.length === 0 || (family !== 'quantize' && family !== 'share')) {
    return { fitted: own, obstacle: null };
  }
  const options = resolveOptions(own);
  const decisions = where.places.map((place) =>
    quantizerOf(own.technique).encoding(options, place, where.target),
  );
  const choices = decisions.flatMap((it) => ('choice' in it ? [it.choice] : []));
  if (choices.length === 0) {
    const [refused] = decisions.flatMap((it) => ('refused' in it ? [it.refused] : []));
    return { fitted: own, obstacle: refused ?? null };
  }
  const sizes = new Set(
    choices.map((it) => (it.kind === 'quantized' ? it.blockSize : options['blockSize'])),
  );
  const [size] = sizes;
  const { blockSize } = options;
  const isOffered = TECHNIQUES[own.technique].options.some(
    (spec) =>
      spec.key === 'blockSize' &&
      spec.kind === 'choice' &&
      spec.choices.some(({ value }) => value === size),
  );
  if (size === undefined || sizes.size > 1 || size === blockSize || !isOffered) {
    return { fitted: own, obstacle: null };
  }
  return {
    fitted: { ...own, options: withValue(own.options, 'blockSize', size) },
    obstacle: null,
  };
}
