/** A page of the production studio, and what its hook offers, called from here. */

/** @import { Browser, BrowserContext, Page } from 'playwright' */
/** @import { Matrix } from '../../src/state/matrix-hook.ts' */
/**
 * @typedef {{ context: BrowserContext, page: Page, matrix: Matrix, choose: (files: string[]) => Promise<void> }} MatrixPage
 * `choose` gives files to "Open model"; `matrix.opened` waits for them.
 */

/**
 * @param {Browser} browser
 * @param {string | undefined} origin
 * @param {number} timeoutMs of one call
 * @returns {Promise<MatrixPage>} with one thread: beside other work, threads wait for each other
 */
export async function matrixPage(browser, origin, timeoutMs) {
  if (!origin) throw new Error('The studio is not being served.');
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(timeoutMs);
  await page.goto(`${origin}?threads=1#bench`);
  await page.waitForFunction('typeof globalThis.whittleMatrix === "object"');
  const input = page.getByLabel('Open model', { exact: true });
  return {
    ...{ context, page, matrix: matrixIn(page) },
    choose: (files) => input.and(page.locator('input[type=file]')).setInputFiles(files),
  };
}

/**
 * @param {Page} page
 * @returns {Matrix}
 */
function matrixIn(page) {
  const call = (/** @type {keyof Matrix} */ method, /** @type {unknown[]} */ args) =>
    page.evaluate(
      ([method, args]) => {
        const { whittleMatrix } = /** @type {{ whittleMatrix: Matrix }} */ (
          /** @type {unknown} */ (globalThis)
        );
        const own = /** @type {(...args: unknown[]) => Promise<never>} */ (whittleMatrix[method]);
        return own(...args);
      },
      /** @type {[keyof Matrix, unknown[]]} */ ([method, args]),
    );
  return {
    opened: (...args) => call('opened', args),
    plan: (...args) => call('plan', args),
    cell: (...args) => call('cell', args),
  };
}
