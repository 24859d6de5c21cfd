/** Colours of either scheme, whichever the page is in. */

export type Tokens = ReadonlyMap<string, string>;

/** The custom properties that the page's own style sheets give to `:root` in a scheme. */
export function schemeTokens(scheme: 'light' | 'dark'): Tokens {
  const tokens = new Map<string, string>();
  for (const { cssRules } of document.styleSheets) {
    for (const rule of cssRules) {
      if (rule instanceof CSSStyleRule) take(rule, tokens);
      const isDark = rule instanceof CSSMediaRule && /scheme:\s*dark/.test(rule.conditionText);
      if (!isDark || scheme === 'light') continue;
      for (const inner of rule.cssRules) if (inner instanceof CSSStyleRule) take(inner, tokens);
    }
  }
  return tokens;
}

function take({ selectorText, style }: CSSStyleRule, tokens: Map<string, string>): void {
  if (selectorText !== ':root') return;
  for (const name of style) {
    if (name.startsWith('--')) tokens.set(name, style.getPropertyValue(name).trim());
  }
}

const NESTED = 4;

/** `text` with every `var(--name)` replaced by its value; unknown ones by `currentColor`. */
export function withTokens(text: string, tokens: Tokens): string {
  let replaced = text;
  for (let round = 0; round < NESTED && replaced.includes('var(--'); round++) {
    replaced = replaced.replace(
      /var\((--[\w-]+)\)/g,
      (_, name: string) => tokens.get(name) ?? 'currentColor',
    );
  }
  return replaced;
}
