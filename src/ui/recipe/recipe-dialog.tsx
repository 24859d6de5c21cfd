import { useState } from 'react';
import type { NumberOption } from '../../catalog/technique.ts';
import { recipeToJson } from '../../recipe/recipe-json.ts';
import { setSeed } from '../../state/edit-recipe.ts';
import { Dialog } from '../dialog.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { NumberField } from './number-field.tsx';

const SEED: NumberOption = {
  kind: 'number',
  key: 'seed',
  label: 'Seed',
  help: 'What random numbers begin with. The same recipe and seed give the same file on one device.',
  level: 'advanced',
  min: 0,
  max: 2 ** 32 - 1,
  step: 1,
  integer: true,
  display: 'plain',
  default: 1,
};

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** The recipe as the file that people share, to read and to copy. */
export function RecipeDialog({ opened, onClose }: Props) {
  return (
    <Dialog name="Recipe as JSON" className="keys recipe-json" opened={opened} onClose={onClose}>
      {opened && <Content onClose={onClose} />}
    </Dialog>
  );
}

function Content({ onClose }: Pick<Props, 'onClose'>) {
  const studio = useStudio();
  const recipe = useSession((session) => session.recipe);
  const [copied, setCopied] = useState<string | null>(null);
  const json = recipeToJson(recipe);
  const copy = async () => {
    try {
      await studio.effects.copy(json);
      setCopied('Copied');
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      setCopied('The browser did not let it be copied');
    }
  };
  return (
    <>
      <div className="row between">
        <h2 className="b">Recipe as JSON</h2>
        <span className="row">
          <span className="s12 t3" role="status">
            {copied}
          </span>
          <button type="button" className="btn" onClick={() => void copy()}>
            Copy
          </button>
          <button type="button" className="btn" onClick={onClose}>
            Close
          </button>
        </span>
      </div>
      <div className="row pick" title={SEED.help}>
        <span className="label">{SEED.label}</span>
        <NumberField
          spec={SEED}
          value={recipe.seed}
          stepName="recipe"
          onChange={(seed) => {
            setSeed(studio, seed);
            setCopied(null);
          }}
        />
        <span className="t3">{SEED.help}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
      <section className="json" tabIndex={0} aria-label="Steps as JSON">
        <pre>
          <code>{json}</code>
        </pre>
      </section>
    </>
  );
}
