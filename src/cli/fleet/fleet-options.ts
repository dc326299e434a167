/** What every command of a fleet has. */
export interface FleetOptions {
  readonly color: boolean;
}

/** Options of `provision worker`. */
export interface WorkerOptions extends FleetOptions {
  readonly site: readonly string[];
  readonly keep?: string;
  readonly sshConfig?: string;
}

/** Options of `provision attach`. */
export interface AttachOptions extends FleetOptions {
  readonly diff?: boolean;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
}
