/**
 * Draws the icons for home screens from `public/icon.svg`, in its light colours on white with the
 * room around it that a mask may cut away: `node scripts/make-icons.mjs`.
 */
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { launchOptions } from './chromium-args.mjs';

const SIZES = [192, 512];
/** Masks keep a circle of 80 % of the width; the drawing's corners stay within it. */
const DRAWN = 0.56;

const svg = readFileSync('public/icon.svg', 'utf8');
const browser = await chromium.launch(launchOptions());
for (const size of SIZES) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(svg);
  await page.addStyleTag({
    content: `html { background: #fff }
      svg { position: fixed; inset: 0; margin: auto; width: ${Math.round(size * DRAWN)}px }`,
  });
  await page.screenshot({ path: `public/icon-${size}.png` });
  await page.close();
}
await browser.close();
