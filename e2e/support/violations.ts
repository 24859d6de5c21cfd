import type { Page } from '@playwright/test';

/**
 * Collects what the page's security policy refuses from now on; call it before `page.goto`.
 * Violations inside workers are not seen.
 * @returns a list that grows, as "directive address"
 */
export async function watchViolations(page: Page): Promise<readonly string[]> {
  const violations: string[] = [];
  await page.exposeFunction('noteViolation', (text: string) => violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { noteViolation } = globalThis as unknown as { noteViolation(text: string): void };
      noteViolation(`${violatedDirective} ${blockedURI}`);
    });
  });
  return violations;
}
