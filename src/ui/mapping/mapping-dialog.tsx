import { useEffect, useId, useRef, useState } from 'react';
import { type DataMapping, type MappingNeed, missingFrom } from '../../report/data-mapping.ts';
import { guessMapping } from '../../state/guess-mapping.ts';
import { mapData, mappingObstacle, showMatching } from '../../state/map-data.ts';
import { isMeasured } from '../../state/run.ts';
import { Icon } from '../icon.tsx';
import { useApp, useSession, useStudio } from '../studio-context.tsx';
import { NeedFields } from './need-fields.tsx';

/** Whether and how data is matched by hand; a model's data stays usable without. */
export function MappingDialog() {
  const matching = useApp(({ session }) => session?.matching ?? false);
  return matching ? <OpenDialog /> : null;
}

function OpenDialog() {
  const studio = useStudio();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      className="mapping"
      aria-labelledby="mapping-title"
      onClose={() => showMatching(studio, false)}
    >
      <Form close={() => dialog.current?.close()} />
    </dialog>
  );
}

/** Labels cannot be matched with classes that nobody knows. */
const isAnswerable = (need: MappingNeed): boolean =>
  need.kind !== 'labels' || need.classes.length > 0;

function Form({ close }: { close: () => void }) {
  const studio = useStudio();
  const id = useId();
  const needs = useSession((session) => session.needs);
  const open = useSession(({ dataset }) => dataset.needsMapping);
  const known = useSession((session) => session.mapping);
  const remapping = useSession((session) => session.remapping);
  const busy = useSession(mappingObstacle);
  const measured = useSession(({ runs }) => runs.some(isMeasured));
  const [{ draft, of }, setDraft] = useState(() => ({
    draft: guessMapping(needs, known),
    of: needs,
  }));
  // Columns once known may show labels that are not: those are guessed when they come.
  if (of !== needs) setDraft({ draft: guessMapping(needs, draft), of: needs });
  const form = useRef<HTMLFormElement>(null);
  const asked = useRef(needs);
  useEffect(() => {
    // What is asked next is where the person goes on, and is read out with its reason.
    const next = needs.findIndex(
      ({ kind, file }) => !asked.current.some((it) => it.kind === kind && it.file === file),
    );
    const group = form.current?.querySelectorAll('fieldset')[next];
    if (asked.current !== needs) group?.querySelector<HTMLElement>('select, input')?.focus();
    asked.current = needs;
  }, [needs]);
  const missing = needs
    .filter(isAnswerable)
    .map((need) => missingFrom(draft, need))
    .find((it) => it !== null);
  const obstacle = busy ?? missing ?? null;
  const change = (fields: Partial<DataMapping>) => setDraft({ draft: { ...draft, ...fields }, of });
  const read = async (mapping: DataMapping | null) => {
    await mapData(studio, mapping);
    const { session } = studio.store.getState();
    const answered =
      session?.remapping.status === 'idle' && session.dataset.needsMapping.length === 0;
    if (answered || mapping === null) close();
  };
  return (
    <form
      ref={form}
      method="dialog"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === null) void read(draft);
      }}
    >
      <div className="row between">
        <h2 id="mapping-title">Match your data</h2>
        <button type="button" className="btn icon" aria-label="Close" onClick={close}>
          <Icon name="x" />
        </button>
      </div>
      <p className="s12 t2">
        Names in your files that are not the model’s. Matched once, kept in this browser.
      </p>
      {needs.map((need, index) => (
        <fieldset key={`${need.kind} ${need.file}`} aria-labelledby={`${id}-${index}`}>
          <p className="s12" id={`${id}-${index}`}>
            {open.includes(need) || known === null ? need.reason : `${need.file}: matched by hand.`}
          </p>
          <NeedFields need={need} draft={draft} onChange={change} />
        </fieldset>
      ))}
      {remapping.status === 'failed' && (
        <p className="s12 bad" role="alert">
          {remapping.failure.message}
        </p>
      )}
      <div className="row actions">
        <button
          type="submit"
          className={obstacle === null ? 'btn primary' : 'btn'}
          aria-disabled={obstacle !== null}
          aria-describedby="mapping-obstacle"
        >
          Use this
        </button>
        <button type="button" className="btn" onClick={close}>
          Not now
        </button>
        <span className="s11 t3 grow" id="mapping-obstacle">
          {obstacle ?? (measured ? 'What was measured on other rows is measured again.' : '')}
        </span>
        {known !== null && (
          <button
            type="button"
            className="btn quiet"
            aria-disabled={busy !== null}
            onClick={() => busy === null && void read(null)}
          >
            Forget
          </button>
        )}
      </div>
    </form>
  );
}
