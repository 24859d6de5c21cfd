/**
 * What the page may do, as headers and as a meta tag: nothing leaves the origin.
 * Whoever hosts `dist` should send these headers; `npm start` does. A worker obeys only the policy
 * of its own response, which is why the meta tag alone is not enough.
 */

const POLICY = {
  'default-src': "'none'",
  // The runtime compiles WebAssembly; no string is ever evaluated.
  'script-src': "'self' 'wasm-unsafe-eval'",
  // The runtime's threads are module workers from its own file, so blob: is not needed.
  'worker-src': "'self'",
  // blob: is how a model without a copy in memory reaches the runtime.
  'connect-src': "'self' blob:",
  'img-src': "'self' data: blob:",
  // React, Mantine and recharts set styles through CSSOM, which no directive restricts. What would
  // be blocked is a style element: so MantineProvider goes without its own (withCssVariables and
  // withGlobalClasses false), and responsive style props and scroll locking are not used.
  'style-src': "'self'",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** @param {(name: string) => boolean} keep */
const policy = (keep) =>
  Object.entries(POLICY)
    .filter(([name]) => keep(name))
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** The policy for a meta tag, in which browsers ignore `frame-ancestors` with a warning. */
export const META_POLICY = policy((name) => name !== 'frame-ancestors');

/** Without cross-origin isolation there is no SharedArrayBuffer and wasm runs on one thread. */
export const ISOLATION_HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export const PRODUCTION_HEADERS = {
  ...ISOLATION_HEADERS,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': policy(() => true),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
