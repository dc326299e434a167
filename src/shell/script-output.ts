/** When something ran on a host, as the control node saw it. */
export interface RunTime {
  /** Milliseconds since 1970. */
  readonly began: number;
  /** How long it took, in milliseconds. */
  readonly lasted: number;
}

/** What the host printed when asked; text is UTF-8 with bad bytes replaced. */
export interface ScriptOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** When it ran, where that is known. */
  readonly ran?: RunTime;
  /** Why nothing was run (the host does not let us become the wanted user), or not to its end. */
  readonly refused?: string;
  /** Seconds after which it was ended from the control node; `refused` says so. */
  readonly endedAfter?: number;
}
