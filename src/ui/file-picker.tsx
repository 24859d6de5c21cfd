import { createContext, type ReactNode, useCallback, useContext, useRef } from 'react';
import { assert } from '../core/assert.ts';
import { openFiles } from '../state/open-model.ts';
import { filesOfInput } from './dropped-files.ts';
import { useStudio } from './studio-context.tsx';

interface Picker {
  readonly openModel: () => void;
  readonly openFolder: () => void;
  /** The two inputs; the header holds them on every screen. */
  readonly inputs: ReactNode;
}

const PickerContext = createContext<Picker | null>(null);

export function useFilePicker(): Picker {
  const picker = useContext(PickerContext);
  assert(picker, 'components render inside a FilePicker');
  return picker;
}

/** Gives every screen the two file inputs and the functions that press them. */
export function FilePicker({ children }: { children: ReactNode }) {
  const studio = useStudio();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    if (input.files) void openFiles(studio, filesOfInput(input.files));
    input.value = ''; // so that the same file can be chosen again
  };
  const input = {
    type: 'file',
    multiple: true,
    className: 'hidden-name',
    tabIndex: -1,
    onChange: (event: { currentTarget: HTMLInputElement }) => take(event.currentTarget),
  } as const;
  const inputs = (
    <>
      <input ref={files} {...input} aria-label="Open model" />
      <input
        ref={(element) => {
          folder.current = element;
          element?.setAttribute('webkitdirectory', '');
        }}
        {...input}
        aria-label="Open folder"
      />
    </>
  );
  const openModel = useCallback(() => files.current?.click(), []);
  const openFolder = useCallback(() => folder.current?.click(), []);
  return <PickerContext value={{ openModel, openFolder, inputs }}>{children}</PickerContext>;
}
