import type { Page } from '@playwright/test';

/**
 * Takes the browser's own file dialog out of the way for the whole test. `waitForEvent('filechooser')` alone asks for that
 * only when it is called, and a key pressed at once may come first.
 */
export function interceptFileDialogs(page: Page): void {
  page.on('filechooser', () => {});
}
