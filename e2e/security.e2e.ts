import { expect, test } from '@playwright/test';
import { watchViolations } from './support/violations.ts';

test('every response isolates the page and keeps it to its origin', async ({ page, request }) => {
  await page.goto('/');
  const script = await page.locator('script[type=module]').first().getAttribute('src');

  for (const path of ['/', script ?? '', '/samples/index.json']) {
    const headers = (await request.get(path)).headers();
    expect(headers['cross-origin-opener-policy'], path).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy'], path).toBe('require-corp');
    expect(headers['content-security-policy'], path).toContain("default-src 'none'");
    expect(headers['content-security-policy'], path).not.toContain('unsafe-inline');
  }
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('the page breaks none of its own rules, and cannot reach another origin', async ({ page }) => {
  const violations = await watchViolations(page);
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  expect(violations).toEqual([]);

  const refused = page.evaluate(() => fetch('https://example.com/').then(() => 'reached'));
  await expect(refused).rejects.toThrow('Failed to fetch');
  await expect.poll(() => violations).toContain('connect-src https://example.com/');
});

test('the policy holds without the headers too', async ({ request }) => {
  const html = await (await request.get('/')).text();
  expect(html).toMatch(/<meta http-equiv="Content-Security-Policy" content="default-src [^"]*none/);
});
