/** Options of `provision runs`. */
export interface RunsOptions {
  readonly last: number;
  /** Those of the fleet instead. */
  readonly fleet?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
}

/** Options of `provision show`. */
export interface ShowOptions {
  /** One of the fleet instead. */
  readonly fleet?: boolean;
  readonly diff?: boolean;
  readonly report?: readonly string[];
  readonly json?: boolean;
  readonly color: boolean;
}
