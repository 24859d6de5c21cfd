import { useId, useMemo, useRef, useState } from 'react';
import { TECHNIQUES } from '../../catalog/techniques.ts';
import { ownWeights } from '../../recipe/overrides.ts';
import type { Selector, Step } from '../../recipe/recipe.ts';
import { formatCount } from '../../report/format.ts';
import { setSelection } from '../../state/edit-recipe.ts';
import { actedOn } from '../../state/override-weights.ts';
import { useSession, useStudio } from '../studio-context.tsx';
import { Field, FieldLabel } from './field.tsx';
import { NamePattern } from './name-pattern.tsx';
import { stepPlan } from './step-plan.ts';
import {
  changedWhere,
  namedWords,
  operatorChoices,
  operatorsOf,
  whereWords,
} from './where-words.ts';

const BY_NAME = 'by name…';
const WHICH =
  'By the operator that uses them: MatMul and Gemm multiply (dense layers, attention), Gather looks rows up (embeddings), Conv slides over images and signals.';

/** Of several weights "*layer.0.*" says more than their count; a name or a list of them does not. */
const saysMore = (pattern: string, own: readonly unknown[] | null): boolean =>
  own !== null && own.length > 1 && !pattern.startsWith('re:');

/** Which weights a step takes, and how many that are. */
export function SelectionPicker({ step, index }: { step: Step; index: number }) {
  const studio = useStudio();
  const id = useId();
  const [naming, setNaming] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const target = useSession(({ recipe }) => recipe.target);
  const count = useSession((session) => stepPlan(session, index)?.weightCount ?? null);
  const isPlanning = useSession(({ planning }) => planning.status === 'planning');
  const weights = useSession(({ model }) => model.weights);
  const present = useMemo(() => operatorsOf(weights), [weights]);
  const { where } = step;
  const choices = operatorChoices(TECHNIQUES[step.technique], target, present, where?.op);
  const change = (fields: { readonly [K in keyof Selector]: Selector[K] | undefined }) =>
    setSelection(studio, index, changedWhere(where, fields));
  const own = useMemo(() => ownWeights(step, actedOn(weights)), [step, weights]);
  const alone = naming || own === null ? null : namedWords(own);
  const named =
    naming || (where?.name !== undefined && (alone === null || saysMore(where.name, own)));
  return (
    <>
      <Field help={WHICH} shape="row pick">
        <label htmlFor={id}>
          <FieldLabel help={WHICH}>Weights</FieldLabel>
        </label>
        <select
          id={id}
          className="select grow"
          aria-label={`Weights, step ${index + 1}`}
          aria-description={WHICH}
          value={alone ?? choices[0]?.label}
          title={alone === null ? undefined : own?.map(({ label }) => label).join('\n')}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            const choice = choices.find(({ label }) => label === chosen);
            if (choice) change({ op: choice.op, ...(alone !== null && { name: undefined }) });
            if (chosen !== BY_NAME) return;
            setNaming(true);
            setTimeout(() => field.current?.focus());
          }}
        >
          {alone !== null && <option>{alone}</option>}
          {choices.map(({ label }) => (
            <option key={label}>{label}</option>
          ))}
          {!named && <option>{BY_NAME}</option>}
        </select>
        <span className="num t3">
          {count === null
            ? isPlanning && 'counting…'
            : `${formatCount(count)} of ${formatCount(weights.length)}`}
        </span>
      </Field>
      {named && (
        <NamePattern
          field={field}
          pattern={where?.name}
          label={`Name pattern, step ${index + 1}`}
          onChange={(name) => change({ name })}
          onClose={() => {
            setNaming(false);
            change({ name: undefined });
          }}
        />
      )}
      {where?.not && <p className="s11 t2">Except: {whereWords(where.not)}</p>}
    </>
  );
}
