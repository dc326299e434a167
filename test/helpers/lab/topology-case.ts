import { join } from 'node:path';
import { bases } from './bases.ts';
import { caseFiles } from './case-files.ts';
import { serverName } from './home-lab-project.ts';
import type { Base } from './lab.ts';
import { type Stranger, strangers } from './topology-strangers.ts';

/** What a server lets in by: names, fingerprints of a hash, any certificate of its CA, or nothing at all. */
type Judging = 'names' | 'SHA256' | 'SHA1' | 'certvalid' | 'anon';

/** Name in the certificate of a false server; `foreign`: the right name, from a CA that nobody trusts. */
type FalseName = 'foreign' | 'other.lab' | typeof serverName;

/** A way to set up server and clients, as it is written. */
interface Written {
  /** Variables of home-lab.yml. */
  readonly settings: Readonly<Record<string, string>>;
  readonly judging: Judging;
  readonly false_server?: FalseName;
  /** Option of the certificate that certbot leaves on the server before; else it stays as it is. */
  readonly issued?: '--both';
  /** Without it on bookworm only: other distributions differ in versions and in the user of rsyslogd alone. */
  readonly bases?: 'all';
}

/** One way to set up server and clients. */
export interface TopologyCase extends Written {
  readonly name: string;
  /** Its settings as `name=value`. */
  readonly set: readonly string[];
}

const cases: readonly TopologyCase[] = caseFiles<Written>(
  join(import.meta.dirname, '../../lab/topologies'),
).map(({ name, content }) => ({
  ...content,
  name,
  set: Object.entries(content.settings).map(([key, value]) => `${key}=${value}`),
}));

/** The cases that are tried on a base. Each begins where the one before ended, so that each is a change, too. */
export function topologiesOn(base: Base): readonly TopologyCase[] {
  return cases.filter((one) => one.bases === 'all' || bases('bookworm').includes(base));
}

const enforces = ({ settings }: TopologyCase) =>
  settings.log_driver === 'gtls' || settings.log_transport === 'relp';
const sharesKey = ({ settings }: TopologyCase) => settings.log_topology === 'shared';

/** Whose lines are stored; undefined where nothing is promised: before rsyslog 8.2602 ossl over TCP does not enforce its list of peers. */
export function letIn(topology: TopologyCase, who: Stranger): boolean | undefined {
  const { judging } = topology;
  if (judging === 'anon') return strangers.includes(who);
  if (who !== 'member') return false;
  if (judging === 'certvalid') return true;
  return enforces(topology) ? false : undefined;
}

/** What the run warns of. */
export function warningOf(topology: TopologyCase): RegExp | undefined {
  const { judging } = topology;
  if (judging === 'anon') return /anyone who reaches port 6514 of h1 can send lines/;
  if (judging === 'certvalid')
    return /anyone with a valid certificate from the private CA can send lines to h1/;
  if (!sharesKey(topology) || enforces(topology)) return undefined;
  return /rsyslog 8\.2\d{3}\S* on h1 does not enforce its list of permitted peers.*log_driver: gtls; log_transport: relp/;
}

/** What the server's configuration permits. */
export function serverPermits(topology: TopologyCase): RegExp {
  const { judging } = topology;
  if (judging === 'names') return /ermittedPeer=\["h2", "h3"\]/;
  if (judging === 'certvalid') return /authmode="(x509\/)?certvalid"(?!.*permittedPeer)/is;
  if (judging === 'anon') return /^(?!.*(permittedPeer|CAFile|caCert))/is;
  const peers = Array.from({ length: sharesKey(topology) ? 1 : 2 }, () => `"${judging}:[0-9A-F:]+"`);
  return new RegExp(`ermittedPeer=\\[${peers.join(', ')}\\]`);
}

/** What a client's configuration permits. */
export function clientPermits({ judging }: TopologyCase): RegExp {
  const peer = judging.startsWith('SHA') ? `${judging}:[0-9A-F:]+` : serverName;
  return new RegExp(`ermittedPeers?=\\[?"${peer}"`);
}
