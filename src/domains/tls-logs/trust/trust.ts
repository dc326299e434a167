import { fingerprintField, isSince } from './fingerprint-field.ts';
import { issuedCertificates, notRevoked } from './revoked.ts';
import { stillLetIn } from './still-let-in.ts';
import type { Closing, KnownOfHosts, Permitted, Trust, TrustSettings } from './trust-model.ts';
import { mapping, recordBefore, recordDamage, type TrustMode } from './trust-record.ts';
import { revokedSentences, unfinished } from './unfinished.ts';

function inOrder(peers: readonly string[]): readonly string[] {
  const key = (peer: string) => peer.toLowerCase();
  return [...new Set(peers)].sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

// Names are often changed from h2 to h2.example.com, or back.
function firstLabel(name: string): string {
  return name.toLowerCase().split('.')[0] ?? '';
}

const rootRegisters = [
  'log_server_root',
  'log_server_private_root',
  'log_client_private_root',
  'log_client_root_found',
];

function same(one: Permitted, other: Permitted): boolean {
  return one.mode === other.mode && one.peers.join('\n') === other.peers.join('\n');
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

  const clientNames = () =>
    clients.map((client) => {
      const own = of(client).log_certificate_name;
      return typeof own === 'string' ? own : client;
    });
  const names = () => (!server || shared ? [settings.server_name] : clientNames());
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
  const issued = () => issuedCertificates(servers[0] === undefined ? undefined : of(servers[0]).log_issued);
  const pressed = () => {
    const { mode, peers } = wide();
    const own = permit(mode, []).peers;
    return { mode, peers: inOrder([...own, ...notRevoked(peers, issued().revoked)]) };
  };
  const permitted = () => ({ wide, pressed, narrow })[settings.width]();
  const roots = () => rootRegisters.map((name) => mapping(of(host)[name]));
  const keptRoots = () => roots().reduce((sum, { kept }) => sum + Number(kept ?? 0), 0);
  const revokedRoots = () =>
    server
      ? issued().keptRevoked
      : roots().flatMap(({ kept_revoked: some }) => (Array.isArray(some) ? some.map(String) : []));
  const waiting = () => (before()?.waiting ?? []).filter((client) => clients.includes(client));
  const unproven = () =>
    clients.filter((client) => {
      const proof = mapping(of(client).log_proof);
      return proof.milliseconds === undefined && !(settings.check && Object.keys(proof).length > 0);
    });
  const due = () =>
    widerMode(before()?.mode, wanted) !== wanted ||
    !same(wide(), narrow()) ||
    keptRoots() > 0 ||
    (before()?.waiting ?? []).length > 0;
  const closing = (): Closing => {
    const missing = unproven();
    if (!due()) return { width: '', waiting: [] };
    if (missing.length === 0) return { width: 'narrow', waiting: [] };
    const rootsGo = revokedRoots().length > 0;
    // Whoever was refused and has been seen sending since has caught up.
    const refused = waiting().filter((client) => missing.includes(client));
    const changed = refused.length !== (before()?.waiting ?? []).length;
    const stays = { width: '', waiting: refused } as const;
    if (!rootsGo && same(wide(), pressed()) && !changed) return stays;
    // A client waits for nobody but itself: it needs the log server of today, which has been seen.
    if (!server) return missing.includes(host) ? stays : { width: 'pressed', waiting: [] };
    return { width: 'pressed', waiting: inOrder([...refused, ...(rootsGo ? missing : [])]) };
  };
  const enforced = () => {
    const { driver, transport } = settings;
    if (driver !== 'ossl' || transport !== 'tcp') return true;
    return servers[0] !== undefined && isSince(mapping(of(servers[0]).log_rsyslog_version).stdout, 2602);
  };
  const letIn = () => {
    const { mode, peers } = permitted();
    const { present, revoked } = issued();
    const earlier = settings.width === 'wide' ? revokedRoots() : [];
    const anyCa = settings.driver === 'gtls' && mode === 'fingerprint';
    return server ? stillLetIn(revoked, { mode, peers, present, earlier, anyCa, enforced: enforced() }) : [];
  };

  return {
    get damage() {
      return recordDamage(recordOf(host));
    },
    get foreign() {
      // Only names say whose they are, and of a shared certificate's name nothing follows. A client may be given another server.
      const served = recordBefore(recordOf(host), true);
      const sent = server ? recordBefore(recordOf(host), false) : undefined;
      const record = shared ? undefined : (served ?? sent);
      if (record?.mode !== 'name') return '';
      const ours = [...servers, ...clients, ...clientNames(), settings.server_name, ...settings.permitted];
      const known = new Set(ours.map(firstLabel));
      // A wildcard may mean anybody.
      if (record.peers.some((peer) => peer.includes('*') || known.has(firstLabel(peer)))) return '';
      return `${served ? 'is the log server of' : 'sends its log to'} ${record.peers.join(', ')}`;
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
      return permitted();
    },
    get pressed() {
      return pressed();
    },
    get waiting() {
      if (settings.width === 'narrow') return [];
      const worked = mapping(of(host).log_closing).waiting;
      return settings.width === 'wide' ? waiting() : Array.isArray(worked) ? worked.map(String) : [];
    },
    get refused() {
      const [first] = servers;
      const record = first === undefined ? undefined : recordBefore(recordOf(first), true);
      return record?.waiting?.includes(host) ?? false;
    },
    get closing() {
      return closing();
    },
    get revoked() {
      return revokedSentences(letIn().filter(({ replaced }) => !replaced));
    },
    get let_in() {
      return letIn();
    },
    get unfinished() {
      return unfinished({
        server,
        before: before(),
        wanted,
        // Before the hosts have shown theirs nobody knows which fingerprints are wanted.
        peers: wanted === 'name' ? narrow().peers : undefined,
        roots: server ? issued().kept : keptRoots(),
        waiting: server ? waiting() : [],
        letIn: letIn().filter(({ replaced }) => replaced),
      });
    },
    get known_names() {
      return inOrder([...clientNames(), settings.server_name, ...settings.permitted]);
    },
    get enforced() {
      return enforced();
    },
    get due() {
      return due();
    },
    get unproven() {
      return unproven();
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
