/** What a class is called: by the model's own names, else by its number. */
export const className = (names: readonly string[], index: number): string =>
  index < 0 ? 'no answer' : names[index] || `class ${index}`;
