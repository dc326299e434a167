import { type FingerprintSettings, fingerprintField } from './fingerprint-field.ts';
import { mapping, recordBefore, recordDamage, type TrustMode, type TrustRecord } from './trust-record.ts';

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
  readonly width: 'wide' | 'narrow';
  /** Nothing is changed in this run. */
  readonly check: boolean;
}

/** What is known of each host: variables of the inventory, facts, and what this run registered. Only what is needed is read. */
export type KnownOfHosts = Readonly<Record<string, unknown>>;

/** Whom a host permits: in the modes `anon` and `certvalid` the peers do not matter, and there are none. */
interface Permitted {
  readonly mode: TrustMode;
  readonly peers: readonly string[];
}

/** Trust between log server and clients, as one host of them is to have it. */
export interface Trust {
  /** What is wrong with the host's record of who was permitted; '' when nothing is. */
  readonly damage: string;
  /** Who was permitted when the run began; {} when nothing was set up, or nothing that concerns this host. */
  readonly before: TrustRecord | Readonly<Record<string, never>>;
  /** During a rotation: everybody who was permitted before, beside who is wanted. */
  readonly wide: Permitted;
  /** After it: who is wanted, and nobody else. */
  readonly narrow: Permitted;
  /** Which of both counts in this phase. */
  readonly permitted: Permitted;
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

function inOrder(peers: readonly string[]): readonly string[] {
  const key = (peer: string) => peer.toLowerCase();
  return [...new Set(peers)].sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

// Between names and fingerprints neither is looser: the way of before stays until trust is narrowed.
function widerMode(before: TrustMode | undefined, wanted: TrustMode): TrustMode {
  if (before === undefined) return wanted;
  return (['anon', 'certvalid'] as const).find((loose) => loose === before || loose === wanted) ?? before;
}

/** Who is permitted before, during and after a rotation, what is due, and what is unproven. Pure; parts are worked out when asked for. */
export function trust(settings: TrustSettings, hosts: KnownOfHosts): Trust {
  const { host, servers, clients, shared } = settings;
  const server = servers.includes(host);
  const wanted = server ? settings.server_mode : settings.client_mode;
  const of = (name: string) => mapping(hosts[name]);
  const recordOf = (name: string) => mapping(of(name).ansible_local).provision_log;
  const before = () => recordBefore(recordOf(host), server);

  const names = () => {
    if (!server || shared) return [settings.server_name];
    return clients.map((client) => {
      const own = of(client).log_certificate_name;
      return typeof own === 'string' ? own : client;
    });
  };
  const fingerprints = () => {
    const field = fingerprintField(settings, mapping(of(host).log_rsyslog_version).stdout);
    return (server ? clients : servers).flatMap((other) => {
      const found = mapping(of(other).log_certificate)[field];
      return Array.isArray(found) ? found.map(String) : [];
    });
  };
  const permit = (mode: TrustMode, more: readonly string[]): Permitted => {
    if (mode === 'anon' || mode === 'certvalid') return { mode, peers: [] };
    const own =
      settings.permitted.length > 0 ? settings.permitted : mode === 'name' ? names() : fingerprints();
    return { mode, peers: inOrder([...own, ...more]) };
  };
  const wide = () => {
    const had = before();
    const mode = widerMode(had?.mode, wanted);
    return permit(mode, had?.mode === mode ? had.peers : []);
  };
  const narrow = () => permit(wanted, []);
  const keptRoots = () =>
    ['log_server_root', 'log_server_private_root', 'log_client_private_root', 'log_client_root_found'].some(
      (name) => Number(mapping(of(host)[name]).kept ?? 0) > 0,
    );

  return {
    get damage() {
      return recordDamage(recordOf(host));
    },
    get before() {
      return before() ?? {};
    },
    get wide() {
      return wide();
    },
    get narrow() {
      return narrow();
    },
    get permitted() {
      return settings.width === 'wide' ? wide() : narrow();
    },
    get due() {
      if (widerMode(before()?.mode, wanted) !== wanted) return true;
      return wide().peers.join('\n') !== narrow().peers.join('\n') || keptRoots();
    },
    get unproven() {
      return clients.filter((client) => {
        const proof = mapping(of(client).log_proof);
        return proof.milliseconds === undefined && !(settings.check && Object.keys(proof).length > 0);
      });
    },
    // Only looked at, or failed before the change was made, which is seen by others' having had something to change.
    get unwidened() {
      const some = clients.some((client) => of(client).log_widening_needed === true);
      return clients.filter((client) => {
        if (mapping(recordOf(client)).target === undefined) return false;
        return of(client).log_widened !== true && (of(client).log_widening_needed ?? some) === true;
      });
    },
    get set_up() {
      return [...servers, ...clients].some((name) => recordOf(name) !== undefined);
    },
    get fingerprints_needed() {
      const wants = [settings.server_mode, settings.client_mode].includes('fingerprint');
      return wants || [...servers, ...clients].some((name) => mapping(recordOf(name)).mode === 'fingerprint');
    },
  };
}
