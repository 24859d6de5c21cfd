export interface PaneSizes {
  readonly model: number;
  readonly recipe: number;
}

const KEY = 'whittle-panes';

/** Widths of the panes in pixels as they were left; null if none are kept or storage is closed. */
export function recallSizes(): PaneSizes | null {
  const kept = guarded(() => localStorage.getItem(KEY));
  const [model, recipe] = (kept ?? '').split(',').map(Number);
  return isWidth(model) && isWidth(recipe) ? { model, recipe } : null;
}

export function rememberSizes({ model, recipe }: PaneSizes): void {
  guarded(() => localStorage.setItem(KEY, `${Math.round(model)},${Math.round(recipe)}`));
}

const isWidth = (value: number | undefined): value is number =>
  value !== undefined && value >= 300 && value <= 900;

/** Storage that the person has closed throws: the page then starts with its own sizes. */
function guarded<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
