import type { FingerprintSettings } from './fingerprint-field.ts';
import type { LetIn } from './still-let-in.ts';
import type { TrustMode, TrustRecord } from './trust-record.ts';

/** What the settings say, the same in all phases of a rotation but for `width`. */
export interface TrustSettings extends FingerprintSettings {
  /** Inventory name of the host that is asked about. */
  readonly host: string;
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  /** How the server and the clients are to judge each other. */
  readonly server_mode: TrustMode;
  readonly client_mode: TrustMode;
  readonly server_name: string;
  /** All hosts show the same certificate. */
  readonly shared: boolean;
  /** Names or fingerprints that the user permits in place of those of the other side's hosts. */
  readonly permitted: readonly string[];
  readonly width: 'wide' | 'pressed' | 'narrow';
  /** Nothing is changed in this run. */
  readonly check: boolean;
}

/** What is known of each host: variables of the inventory, facts, and what this run registered. Only what is needed is read. */
export type KnownOfHosts = Readonly<Record<string, unknown>>;

/** Whom a host permits: in the modes `anon` and `certvalid` the peers do not matter, and there are none. */
export interface Permitted {
  readonly mode: TrustMode;
  readonly peers: readonly string[];
}

/** How far the last phase of a rotation narrows this host's trust. */
export interface Closing {
  /** '': not at all. `pressed`: what is revoked goes, although not every client has been seen sending. */
  readonly width: '' | 'pressed' | 'narrow';
  /** Clients that the log server refuses from then on, until a run reaches them. */
  readonly waiting: readonly string[];
}

/** Trust between log server and clients, as one host of them is to have it. */
export interface Trust {
  /** What is wrong with the host's record of who was permitted; '' when nothing is. */
  readonly damage: string;
  /** What this host does in another log, set up from an inventory that shares no host with this one: `is the log server of x, y`; '' for nothing. */
  readonly foreign: string;
  /** Who was permitted when the run began; {} when nothing was set up, or nothing that concerns this host. */
  readonly before: TrustRecord | Readonly<Record<string, never>>;
  /** During a rotation: everybody who was permitted before, beside who is wanted. */
  readonly wide: Permitted;
  /** After it: who is wanted, and nobody else. */
  readonly narrow: Permitted;
  /** When a revocation cannot wait for all clients: as during a rotation, without what was revoked. */
  readonly pressed: Permitted;
  /** Which of these counts in this phase. */
  readonly permitted: Permitted;
  /** Which clients the log server refuses in this phase. */
  readonly waiting: readonly string[];
  /** When the run began the log server refused this client: what it sent since is lost on the way. */
  readonly refused: boolean;
  /** What the last phase is to do; worked out before it begins. */
  readonly closing: Closing;
  /** Certificates that were revoked and are good for sending all the same, in this phase. */
  readonly let_in: readonly LetIn[];
  /** Those of them that only another CA shuts out, in sentences. */
  readonly revoked: readonly string[];
  /** What the host trusts beyond what is wanted as the run finds it, in sentences. */
  readonly unfinished: readonly string[];
  /** Names of everybody who belongs to the log: clients, the log server, and whom the user permits. */
  readonly known_names: readonly string[];
  /** The log server's list of permitted peers keeps others out. */
  readonly enforced: boolean;
  /** Something is still trusted that is not wanted any more: an identity, or a root beside the wanted one. */
  readonly due: boolean;
  /** Clients that this run has not seen sending: down, failed, or left out. Nobody is narrowed out before there are none. */
  readonly unproven: readonly string[];
  /** Clients that send already and would not trust the server's next certificate. Who is down cannot be waited for. */
  readonly unwidened: readonly string[];
  /** Some host has a record of an earlier run: somebody may be sending. */
  readonly set_up: boolean;
  /** Fingerprints matter to somebody, now or after this run: then the next certificates are made before they are used. */
  readonly fingerprints_needed: boolean;
}
