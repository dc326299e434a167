/** Options of `provision runs`. */
export interface RunsOptions {
  readonly last: number;
  readonly json?: boolean;
  readonly color: boolean;
}

/** Options of `provision show`. */
export interface ShowOptions {
  readonly diff?: boolean;
  readonly report?: readonly string[];
  readonly json?: boolean;
  readonly color: boolean;
}
