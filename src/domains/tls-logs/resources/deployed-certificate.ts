import type { X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Answer } from '../../../probes/answer.ts';
import { ProbeError } from '../../../probes/probe-error.ts';
import { scriptProbe } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import { dnsNames, parseCertificates } from '../certificates/certificate.ts';
import { keyBeside } from '../certificates/pem-content.ts';
import type { Reason } from '../certificates/reason.ts';
import { certificateSeen } from '../ledger/certificate-observation.ts';
import {
  beginVersion,
  type CertificateStore,
  deployedSeen,
  inUseOrNewer,
  lookAtStore,
  publishVersion,
  readStore,
  type StoredVersion,
  storeArguments,
  storeResult,
  untilText,
  useVersion,
  versionChanges,
} from './files/certificate-store.ts';
import { userFault } from './files/daemon-user.ts';
import { pemFunctions, readPem } from './files/pem-look.ts';

const schema = Type.Object(
  {
    ...storeArguments,
    certificate: hostPath('the certificate with its intermediates (fullchain.pem); links are followed'),
    key: hostPath('its key; links are followed'),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  readonly store: CertificateStore;
  /** The certificate that is to be deployed; undefined when its file is missing. */
  readonly source: X509Certificate | undefined;
  readonly missing: readonly string[];
  /** A key lies in the certificate's file, which everybody may read once it is deployed. */
  readonly mixed: readonly Reason[];
  /** Versions that equal the source files byte for byte. */
  readonly same: readonly string[];
}

function source(pem: string, path: string): X509Certificate | undefined {
  try {
    return parseCertificates(pem)[0];
  } catch (error) {
    throw new ProbeError(
      `${path} holds a damaged certificate: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function deployed({ store, same }: State): StoredVersion | undefined {
  return inUseOrNewer(store).findLast(({ name, leaf }) => leaf && same.includes(name));
}

function steps(want: Args, have: State): string {
  const version = deployed(have);
  if (version) return useVersion(want, version.name);
  return `${beginVersion(want.dest)}
cat -- ${quote(want.certificate)} >"$d/.new/fullchain.pem" && cat -- ${quote(want.key)} >"$d/.new/privkey.pem" || exit 1
${publishVersion(want)}`;
}

/** A copy of a certificate and key that lie elsewhere on the host, where and as a daemon may read them. */
export const deployedCertificate: HostResource<Args, State> = {
  kind: 'host',
  name: 'deployed_certificate',
  summary: 'A certificate and its key, copied together to where a daemon may read them',
  schema,
  effect: 'contained',
  paths: ({ dest, certificate, key }) => [`${dest}/`, certificate, key],
  probe: (want) => {
    const [certificate, key] = [quote(want.certificate), quote(want.key)];
    const compare = `cmp -s -- ${certificate} "$v/fullchain.pem" && cmp -s -- ${key} "$v/privkey.pem" && same="$same $name"`;
    return scriptProbe({
      script: `same= missing=
[ -r ${certificate} ] || missing=certificate
[ -r ${key} ] || missing="$missing key"
${pemFunctions}
provision_pem source ${certificate}
${lookAtStore(want, compare)}
printf 'same %s\\nmissing %s\\n' "$same" "$missing"`,
      parse: (output) => {
        const answer = new Answer(output, want.dest);
        const words = (key: string) => answer.need(key).split(' ').filter(Boolean);
        const found = { missing: words('missing'), same: words('same') };
        const look = readPem(answer, 'source');
        const pem = look?.kind === 'there' ? look.pem : '';
        const mixed = keyBeside(pem, want.certificate);
        return { ...found, mixed, store: readStore(answer), source: source(pem, want.certificate) };
      },
    });
  },
  refuse: (want, { missing, mixed, source: found, store }) => [
    ...userFault(store.daemon),
    ...mixed.map(({ message, fix }) => `${message}: ${fix}`),
    ...(missing.includes('certificate')
      ? [`the host has no ${want.certificate}: has the certificate been issued?`]
      : []),
    ...(missing.includes('key') ? [`the host has no ${want.key}: has the certificate been issued?`] : []),
    ...(found || missing.includes('certificate') ? [] : [`${want.certificate} holds no certificate`]),
  ],
  diff: (want, have) => {
    const version = deployed(have);
    if (version) return versionChanges(want, have.store, version);
    const old = have.store.versions.find(({ name }) => name === have.store.current)?.leaf;
    const text = (one: X509Certificate) =>
      `${dnsNames(one).join(', ')}, ${untilText(one)}, ${one.fingerprint256.slice(0, 11)}..`;
    const to = have.source ? text(have.source) : want.certificate;
    return [{ attribute: 'certificate', from: old ? text(old) : 'absent', to }];
  },
  steps: (want, _changes, have) => [{ kind: 'script', script: steps(want, have) }],
  result: (want, have, outputs) => storeResult(want, have.store, outputs),
  observations: ({ dest }, have) => {
    if (!have) return [];
    const chain = have.source && { chain: have.source.toString() };
    return [certificateSeen({ place: dest, stage: 'issued', ...chain }), deployedSeen(dest, have.store)];
  },
};
