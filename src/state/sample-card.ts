/** A built-in sample as the start screen offers it. */
export interface SampleCard {
  readonly id: string;
  readonly title: string;
  readonly task: string;
  readonly testRows: number;
  readonly licence: string;
  readonly modelBytes: number;
}
