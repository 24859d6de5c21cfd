/** Small texts in the browser's local storage, which a person may have closed. */

export const recall = (key: string): string | null => guarded(() => localStorage.getItem(key));

export function remember(key: string, text: string | null): void {
  guarded(() => (text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text)));
}

function guarded<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
