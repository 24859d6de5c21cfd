import { useMediaQuery } from '@mantine/hooks';

/** What the system asks for now; for what is drawn by hand and must be drawn again. */
export const useColourScheme = (): 'light' | 'dark' =>
  useMediaQuery('(prefers-color-scheme: dark)', undefined, { getInitialValueInEffect: false })
    ? 'dark'
    : 'light';
