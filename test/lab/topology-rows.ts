import { serverName } from '../helpers/lab/home-lab-project.ts';
import { type Stranger, strangers } from '../helpers/lab/topology-strangers.ts';

/** What a server lets in by: names, fingerprints of a hash, any certificate of its CA, or nothing at all. */
type Judging = 'names' | 'SHA256' | 'SHA1' | 'certvalid' | 'anon';

/** Name in the certificate of a false server; `foreign`: the right name, from a CA that nobody trusts. */
type FalseName = 'foreign' | 'other.lab' | typeof serverName;

/** One way to set up server and clients. */
export interface Row {
  /** Variables of home-lab.yml. */
  readonly set: string;
  readonly judging: Judging;
  readonly falseServer?: FalseName;
  /** Option of the certificate that certbot leaves on the server before; else it stays as it is. */
  readonly issued?: '--both';
}

const row = (set: string, judging: Judging, more: Omit<Row, 'set' | 'judging'> = {}): Row => ({
  set,
  judging,
  ...more,
});
const fingerprint = 'log_authentication=fingerprint';
const gtls = 'log_driver=gtls';
const relp = 'log_transport=relp';
// With ossl over TCP a client has sent its first line before it looks at the name: what keeps it from a false server is the CA.
const foreign = { falseServer: 'foreign' } as const;
const otherName = { falseServer: 'other.lab' } as const;
const otherKey = { falseServer: serverName } as const;

/** Each row begins where the one before ended, so that each is a change, too. */
export const allRows: readonly Row[] = [
  row('log_topology=mutual', 'names', foreign),
  row(fingerprint, 'SHA256', foreign),
  row(`${fingerprint} log_fingerprint_hash=sha1`, 'SHA1'),
  row('log_authentication=certvalid', 'certvalid'),
  row(`${gtls} log_authentication=certvalid`, 'certvalid'),
  row(gtls, 'names', otherName),
  row(`${gtls} log_minimum_tls=1.3`, 'names'),
  row(`${gtls} ${fingerprint}`, 'SHA256', otherKey),
  row(`${gtls} ${fingerprint} log_fingerprint_hash=sha1`, 'SHA1'),
  row(`log_topology=private ${gtls}`, 'names'),
  row('log_topology=private', 'names'),
  row(`log_topology=private ${fingerprint}`, 'SHA256'),
  row('log_topology=server', 'anon'),
  row(`log_topology=server ${gtls}`, 'anon', otherName),
  row(`log_topology=shared ${gtls}`, 'SHA256'),
  row('log_topology=shared', 'SHA256', { issued: '--both' }),
  row(`log_topology=shared ${relp}`, 'SHA1'),
  row(relp, 'names', otherName),
  row(`${relp} ${fingerprint}`, 'SHA1'),
  row(`log_topology=private ${relp} log_authentication=certvalid`, 'certvalid'),
  row(`log_topology=server ${relp}`, 'anon'),
  row(`log_topology=private ${relp}`, 'names'),
  row(`log_topology=private ${relp} ${gtls}`, 'names', foreign),
  row(`${relp} ${gtls} ${fingerprint}`, 'SHA256'),
];

/** For distributions that differ in versions and in the user of rsyslogd only. */
export const someRows: readonly Row[] = [
  row(fingerprint, 'SHA256', foreign),
  row(gtls, 'names', otherName),
  row(`log_topology=server ${gtls}`, 'anon'),
  row(`log_topology=shared ${gtls}`, 'SHA256'),
  row(relp, 'names', otherName),
  row(`log_topology=private ${relp} ${gtls}`, 'names', foreign),
];

/** Whose lines are stored; undefined where nothing is promised: before rsyslog 8.2602 ossl over TCP does not enforce its list of peers. */
export function letIn({ set, judging }: Row, who: Stranger): boolean | undefined {
  if (judging === 'anon') return strangers.includes(who);
  if (who !== 'member') return false;
  if (judging === 'certvalid') return true;
  return set.includes(gtls) || set.includes(relp) ? false : undefined;
}

/** What the run warns of. */
export function warningOf({ set, judging }: Row): RegExp | undefined {
  if (judging === 'anon') return /anyone who reaches port 6514 of h1 can send lines/;
  if (judging === 'certvalid')
    return /anyone with a valid certificate from the private CA can send lines to h1/;
  if (!set.includes('shared') || set.includes(gtls) || set.includes(relp)) return undefined;
  return /rsyslog 8\.2\d{3}\S* on h1 does not enforce its list of permitted peers.*log_driver: gtls; log_transport: relp/;
}

/** What the server's configuration permits. */
export function serverPermits({ set, judging }: Row): RegExp {
  if (judging === 'names') return /ermittedPeer=\["h2", "h3"\]/;
  if (judging === 'certvalid') return /authmode="(x509\/)?certvalid"(?!.*permittedPeer)/is;
  if (judging === 'anon') return /^(?!.*(permittedPeer|CAFile|caCert))/is;
  const peers = Array.from({ length: set.includes('shared') ? 1 : 2 }, () => `"${judging}:[0-9A-F:]+"`);
  return new RegExp(`ermittedPeer=\\[${peers.join(', ')}\\]`);
}

/** What a client's configuration permits. */
export function clientPermits({ judging }: Row): RegExp {
  const peer = judging.startsWith('SHA') ? `${judging}:[0-9A-F:]+` : serverName;
  return new RegExp(`ermittedPeers?=\\[?"${peer}"`);
}
