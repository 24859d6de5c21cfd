import { useMediaQuery } from '@mantine/hooks';

/** Whether the panels lie one under the other; the style sheets draw the line at the same width. */
export const useStacked = (): boolean =>
  useMediaQuery('(max-width: 899px)', undefined, { getInitialValueInEffect: false });
