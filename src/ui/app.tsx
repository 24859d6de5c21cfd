import { MantineProvider } from '@mantine/core';
import type { Studio } from '../state/store.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { FilePicker } from './file-picker.tsx';
import { Shell } from './shell.tsx';
import { StudioProvider } from './studio-context.tsx';
import { theme } from './theme.ts';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Tooltip.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/controls.css';
import './styles/tables.css';
import './styles/start.css';

/**
 * The whole page. Mantine adds no <style> elements here: the tokens are plain CSS and neither
 * responsive style props nor AppShell are used, so the security policy needs no nonce.
 */
export function App({ studio }: { studio: Studio }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <StudioProvider value={studio}>
        <ErrorBoundary>
          <FilePicker>
            <Shell />
          </FilePicker>
        </ErrorBoundary>
      </StudioProvider>
    </MantineProvider>
  );
}
