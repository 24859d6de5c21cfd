/**
 * Figures as people read them, on screens and in sentences: always with their unit, rounded only
 * here, minus as U+2212. Exact values stay in the report.
 */
import type { Backend } from '../core/backend.ts';
import type { Interval } from './report.ts';

export interface Quantity {
  readonly value: string;
  readonly unit: string;
}

const BACKEND_LABELS: Readonly<Record<Backend, string>> = { wasm: 'WASM', webgpu: 'WebGPU' };

export const backendLabel = (backend: Backend): string => BACKEND_LABELS[backend];

/** "1,068". */
export const formatCount = (count: number): string => group(String(Math.round(count)));

/** `digits` decimals, thousands grouped, true minus, never "−0". */
export function formatNumber(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '−∞' : '∞';
  const [whole = '', decimals] = Math.abs(value).toFixed(digits).split('.');
  const text = decimals === undefined ? group(whole) : `${group(whole)}.${decimals}`;
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** As `formatNumber`, with "+" before what is above zero after rounding. */
export function formatSigned(value: number, digits: number): string {
  const text = formatNumber(value, digits);
  return value > 0 && /[1-9∞]/.test(text) ? `+${text}` : text;
}

/** MB are 10⁶ bytes with one decimal; below 0.1 MB KB (10³), below 1 KB bytes. */
export function bytesQuantity(byteLength: number): Quantity {
  const magnitude = Math.abs(byteLength);
  if (magnitude >= 100_000) return { value: formatNumber(byteLength / 1e6, 1), unit: 'MB' };
  if (magnitude >= 1_000) return { value: formatNumber(byteLength / 1e3, 1), unit: 'KB' };
  return { value: formatNumber(byteLength, 0), unit: 'B' };
}

/** "90.9 MB", "45.2 KB", "512 B". */
export const formatBytes = (byteLength: number): string => join(bytesQuantity(byteLength));

/** "13,712,898 B". */
export const formatExactBytes = (byteLength: number): string => `${formatCount(byteLength)} B`;

/** The figure alone, for columns headed "MB": "13.7"; 0.02 where one decimal would say 0. */
export const formatMb = (byteLength: number): string =>
  formatNumber(byteLength / 1e6, byteLength > 0 && byteLength < 50_000 ? 3 : 1);

/** The figure alone, for columns headed "ms": one decimal below 100, two below 0.1. */
export function formatMsValue(ms: number): string {
  if (ms >= 99.95) return formatNumber(ms, 0);
  return formatNumber(ms, ms < 0.1 ? 2 : 1);
}

/** "28.6 ms", "412 ms". */
export const formatMs = (ms: number): string => `${formatMsValue(ms)} ms`;

/** How long something takes or took: "0.4 s", "36 s", "2 min 5 s", "1 h 3 min". */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${formatNumber(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}

/** A share from 0 to 1: "97.8 %". */
export const formatPercent = (share: number): string => `${formatNumber(share * 100, 1)} %`;

/** A difference of shares in percentage points: "−0.4 pt". */
export const formatPoints = (difference: number): string =>
  `${formatSigned(difference * 100, 1)} pt`;

/**
 * An interval around `value`, of a share in points unless `figures` say otherwise: "±0.9" where
 * both sides round alike, else "−1.3 to +0.5" (differences) or "81.6 to 86.1" (a value's own).
 */
export function formatInterval(
  value: number,
  interval: Interval,
  signed = false,
  figures: { readonly scale: number; readonly digits: number } = { scale: 100, digits: 1 },
): string {
  const { scale, digits } = figures;
  const below = formatNumber((value - interval.low) * scale, digits);
  const above = formatNumber((interval.high - value) * scale, digits);
  if (below === above) return `±${above}`;
  const bound = (end: number) => (signed ? formatSigned : formatNumber)(end * scale, digits);
  return `${bound(interval.low)} to ${bound(interval.high)}`;
}

/** True where the interval of a difference holds 0: "within noise". */
export const withinNoise = (interval: Interval): boolean => interval.low <= 0 && interval.high >= 0;

/** "6.6× smaller", "1.2× larger", "same size". */
export function formatSizeRatio(before: number, after: number): string {
  return inWords(before / after, 'smaller', 'larger') ?? 'same size';
}

/** `ratio` = own / baseline time: "1.9× faster", "3.2× slower", "same speed". */
export function formatSpeedRatio(ratio: number): string {
  return inWords(1 / ratio, 'faster', 'slower') ?? 'same speed';
}

/** True where the interval of own / baseline time holds 1. */
export const isAsFast = (interval: Interval): boolean => interval.low <= 1 && interval.high >= 1;

/** "1.9× faster", "3.2× slower", "as fast" within noise. */
export const formatSpeed = ({ ratio, interval }: { ratio: number; interval: Interval }): string =>
  isAsFast(interval) ? 'as fast' : formatSpeedRatio(ratio);

/** For cells under a headed column: "×4.5"; two decimals where one would say ×1.0. */
export function formatTimes(ratio: number): string {
  return `×${formatNumber(ratio, ratio < 1.05 ? 2 : 1)}`;
}

/** "22.7 M", "1.10 B", "8,421". */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${formatNumber(count / 1e9, 2)} B`;
  return count >= 1e5 ? `${formatNumber(count / 1e6, 1)} M` : formatCount(count);
}

/** "20.4 dB". */
export const formatDb = (db: number): string => `${formatNumber(db, 1)} dB`;

/** Cosine similarity, five decimals: "0.99412". */
export const formatCosine = (cosine: number): string => formatNumber(cosine, 5);

/** Mean KL in nats, four decimals: "0.0087". */
export const formatKl = (kl: number): string => formatNumber(kl, 4);

/** "384 × 1536". */
export const formatDims = (dims: readonly number[]): string =>
  dims.length === 0 ? 'scalar' : dims.join(' × ');

/** "9f3c…e21a". */
export const shortHash = (sha256: string): string => `${sha256.slice(0, 4)}…${sha256.slice(-4)}`;

const join = ({ value, unit }: Quantity): string => `${value} ${unit}`;

const group = (digits: string): string => digits.replace(/\B(?=(?:\d{3})+$)/g, ',');

/** null where the rounded factor would be 1.0 either way. */
function inWords(gain: number, better: string, worse: string): string | null {
  const factor = formatNumber(gain >= 1 ? gain : 1 / gain, 1);
  return factor === '1.0' ? null : `${factor}× ${gain >= 1 ? better : worse}`;
}
