/**
 * What is known of the inputs of a weight over the calibration rows.
 * - `moments`: sums and extremes of each input channel, cheap.
 * - `gram`: also every product of two input channels, K² numbers.
 */
export type StatisticKind = 'moments' | 'gram';
