/** What the recipe says of a weight alone: a step of its own, or an exception of all steps. */
export type RowMark = 'own' | 'alone' | null;
