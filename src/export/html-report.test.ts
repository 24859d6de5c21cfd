import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { BASELINE, measuredOtherwise, RUN } from '../report/testing/runs.ts';
import { escapeHtml } from './html.ts';
import { htmlReport } from './html-report.ts';
import { REPORT_STYLE, REPORT_STYLE_HASH } from './report-style.ts';

const options = { title: 'sentiment-minilm', madeAt: new Date('2026-11-20T13:41:22Z') };
const report = htmlReport([BASELINE, RUN], options);

test('the policy allows the style that is in it and nothing else', () => {
  expect(REPORT_STYLE_HASH).toBe(createHash('sha256').update(REPORT_STYLE).digest('base64'));
  expect(report).toContain(`<style>${REPORT_STYLE}</style>`);
  const policy = `default-src 'none'; style-src 'sha256-${REPORT_STYLE_HASH}'; base-uri 'none'; form-action 'none'`;
  expect(report).toContain(`content="${escapeHtml(policy)}"`);
  expect(report).not.toMatch(/<script|<link|<img|<iframe| style=| on\w+=|https?:/i);
});

test('it has the exact figures, as the screen words them', () => {
  for (const exact of [
    RUN.output.byteLength,
    RUN.accuracy?.value,
    RUN.fidelity?.klMean,
    15,
    30.6,
  ]) {
    expect(report).toContain(`data-value="${exact}"`);
  }
  expect(report).toContain('6.6× smaller');
  expect(report).toContain('83.6 ±2.2');
  expect(report).toContain('cd'.repeat(32));
  expect(report).toContain('&quot;whittle-recipe&quot;');
  expect(report.match(/<svg /g)).toHaveLength(1);
});

test('what was not measured and what failed is said', () => {
  const bare = { ...RUN, accuracy: null, fidelity: null, measurements: [] };
  const text = htmlReport([BASELINE, bare], options);
  expect(text).toContain('not measured');
  expect(text).toContain('1 run without accuracy.');
  const failed = measuredOtherwise('webgpu', { failure: 'shader-f16 is missing', latency: null });
  expect(htmlReport([BASELINE, failed], options)).toContain('failed<small>shader-f16 is missing');
});

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e&\u0000';

test('names from files stay text', () => {
  const hostile = {
    ...RUN,
    name: HOSTILE,
    warnings: [HOSTILE],
    weights: RUN.weights.map((it) => ({ ...it, label: HOSTILE, op: HOSTILE, reason: HOSTILE })),
    dataset: RUN.dataset && { ...RUN.dataset, name: HOSTILE },
    versions: { [HOSTILE]: HOSTILE },
    output: { ...RUN.output, files: RUN.output.files.map((it) => ({ ...it, path: HOSTILE })) },
  };
  const text = htmlReport([BASELINE, hostile], { ...options, title: HOSTILE });
  const tags = new Set(
    [...text.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag?.toLowerCase()),
  );
  const known = [...report.matchAll(/<\/?([a-z0-9!]+)/gi)].map(([, tag]) => tag?.toLowerCase());
  expect([...tags].filter((tag) => !known.includes(tag))).toEqual([]);
  expect(text).not.toContain('\u202e');
  expect(text).not.toContain('\u0000');
  expect(text).toContain(escapeHtml(HOSTILE));
});

test('a run of 10,000 weights gives a page that opens', () => {
  const [row] = RUN.weights;
  if (!row) throw new Error('the fixture has a weight');
  const weights = Array.from({ length: 10_000 }, () => row);
  const text = htmlReport([BASELINE, { ...RUN, weights }], options);
  expect(text).toContain('9,000 more are in the JSON report.');
  expect(text.length).toBeLessThan(1_000_000);
});
