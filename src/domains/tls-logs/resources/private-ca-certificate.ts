import type { X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { clock } from '../../../probes/clock.ts';
import { asking } from '../../../probes/probe.ts';
import type { Change, HostResource, Json } from '../../../resources/resource.ts';
import { printBytes } from '../../../shell/put.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { dnsNames, parseCertificates, readBlock } from '../certificates/certificate.ts';
import { isDnsName } from '../certificates/dns-name.ts';
import { issuingFault } from '../certificates/issuing-fault.ts';
import { keyMatches } from '../certificates/key-match.ts';
import { servesPurpose } from '../certificates/purpose.ts';
import { type CertificateObservation, certificateSeen } from '../ledger/certificate-observation.ts';
import type { IssueStep } from '../private-ca/issue-step.ts';
import { daemonUser } from '../probes/daemon-user.ts';
import { store } from '../probes/store.ts';
import {
  beginVersion,
  type CertificateStore,
  inUseOrNewer,
  publishVersion,
  readStore,
  type StoredVersion,
  storeArguments,
  storeResult,
  untilText,
  useVersion,
  versionChanges,
  versionsIn,
} from './files/certificate-store.ts';
import {
  type PrivateCaWish,
  privateCaArguments,
  privateCaKnowledge,
  privateCaSeen,
  unpermittedNames,
  unusableCa,
} from './files/private-ca-arguments.ts';
import { userFault } from './files/user-command.ts';

const schema = Type.Object(
  {
    ...storeArguments,
    ...privateCaArguments,
    names: Type.Array(Type.String({ minLength: 1 }), {
      minItems: 1,
      description: 'DNS names that the certificate is for',
    }),
    days: Type.Integer({
      minimum: 1,
      maximum: 3650,
      default: 90,
      description: 'how long a new certificate is valid',
    }),
    renew_days: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'renew when fewer days are left; a third of `days` without it',
      }),
    ),
    server: Type.Boolean({
      default: false,
      description: 'the certificate may act as TLS server too, not only as client',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & PrivateCaWish;

const day = 86_400_000;

function issuedBy(leaf: X509Certificate, pem: string): boolean {
  const authority = readBlock(pem);
  return authority !== undefined && leaf.checkIssued(authority) && leaf.verify(authority.publicKey);
}

// Why a certificate on the host cannot stay, however old it is, with 'it' before it; undefined when it can.
function flaw(want: Args, { leaf, publicKey }: StoredVersion): string | undefined {
  if (!leaf) return 'is damaged';
  if (!keyMatches(leaf, publicKey)) return 'does not fit its key';
  if (want.authority_certificate === undefined) return 'is from another CA; a new CA is made';
  if (!issuedBy(leaf, want.authority_certificate)) return 'is from another CA';
  const withdrawn = want.authority_withdrawn?.get(leaf.serialNumber);
  if (withdrawn) return withdrawn === 'revoked' ? 'was revoked' : 'is to be renewed, as was asked for';
  const names = dnsNames(leaf);
  const sorted = (list: readonly string[]) =>
    [...new Set(list.map((name) => name.toLowerCase()))].sort().join(' ');
  if (sorted(names) !== sorted(want.names)) return `is for ${names.join(', ')}`;
  if (!servesPurpose(leaf, 'client') || servesPurpose(leaf, 'server') !== want.server)
    return 'is for another purpose';
  return undefined;
}

// Why it must be replaced now.
function fault(want: Args, { now }: CertificateStore, version: StoredVersion): string | undefined {
  const found = flaw(want, version);
  if (found || !version.leaf) return found;
  const { leaf } = version;
  const left = (leaf.validToDate.getTime() - now.getTime()) / day;
  const limit = renewalLimit(want, leaf);
  if (left >= limit) return undefined;
  return left < 0
    ? `expired (${untilText(leaf)})`
    : `has ${Math.floor(left)} days left, fewer than ${Math.ceil(limit)}`;
}

// Days before its end at which a certificate is renewed. One that its CA's end cut short must not be renewed for ever.
function renewalLimit({ renew_days, days }: Args, leaf: X509Certificate): number {
  const life = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / day;
  return Math.min(renew_days ?? days / 3, life < days ? life / 3 : days);
}

// Of the version in use, or the newest one when none is.
function dates(
  want: Args,
  have: CertificateStore,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  const [printed] = parseCertificates(outputs.at(-1)?.stdout ?? '');
  const used = have.versions.find(({ name }) => name === have.current) ?? have.versions.at(-1);
  const leaf = printed ?? used?.leaf;
  if (!leaf) return {};
  const renewal = new Date(leaf.validToDate.getTime() - renewalLimit(want, leaf) * day);
  return { not_after: leaf.validToDate.toISOString(), renewed_from: renewal.toISOString() };
}

// Issued is the newest one, which may only be prepared; deployed is the one in use.
function seen(want: Args, have: CertificateStore): readonly CertificateObservation[] {
  const place = want.dest;
  const newest = have.versions.at(-1);
  const used = have.versions.find(({ name }) => name === have.current);
  const trouble = used && flaw(want, used);
  return [
    certificateSeen({ place, stage: 'issued', ...(newest && { chain: newest.chain }) }),
    certificateSeen({
      place,
      stage: 'deployed',
      ...(used && { chain: used.chain }),
      ...(used?.leaf && { dueDays: renewalLimit(want, used.leaf) }),
      ...(trouble && { trouble: `it ${trouble}` }),
    }),
  ];
}

function usable(want: Args, have: CertificateStore): StoredVersion | undefined {
  return inUseOrNewer(have).findLast((version) => fault(want, have, version) === undefined);
}

function issueChange(want: Args, have: CertificateStore): Change {
  const old = have.versions.find(({ name }) => name === have.current) ?? have.versions.at(-1);
  const found = old && fault(want, have, old);
  const reason = old
    ? found && `the old one ${found}`
    : want.authority_certificate === undefined
      ? 'the private CA is made, too'
      : undefined;
  const from = old?.leaf ? `${dnsNames(old.leaf).join(', ')}, ${untilText(old.leaf)}` : 'absent';
  const to = `${want.names.join(', ')}, ${want.days} days, from the private CA${reason ? ` (${reason})` : ''}`;
  return { attribute: 'certificate', from, to };
}

function issueStep(want: Args, have: CertificateStore): IssueStep {
  const { ca, names, days, server, dest, permitted_names: permitted } = want;
  const requestScript = `${beginVersion(dest)}
key=$d/.new/privkey.pem
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$key" -subj /CN=provision || provision_abandon`;
  const install = (chain: string) => `${versionsIn(dest)}
{ ${printBytes(chain)}
} >"$d/.new/fullchain.pem" || { provision_unwritten "$d/.new/fullchain.pem"; provision_abandon; }
${publishVersion(want, have.daemon, true)}`;
  return { kind: 'tls-logs:issue', requestScript, ca, names, days, server, permitted, install };
}

/** A certificate of the private CA: its key is made on the host and never leaves it, the control node signs. */
export const privateCaCertificate: HostResource<Args, CertificateStore> = {
  kind: 'host',
  name: 'private_ca_certificate',
  summary: "A certificate from the playbook's own CA, with a key that is made on the host and stays there",
  schema,
  effect: 'contained',
  lateArguments: privateCaKnowledge,
  paths: ({ dest }) => [`${dest}/`],
  probe: ({ dest, user_command }) =>
    asking(
      { seen: store({ dest, keys: 'public' }), daemon: daemonUser(user_command), time: clock() },
      ({ seen, daemon, time }) => readStore(seen, daemon, time),
    ),
  refuse: (want, { daemon, now, here }) => {
    const { days, renew_days = 0, names } = want;
    const bad = names.filter((name) => !isDnsName(name));
    return [
      ...userFault(daemon),
      ...(renew_days < days
        ? []
        : [`renew_days (${renew_days}) must be less than days (${days}): every run would renew`]),
      ...bad.map((name) => `'${name}' cannot be a DNS name of a certificate`),
      // A certificate that every run would renew is refused above, whatever the clocks say.
      ...(renew_days < days ? issuingFault(now, here, days - (want.renew_days ?? days / 3)) : []),
      ...unusableCa(want, now),
      ...unpermittedNames(want, names),
    ];
  },
  diff: (want, have) => {
    const version = usable(want, have);
    return version ? versionChanges(want, have, version) : [issueChange(want, have)];
  },
  steps: (want, _changes, have) => {
    const version = usable(want, have);
    return version
      ? [{ kind: 'script', script: useVersion(want, have.daemon, version.name) }]
      : [issueStep(want, have)];
  },
  result: (want, have, outputs) => ({ ...dates(want, have, outputs), ...storeResult(want, have, outputs) }),
  observations: (want, have) => [privateCaSeen(want), ...(have ? seen(want, have) : [])],
};
