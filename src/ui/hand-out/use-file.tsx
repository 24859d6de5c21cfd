import { useState } from 'react';
import { snippets } from '../../export/snippets.ts';
import { travelling } from '../../export/usage.ts';
import type { HandOver } from '../../state/shared-view.ts';
import { copiedWords, copySnippet } from '../../state/use-file.ts';
import { Icon } from '../icon.tsx';
import { Segmented } from '../segmented.tsx';
import { useApp, useStudio } from '../studio-context.tsx';

/** Code that loads the file, by the library that loads it. */
export function UseFile({ handOver }: { handOver: Extract<HandOver, { kind: 'use' }> }) {
  const studio = useStudio();
  const all = snippets(handOver.usage);
  const [id, setId] = useState<string>('onnxruntime-web');
  const shown = all.find((it) => it.id === id) ?? all[0];
  const copied = useApp(({ notice }) => shown && notice.text === copiedWords(shown.title));
  if (!shown) return null;
  const { code, needs, notes, template, title } = shown;
  const beside = travelling(handOver.usage);
  return (
    <div className="use-file">
      <p className="s12 t2 any">
        {handOver.usage.files.join(', ')}, {handOver.runName}
      </p>
      {beside.length > 0 && (
        <p className="s12 any">
          Goes with it, unchanged: <b>{beside.join(', ')}</b>. It is not in the download; Export,
          Hugging Face folder has both.
        </p>
      )}
      <Segmented
        name="Library"
        value={shown.id}
        choices={all.map((it) => ({ value: it.id, label: it.title }))}
        onChange={setId}
        fullWidth
      />
      {code !== null && (
        <>
          <p className="s12">
            <code className="mono">{needs}</code>
          </p>
          <figure aria-label={`${title} snippet`}>
            {/* biome-ignore-start lint/a11y: it scrolls sideways, so keys must reach it, by a name */}
            <pre className="json" role="region" aria-label={`Code for ${title}`} tabIndex={0}>
              {code}
            </pre>
            {/* biome-ignore-end lint/a11y: as above */}
          </figure>
          <div>
            <button
              type="button"
              className="btn primary"
              onClick={() => void copySnippet(studio, shown)}
            >
              <Icon name={copied ? 'check' : 'doc'} small />
              {copied ? 'Copied, copy again' : 'Copy code'}
            </button>
          </div>
        </>
      )}
      {template && (
        <figure aria-label={template.name}>
          <figcaption className="s12 b">{template.name}, to complete</figcaption>
          <pre className="json">{template.text}</pre>
        </figure>
      )}
      {notes.map((note) => (
        <div className="note" key={note}>
          <Icon name="info" />
          <span>{note}</span>
        </div>
      ))}
    </div>
  );
}
