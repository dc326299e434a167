/** Options of `provision schedule`. */
export interface ScheduleOptions {
  readonly inventory?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly limit?: string;
  readonly user?: string;
  readonly privateKey?: string;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly askBecomePass?: boolean;
  readonly sshConfig?: string;
  /** Leave the runs to the workers of a fleet; false where provision.yml would do so. */
  readonly fleet?: boolean;
  readonly caPassphraseFile?: string;
  readonly name?: string;
  readonly onCalendar?: string;
  readonly graceDays: number;
  /** Who is told of failures and renewals: `mailto:ADDRESS`, or `@FILE` with targets. */
  readonly notify?: readonly string[];
  readonly show?: boolean;
  readonly remove?: boolean;
  readonly list?: boolean;
  readonly run?: boolean;
  readonly color: boolean;
}
