/** Small texts in the browser's storage for texts, which a person may have closed. */

export const recall = (key: string): string | null => guarded(() => localStorage.getItem(key));

export function remember(key: string, text: string | null): void {
  guarded(() => (text === null ? localStorage.removeItem(key) : localStorage.setItem(key, text)));
}

/** True the first time in this tab; never where nothing can be kept. */
export const firstInTab = (key: string): boolean =>
  guarded(() => {
    const isFirst = sessionStorage.getItem(key) === null;
    sessionStorage.setItem(key, 'yes');
    return isFirst;
  }) ?? false;

/** Forgets every text whose key begins like that. */
export function forget(prefix: string): void {
  guarded(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix)) localStorage.removeItem(key);
    }
  });
}

function guarded<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}
