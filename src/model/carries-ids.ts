/** Operators whose output holds the same ids as their first input. */
export const CARRIES_IDS: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'Reshape', 'Unsqueeze', 'Squeeze', 'Flatten'],
]);
