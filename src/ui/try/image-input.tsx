import { type ChangeEvent, type DragEvent, useId, useState } from 'react';
import type { MadeInput, SeenImage, TrialForm } from '../../report/trial.ts';
import { clearInput, giveInput } from '../../state/try.ts';
import { holdsImages } from '../dropped-files.ts';
import { Segmented } from '../segmented.tsx';
import { useSession, useStudio } from '../studio-context.tsx';
import { DrawingPad } from './drawing-pad.tsx';
import { blankGrid, type Grid, padSize } from './pad-grid.ts';

type ImageForm = Extract<TrialForm, { kind: 'image' }>;
type Tool = 'draw' | 'erase';

/** A pad to draw on, which also takes an image file and shows what the model sees of it. */
export function ImageInput({ form }: { form: ImageForm }) {
  const studio = useStudio();
  const [tool, setTool] = useState<Tool>('draw');
  const [over, setOver] = useState(false);
  const input = useSession(({ trying }) => trying.input);
  const seen = useSession(({ trying }) =>
    trying.answers?.input === trying.input ? (trying.answers?.words?.image ?? null) : null,
  );
  const fileId = useId();
  const paper = form.lightInk ? 0 : 255;
  const blank = blankGrid(padSize(form.width, form.height), paper);
  const give = (file: File | undefined) => {
    if (file) giveInput(studio, { kind: 'image', path: file.name, blob: file });
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (holdsImages(event.dataTransfer)) give(event.dataTransfer.files[0]);
  };
  return (
    <div className="image-input">
      <fieldset
        className={over ? 'pad-box over' : 'pad-box'}
        aria-label="Image"
        data-takes-images
        onDragOver={(event) => {
          event.preventDefault();
          setOver(holdsImages(event.dataTransfer));
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <DrawingPad
          shown={shownOn(input, seen, blank)}
          current={() => gridOf(studio.store.getState().session?.trying.input ?? null, seen, blank)}
          level={tool === 'draw' ? 255 - paper : paper}
          onChange={(grid) => giveInput(studio, { kind: 'drawing', ...grid })}
        />
      </fieldset>
      <div className="pad-tools">
        <Segmented<Tool>
          name="Pen"
          small
          value={tool}
          choices={[
            { value: 'draw', label: 'Draw' },
            { value: 'erase', label: 'Erase' },
          ]}
          onChange={setTool}
        />
        <button type="button" className="btn quiet" onClick={() => clearInput(studio)}>
          Clear
        </button>
        <label className="btn" htmlFor={fileId}>
          Choose image
        </label>
        <span className="s11 t3">or drop one on the pad</span>
        <input
          id={fileId}
          className="hidden-name"
          type="file"
          accept="image/png,image/jpeg,image/webp"
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            give(event.currentTarget.files?.[0]);
            event.currentTarget.value = ''; // the same file may be chosen again
          }}
        />
      </div>
      <p className="s11 t3">
        {seen && input?.kind === 'image' && <bdi>{input.path} as the model sees it: </bdi>}
        {form.words}
      </p>
    </div>
  );
}

/** A drawing as it is drawn; of a file or a row what the model sees. */
function shownOn(input: MadeInput | null, seen: SeenImage | null, blank: Grid): SeenImage {
  if (input?.kind === 'drawing') return { ...input, channels: 1 };
  return seen ?? { ...blank, channels: 1 };
}

/** What is drawn on: what is there, if its cells are the pad's. */
function gridOf(input: MadeInput | null, seen: SeenImage | null, blank: Grid): Grid {
  if (input?.kind === 'drawing') return input;
  const fits = seen?.width === blank.width && seen.height === blank.height && seen.channels === 1;
  return input !== null && seen && fits ? seen : blank;
}
