/** The files of this build, as `scripts/offline-files.mjs` lists them after it. */

export interface BuildFile {
  /** Relative to the page: "assets/worker-C2x.js"; "./" is the page itself. */
  readonly path: string;
  /** Changes with the content and with the headers that it is kept under. */
  readonly version: string;
  /**
   * What `fetch` holds the content to: "sha256-…". null for the page, into which hosts put things;
   * it must name `entry` instead.
   */
  readonly integrity: string | null;
}

export interface BuildFiles {
  /** Kept before this version starts: all that works without a model. */
  readonly shell: readonly BuildFile[];
  /** Kept when the page is at rest: the runtime and the samples. */
  readonly later: readonly BuildFile[];
  /** The script that the page loads, by which a page of another build is told. */
  readonly entry: string;
  /** Headers of every answer: isolation and the policy. */
  readonly headers: Readonly<Record<string, string>>;
}
