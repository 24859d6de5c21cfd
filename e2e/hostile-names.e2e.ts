/** Names in files are text and nothing else: never markup, a script, a path or a formula. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { zipSync } from 'fflate';
import { npy } from '../src/dataset/testing/tiny-files.ts';
import { writeValueInfo } from '../src/formats/onnx/encode.ts';
import { encode } from '../src/formats/onnx/proto-writer.ts';
import { buildModel, buildNode, floatTensor } from '../src/formats/onnx/testing/build-model.ts';
import { interceptFileDialogs } from './support/file-dialog.ts';
import { download, results } from './support/results.ts';

const MARKUP = '<img src=x onerror=alert(1)>';
const SCRIPT = '"><script>alert(2)</script>';
const WEIGHTS = [MARKUP, '__proto__', '../../x', 'constructor', '\u202egnp.exe\u0000'];
const WIDTH = 64;
const FILE = `..\u202e${MARKUP}.onnx`;
const ROWS = 24;

/** Matrix products one after another whose every name is hostile. */
const model = buildModel({
  nodes: WEIGHTS.map((weight, at) =>
    buildNode(
      'MatMul',
      [at === 0 ? MARKUP.repeat(2) : `${SCRIPT}${at - 1}`, weight],
      [at === WEIGHTS.length - 1 ? 'logits' : `${SCRIPT}${at}`],
      { name: `${SCRIPT}/${weight}` },
    ),
  ),
  initializers: WEIGHTS.map((weight, at) => {
    const columns = at === WEIGHTS.length - 1 ? 2 : WIDTH;
    const values = Array.from({ length: WIDTH * columns }, (_, i) => Math.sin(i * (at + 1)) / 8);
    return floatTensor(weight, [WIDTH, columns], values);
  }),
  ...{ inputs: [], outputs: [] },
  extra: [
    encode((writer) =>
      writer.message(11, () =>
        writeValueInfo(writer, MARKUP.repeat(2), 'float32', [MARKUP, WIDTH]),
      ),
    ),
    encode((writer) =>
      writer.message(12, () => writeValueInfo(writer, 'logits', 'float32', [SCRIPT, 2])),
    ),
  ],
  modelExtra: [
    encode((writer) => {
      writer.textField(2, SCRIPT); // the producer
    }),
  ],
});

const rows = zipSync({
  [`${MARKUP.repeat(2)}.npy`]: npy(
    '<f4',
    [ROWS, WIDTH],
    Float32Array.from({ length: ROWS * WIDTH }, (_, index) => Math.cos(index)),
  ),
  'labels.npy': npy(
    '<i8',
    [ROWS],
    BigInt64Array.from({ length: ROWS }, (_, row) => BigInt(row % 2)),
  ),
});

const config = JSON.stringify({ id2label: { 0: MARKUP, 1: '=cmd()' } });
const file = (name: string, content: Uint8Array | string) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(content),
});

test('names from files stay text on the page, and harmless in what is downloaded', async ({
  page,
}) => {
  test.setTimeout(240_000);
  interceptFileDialogs(page);
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.goto('/');
  await page
    .getByLabel('Open model', { exact: true })
    .and(page.locator('input'))
    .setInputFiles([file(FILE, model), file('config.json', config), file('test.npz', rows)]);
  const shown = page.getByRole('region', { name: 'Model' });
  await expect(shown).toContainText(MARKUP);
  await expect(shown).toContainText('__proto__');
  await expect(shown).toContainText('../../x');

  await page.getByRole('button', { name: /^Half the bytes/ }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  await expect(page.getByRole('status')).toContainText('smaller', { timeout: 120_000 });
  await expect(results(page).getByRole('row')).toHaveCount(3);

  const compressed = await download(page);
  expect(compressed.fileName).toMatch(/^[^\p{C}<>:"/\\|?*.][^\p{C}<>:"/\\|?*]*\.onnx$/u);
  expect(readFileSync(compressed.path).byteLength).toBeLessThan(model.length);
  const exporting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const table = await exporting;
  expect(table.suggestedFilename()).toMatch(/^[^\p{C}<>:"/\\|?*.][^\p{C}<>:"/\\|?*]*\.csv$/u);
  expect(readFileSync(await table.path(), 'utf8')).not.toMatch(/(?:^|,|\r\n)"?[=@]/);

  const planted = page.locator('[onerror], [onload], img[src="x"], script:not([src])');
  expect(await planted.count()).toBe(0);
  expect(dialogs).toEqual([]);
});
