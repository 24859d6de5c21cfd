import { lazy, Suspense, useCallback, useState } from 'react';
import { useFilePicker } from './file-picker.tsx';
import { HandOverDialog } from './hand-out/hand-over-dialog.tsx';
import { Header } from './header.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { MappingDialog } from './mapping/mapping-dialog.tsx';
import { StartScreen } from './start/start-screen.tsx';
import { StatusLine } from './status-line.tsx';
import { useApp, useStudio } from './studio-context.tsx';
import { useTabTitle } from './tab-title.ts';
import { useKeys } from './use-keys.ts';
import { useWindowDrop } from './use-window-drop.ts';

/** Charts and tables load with the first model. */
const Workbench = lazy(() =>
  import('./workbench.tsx').then((module) => ({ default: module.Workbench })),
);

const SharedBench = lazy(() =>
  import('./shared/shared-bench.tsx').then((module) => ({ default: module.SharedBench })),
);

export function Shell() {
  const studio = useStudio();
  const isOpen = useApp((state) => state.session !== null);
  const isShared = useApp((state) => state.shared !== null);
  const { openModel } = useFilePicker();
  const [keysShown, setKeysShown] = useState(false);
  const [letters, setLetters] = useState(true);
  const showKeys = useCallback(() => setKeysShown(true), []);
  useKeys(studio, { letters, openModel, showKeys });
  useTabTitle();
  const dropping = useWindowDrop();
  return (
    <div className={isOpen || isShared ? 'app bench-app' : 'app'}>
      <Header />
      {isOpen || isShared ? (
        <Suspense fallback={<main className="bench to-come" aria-busy="true" />}>
          {isShared ? <SharedBench /> : <Workbench />}
        </Suspense>
      ) : (
        <StartScreen />
      )}
      <StatusLine onKeys={showKeys} />
      {dropping && <div className="veil">Drop to open</div>}
      <HandOverDialog />
      <MappingDialog />
      <KeysDialog
        opened={keysShown}
        onClose={() => setKeysShown(false)}
        letters={letters}
        onLetters={setLetters}
      />
    </div>
  );
}
