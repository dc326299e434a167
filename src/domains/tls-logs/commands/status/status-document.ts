/** Version of the document; raised when a field changes its meaning or goes away. */
export const statusFormat = 1;

/** A file system, in bytes. */
export interface DiskStatus {
  readonly total: number;
  readonly free: number;
}

/** A log server. */
export interface ServerStatus {
  readonly host: string;
  /** As `systemctl is-active` says it. */
  readonly daemon: string;
  /** When the certificate that it serves ends, ISO 8601. */
  readonly ends?: string;
  readonly daysLeft?: number;
  /** Below the received files. */
  readonly disk?: DiskStatus;
  /** Whether they are encrypted where they lie, and how: `luks`, `dm-crypt`, `fscrypt`, `zfs`, `gocryptfs`, ... or `none`. */
  readonly encrypted?: boolean;
  readonly encryption?: string;
}

/** A log client and one log server that it sends to. */
export interface ClientStatus {
  readonly host: string;
  readonly server: string;
  readonly daemon: string;
  /** Seconds since its last line came; missing where there is none. */
  readonly lastLine?: number;
  readonly tls?: string;
  readonly cipher?: string;
  /** Why there is no connection, or none that can be trusted. */
  readonly tlsTrouble?: string;
  /** When its own certificate ends, ISO 8601; missing where it shows none. */
  readonly ends?: string;
  readonly daysLeft?: number;
  /** Bytes that wait on its disk to be sent. */
  readonly queued: number;
  /** Lines that wait in its memory; missing where they are not counted. */
  readonly waiting?: number;
  /** Lines that were thrown away because a queue was full. */
  readonly discarded?: number;
  readonly disk?: DiskStatus;
}

/** A service that runs on a host, in a container or not. */
export interface ServiceStatus {
  readonly host: string;
  readonly service: string;
  /** `running`, or a word that says what it does instead. */
  readonly state: string;
  /** Seconds since it was started. */
  readonly runsFor?: number;
  /** Seconds since something last went over a connection of its: the log server's clients, or a client's to its server. */
  readonly lastData?: number;
  /** On which Docker keeps what it prints. */
  readonly disk?: DiskStatus;
  /** Why it is not as it should be although it may run. */
  readonly trouble?: string;
}

/** Something that is wrong, and what to do about it. */
export interface StatusTrouble {
  readonly host: string;
  readonly message: string;
  readonly next: string;
}

/** What `provision status` found; with `--json` it is printed as it is. */
export interface StatusDocument {
  readonly type: 'status';
  readonly format: typeof statusFormat;
  readonly version: string;
  readonly playbook: string;
  /** ISO 8601, UTC. */
  readonly checked: string;
  readonly servers: readonly ServerStatus[];
  readonly clients: readonly ClientStatus[];
  readonly services: readonly ServiceStatus[];
  /** What a look at a service found against it. */
  readonly refused: readonly { readonly host: string; readonly message: string }[];
  /** What a rotation has yet to end, by host. */
  readonly unfinished: readonly { readonly host: string; readonly message: string }[];
  /** Hosts that could not be spoken to, or not be looked at. */
  readonly unreachable: readonly { readonly host: string; readonly message: string }[];
  readonly troubles: readonly StatusTrouble[];
  readonly exitCode: 0 | 1 | 2 | 4;
}

/** 2 wins over 4: of what was seen something is known to be wrong. Where there is nothing to look at, nothing is known. */
export function statusExitCode({
  clients,
  services,
  unreachable,
  troubles,
}: Pick<StatusDocument, 'clients' | 'services' | 'unreachable' | 'troubles'>): StatusDocument['exitCode'] {
  if (troubles.length > 0) return 2;
  if (unreachable.length > 0) return 4;
  return clients.length + services.length === 0 ? 1 : 0;
}
