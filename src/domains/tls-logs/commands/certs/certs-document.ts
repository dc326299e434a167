import type { StageName } from '../../ledger/certificate-stages.ts';

/** Version of the document; raised when a field changes its meaning or goes away. */
export const certificatesFormat = 1;

/** One stage of a certificate: what was found there, and what is wrong with it. */
interface ShownStage {
  /** SHA-256, `AA:BB:..`; empty: no certificate is there, several: they differ. */
  readonly fingerprints: readonly string[];
  readonly troubles: readonly string[];
  /** What was done about it by itself; nothing is wrong. */
  readonly notes?: readonly string[];
}

/** One certificate as `provision certs` shows it. */
export interface ShownCertificate {
  /** Null: the control node. */
  readonly host: string | null;
  readonly place: string;
  readonly subject?: string;
  readonly names?: readonly string[];
  readonly issuer?: string;
  readonly serial?: string;
  /** SHA-256 of the one in use. */
  readonly fingerprint?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly daysLeft?: number;
  /** Days until it becomes due by itself. */
  readonly dueIn?: number;
  /** The stages that were looked at. */
  readonly stages: { readonly [stage in StageName]?: ShownStage };
  readonly equal: boolean;
  readonly due: readonly { readonly code: string; readonly message: string }[];
  readonly remedy?: 'apply' | 'issuer' | 'authority' | 'clock';
}

/** A host of which nothing, or not all, could be seen. */
export interface UnseenHost {
  readonly host: string;
  /**
   * `unreachable`, `failed`: the host could not be looked at, or not to the end. `incomplete`: a task would fail.
   * `pending`: what a task is about cannot be known before others are applied.
   */
  readonly reason: 'unreachable' | 'failed' | 'incomplete' | 'pending';
  readonly task?: string;
  readonly message: string;
  readonly hint?: string;
}

/** How the lines that a log server has received lie on its disk. */
export interface LineStore {
  readonly host: string;
  readonly directory: string;
  readonly encrypted: boolean;
  /** `luks`, `gocryptfs` and so on; `none` also where nothing can be known. */
  readonly encryption: string;
}

/** Everything that `provision certs` found; with `--json` it is printed as it is. */
export interface CertificatesDocument {
  readonly type: 'certificates';
  readonly format: typeof certificatesFormat;
  readonly version: string;
  readonly playbook: string;
  /** ISO 8601, UTC. */
  readonly checked: string;
  readonly certificates: readonly ShownCertificate[];
  readonly unseen: readonly UnseenHost[];
  /** Of each log server that was looked at. */
  readonly stores: readonly LineStore[];
  /** How many certificates are due. */
  readonly due: number;
  /** What to do, in this order; empty when all is in order. */
  readonly next: readonly string[];
  /** 0 in order; 2 something is due; else 1 something would fail; else 4 a host was unreachable. */
  readonly exitCode: 0 | 1 | 2 | 4;
}
