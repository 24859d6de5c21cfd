import code from '../../shaders/scan-counts.wgsl?raw';
import { defineKernel } from '../gpu/kernel.ts';

/**
 * Exclusive prefix sums in place, continued from call to call.
 * - `counts` — u32 [count]; becomes `total[0]` plus the sum of the earlier counts
 * - `total`  — u32 [1]; grows by the sum of all
 */
export const scanCounts = defineKernel({
  label: 'scan-counts',
  code,
  buffers: { counts: 'write', total: 'write' },
  params: { count: 'u32' },
  workgroups: () => [1, 1, 1],
});
