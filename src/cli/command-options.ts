import type { Playbook } from '../language/model.ts';
import type { Report } from '../runner/events.ts';

/** Options that decide which playbook is loaded and how. */
export interface PlaybookOptions {
  readonly inventory?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly limit?: string;
  /** How messages call the limit; not from the command line. */
  readonly limitName?: string;
  /** The playbook itself, where it is no file; not from the command line. */
  readonly text?: string;
  readonly startAtTask?: string;
  readonly user?: string;
  readonly privateKey?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly askVaultPass?: boolean;
  readonly vaultPasswordFile?: readonly string[];
  /** NAME@FILE or NAME@prompt. */
  readonly vaultId?: readonly string[];
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** Options of a run, also of one that only plans. */
export interface RunOptions extends PlaybookOptions {
  readonly check?: boolean;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly syntaxCheck?: boolean;
  readonly diff?: boolean;
  /** Of long diffs in a plan only the beginning; not from the command line. */
  readonly brief?: boolean;
  readonly forks: number;
  readonly become?: boolean;
  readonly becomeUser: string;
  readonly askBecomePass?: boolean;
  readonly sshConfig?: string;
  /** Seconds. */
  readonly connectTimeout: number;
  /** Seconds. */
  readonly shellTimeout: number;
  /** Seconds that the whole run may take. */
  readonly timeout?: number;
  readonly quiet?: boolean;
  readonly detailedExitcode?: boolean;
  /** Files that are written of the run. */
  readonly report?: readonly string[];
  /** Print where time went. */
  readonly timings?: boolean;
  /** Hand the run over to the workers of a fleet. */
  readonly fleet?: boolean;
  /** Writes the plan down. */
  readonly out?: string;
  /** Show the plan and ask before anything is changed. */
  readonly ask?: boolean;
  /** Is given the playbook once it is loaded; not from the command line. */
  readonly loaded?: (playbook: Playbook) => void;
  /** Gets every event with its secrets hidden; not from the command line. */
  readonly watch?: Report;
}
