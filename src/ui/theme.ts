import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The accent from its softest to its strongest shade; 7 is light mode's, 3 dark mode's. */
const accent: MantineColorsTuple = [
  '#e9edfc',
  '#d3dbfa',
  '#b9c5f5',
  '#93a9ff',
  '#6f89ea',
  '#4f6bdd',
  '#3a57d2',
  '#2747c7',
  '#1d39a8',
  '#162c85',
];

export const theme = createTheme({
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  defaultRadius: 4,
  respectReducedMotion: true,
});
