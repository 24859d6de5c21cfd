import { Splitter } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type PaneSizes, recallSizes, rememberSizes } from './remembered-sizes.ts';

interface Props {
  readonly model: ReactNode | null;
  readonly recipe: ReactNode;
  readonly results: ReactNode;
}

const DEFAULT: PaneSizes = { model: 400, recipe: 392 };

/** Panes that are dragged at their borders; Results takes the rest. */
export function Panes({ model, recipe, results }: Props) {
  const [start] = useState(() => recallSizes() ?? DEFAULT);
  return (
    <Splitter
      className="panes"
      classNames={{ pane: 'pane', handle: 'pane-handle' }}
      lineSize={1}
      step="16px"
      withHandle={false}
      attributes={{ handle: { 'aria-label': 'Border of the panes: arrow keys move it' } }}
      onResizeEnd={(_, sizes) => {
        const pixels = sizes.map((size) => Number.parseFloat(String(size)));
        const [first = DEFAULT.model, second = DEFAULT.recipe] = pixels;
        rememberSizes(model ? { model: first, recipe: second } : { ...start, recipe: first });
      }}
    >
      {model && (
        <Splitter.Pane defaultSize={`${start.model}px`} min="320px">
          {model}
        </Splitter.Pane>
      )}
      <Splitter.Pane defaultSize={`${start.recipe}px`} min="332px">
        {recipe}
      </Splitter.Pane>
      <Splitter.Pane defaultSize="100%" min="480px">
        {results}
      </Splitter.Pane>
    </Splitter>
  );
}
