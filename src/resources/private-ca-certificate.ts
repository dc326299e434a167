import { X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { dnsNames } from '../certs/certificate.ts';
import { keyMatches } from '../certs/key-match.ts';
import { servesPurpose } from '../certs/purpose.ts';
import { printBytes } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { Answer } from './answer.ts';
import {
  beginVersion,
  type CertificateStore,
  lookAtStore,
  publishVersion,
  readStore,
  type StoredVersion,
  storeArguments,
  storeResult,
  untilText,
  useVersion,
  versionChanges,
} from './certificates/certificate-store.ts';
import { userFault } from './certificates/daemon-user.ts';
import type { Change, HostResource, IssueStep } from './resource.ts';

const schema = Type.Object(
  {
    ...storeArguments,
    ca: Type.String({
      minLength: 1,
      description: "directory of the private CA on the control node, made when it isn't there",
    }),
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
type Args = Static<typeof schema> & { readonly authority_certificate?: string };

const day = 86_400_000;

function issuedBy(leaf: X509Certificate, pem: string): boolean {
  const authority = new X509Certificate(pem);
  return leaf.checkIssued(authority) && leaf.verify(authority.publicKey);
}

// Why a certificate on the host cannot stay; undefined when it can.
function fault(
  want: Args,
  { now }: CertificateStore,
  { leaf, publicKey }: StoredVersion,
): string | undefined {
  if (!leaf) return 'the old one is damaged';
  if (!keyMatches(leaf, publicKey)) return 'the old one does not fit its key';
  if (want.authority_certificate === undefined) return 'the old one is from another CA; a new CA is made';
  if (!issuedBy(leaf, want.authority_certificate)) return 'the old one is from another CA';
  const names = dnsNames(leaf);
  const sorted = (list: readonly string[]) =>
    [...new Set(list.map((name) => name.toLowerCase()))].sort().join(' ');
  if (sorted(names) !== sorted(want.names)) return `the old one is for ${names.join(', ')}`;
  if (!servesPurpose(leaf, 'client') || servesPurpose(leaf, 'server') !== want.server)
    return 'the old one is for another purpose';
  const left = (leaf.validToDate.getTime() - now.getTime()) / day;
  // A certificate that its CA's end cut short must not be renewed for ever.
  const life = (leaf.validToDate.getTime() - leaf.validFromDate.getTime()) / day;
  const limit = Math.min(want.renew_days ?? want.days / 3, life < want.days ? life / 3 : want.days);
  if (left >= limit) return undefined;
  return left < 0
    ? `the old one expired (${untilText(leaf)})`
    : `the old one has ${Math.floor(left)} days left`;
}

function usable(want: Args, have: CertificateStore): StoredVersion | undefined {
  return have.versions.findLast((version) => fault(want, have, version) === undefined);
}

function issueChange(want: Args, have: CertificateStore): Change {
  const old = have.versions.find(({ name }) => name === have.current) ?? have.versions.at(-1);
  const reason = old
    ? fault(want, have, old)
    : want.authority_certificate === undefined
      ? 'the private CA is made, too'
      : undefined;
  const from = old?.leaf ? `${dnsNames(old.leaf).join(', ')}, ${untilText(old.leaf)}` : 'absent';
  const to = `${want.names.join(', ')}, ${want.days} days, from the private CA${reason ? ` (${reason})` : ''}`;
  return { attribute: 'certificate', from, to };
}

function issueStep(want: Args): IssueStep {
  const { ca, names, days, server, dest } = want;
  const requestScript = `${beginVersion(dest)}
key=$d/.new/privkey.pem
error=$(openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key" 2>&1) || { echo "$error" >&2; exit 1; }
openssl req -new -key "$key" -subj /CN=provision`;
  const install = (chain: string) => `d=${quote(dest)}
{ ${printBytes(chain)}
} >"$d/.new/fullchain.pem" || exit 1
${publishVersion(want)}`;
  return { kind: 'issue', requestScript, ca, names, days, server, install };
}

/** A certificate of the private CA: its key is made on the host and never leaves it, the control node signs. */
export const privateCaCertificate: HostResource<Args, CertificateStore> = {
  kind: 'host',
  name: 'private_ca_certificate',
  summary: "A certificate from the playbook's own CA, with a key that is made on the host and stays there",
  schema,
  effect: 'contained',
  authority: 'ca',
  paths: ({ dest }) => [`${dest}/`],
  probe: (want) => ({
    script: lookAtStore(want),
    parse: (output) => readStore(new Answer(output, want.dest)),
  }),
  refuse: ({ days, renew_days = 0 }, { daemon }) => [
    ...userFault(daemon),
    ...(renew_days < days
      ? []
      : [`renew_days (${renew_days}) must be less than days (${days}): every run would renew`]),
  ],
  diff: (want, have) => {
    const version = usable(want, have);
    return version ? versionChanges(want, have, version) : [issueChange(want, have)];
  },
  steps: (want, _changes, have) => {
    const version = usable(want, have);
    return version ? [{ kind: 'script', script: useVersion(want, version.name) }] : [issueStep(want)];
  },
  result: storeResult,
};
