/** The page that a run of many cells works in: made when it is first needed, and anew once closed. */
import { matrixPage } from './page.mjs';

/** @import { Browser, Download } from 'playwright' */
/** @import { MatrixPage } from './page.mjs' */
/** @import { Cell, Matrix } from '../../src/state/matrix-hook.ts' */

export class StudioPage {
  #browser;
  #origin;
  #timeoutMs;
  /** One for all cells: its GPU keeps what it has compiled. */
  /** @type {MatrixPage | null} */
  #made = null;
  /** @type {{ files: string[], id: string } | null} */
  #open = null;

  /**
   * @param {Browser} browser
   * @param {string | undefined} origin where the studio is served
   * @param {number} timeoutMs of one cell
   */
  constructor(browser, origin, timeoutMs) {
    this.#browser = browser;
    this.#origin = origin;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Opens a model, unless it is the one that is open.
   * @param {string[]} files
   */
  async open(files) {
    if (this.#open?.files === files) return;
    const { matrix, choose } = await this.#page();
    await choose(files);
    this.#open = { files, id: await matrix.opened(this.#open?.id ?? null) };
  }

  /** @param {unknown} recipe */
  async plan(recipe) {
    const { matrix } = await this.#page();
    return matrix.plan(recipe);
  }

  /**
   * Figures, and the output as it comes down; that is gone once this page is closed.
   * @param {Parameters<Matrix['cell']>} args
   * @returns {Promise<{ cell: Cell, download: Download }>}
   */
  async cell(...args) {
    const { matrix, page } = await this.#page();
    const waiting = page.waitForEvent('download');
    const [cell, download] = await Promise.all([matrix.cell(...args), waiting]);
    return { cell, download };
  }

  /** What is asked next gets a new page. */
  async close() {
    const made = this.#made;
    this.#made = null;
    this.#open = null;
    await made?.context.close();
  }

  async #page() {
    this.#made ??= await matrixPage(this.#browser, this.#origin, this.#timeoutMs);
    return this.#made;
  }
}
