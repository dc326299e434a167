import type { JumpSpec } from './proxy-jump.ts';

/** Everything that says where and how to connect, with ssh_config and defaults filled in. */
export interface SshSettings {
  /** What ssh would be called with. */
  readonly alias: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The command that does the same by hand, for hints. */
  readonly sshCommand: string;
  /** Expanded paths, in the order they are tried. */
  readonly identityFiles: readonly string[];
  readonly identitiesOnly: boolean;
  /** Socket of the agent; undefined: none. */
  readonly agentSocket: string | undefined;
  readonly publicKeys: boolean;
  /** Nobody may be asked for a passphrase. */
  readonly batchMode: boolean;
  readonly hostKeyAlias: string | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly acceptNewHostKeys: boolean;
  readonly hashKnownHosts: boolean;
  /** The hosts on the way, nearest first; undefined in no case: empty is direct. */
  readonly jumps: readonly JumpSpec[];
  /** Milliseconds; undefined: not configured. */
  readonly connectTimeout: number | undefined;
  /** Milliseconds between keepalives and how many may go unanswered. */
  readonly keepaliveInterval: number;
  readonly keepaliveCount: number;
  /** 0: either. */
  readonly family: 0 | 4 | 6;
  readonly bindAddress: string | undefined;
  /** Values of HostKeyAlgorithms, KexAlgorithms, Ciphers and MACs, as written. */
  readonly algorithms: {
    readonly hostKey?: string;
    readonly kex?: string;
    readonly cipher?: string;
    readonly mac?: string;
  };
  /** What ssh would have done and provision does not, for the hint of an error. */
  readonly notes: readonly string[];
}
