/** What the host printed when asked; text is UTF-8 with bad bytes replaced. */
export interface ScriptOutput {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why nothing was run (the host does not let us become the wanted user), or not to its end. */
  readonly refused?: string;
  /** Seconds after which it was ended from the control node; `refused` says so. */
  readonly endedAfter?: number;
}
