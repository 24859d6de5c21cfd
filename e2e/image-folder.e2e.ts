/** A folder of images, one folder a class, as people have them: opened whole, measured, compressed. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { unzipSync } from 'fflate';
import { exactValue, results } from './support/results.ts';

const SAMPLE = fileURLToPath(new URL('../public/samples/digits/', import.meta.url));
const ROWS = 100;
const SIDE = 28;

/** The values of a `.npy` behind its header. */
function valuesOf(npy: Uint8Array): ArrayBuffer {
  const header = new DataView(npy.buffer, npy.byteOffset).getUint16(8, true);
  return npy.slice(10 + header).buffer;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** Greyscale, 8 bits. */
function png(pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header[8] = 8;
  const lines = Array.from({ length: SIDE }, (_, y) => [
    0,
    ...pixels.subarray(y * SIDE, (y + 1) * SIDE),
  ]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Uint8Array.from(lines.flat()))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/** The sample with its first test rows as pictures. */
function imageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whittle-images-'));
  for (const name of ['model.onnx', 'config.json']) cpSync(SAMPLE + name, join(folder, name));
  const preprocessor = {
    do_resize: false,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: false,
  };
  writeFileSync(join(folder, 'preprocessor_config.json'), JSON.stringify(preprocessor));
  const arrays = unzipSync(readFileSync(`${SAMPLE}test.npz`));
  const images = new Float32Array(valuesOf(arrays['image.npy'] ?? new Uint8Array()));
  const labels = new BigInt64Array(valuesOf(arrays['labels.npy'] ?? new Uint8Array()));
  for (let row = 0; row < ROWS; row++) {
    const at = join(folder, 'test', String(labels[row]));
    mkdirSync(at, { recursive: true });
    const values = images.subarray(row * SIDE * SIDE, (row + 1) * SIDE * SIDE);
    writeFileSync(
      join(at, `${row}.png`),
      png(Uint8Array.from(values, (it) => Math.round(it * 255))),
    );
  }
  return folder;
}

test('a folder of images is measured and compressed', async ({ page }) => {
  test.setTimeout(180_000);
  await page.goto('/');
  await page.getByLabel('Open folder').and(page.locator('input')).setInputFiles(imageFolder());
  await expect(results(page)).toBeVisible();
  expect(await exactValue(page, /baseline/, /accuracy/i)).toBeGreaterThan(0.97);
  await expect(page.getByRole('banner')).toContainText(`${ROWS} rows`);
  await page.getByRole('button', { name: 'Faster on WASM' }).click();
  await page.getByRole('button', { name: 'Compress' }).click();
  expect(await exactValue(page, /int8/, /accuracy/i)).toBeGreaterThan(0.97);
});
