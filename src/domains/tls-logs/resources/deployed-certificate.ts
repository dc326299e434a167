import type { X509Certificate } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { clock } from '../../../probes/clock.ts';
import { path } from '../../../probes/path.ts';
import { asking } from '../../../probes/probe.ts';
import { ProbeError } from '../../../probes/probe-error.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import { dnsNames, parseCertificates } from '../certificates/certificate.ts';
import { keyBeside } from '../certificates/pem-content.ts';
import type { Reason } from '../certificates/reason.ts';
import { certificateSeen } from '../ledger/certificate-observation.ts';
import { daemonUser } from '../probes/daemon-user.ts';
import { pem, pemOf } from '../probes/pem.ts';
import { store } from '../probes/store.ts';
import {
  beginVersion,
  type CertificateStore,
  deployedSeen,
  inUseOrNewer,
  publishVersion,
  readStore,
  type StoredVersion,
  storeArguments,
  storeResult,
  untilText,
  useVersion,
  versionChanges,
} from './files/certificate-store.ts';
import { noteIn, type RenewalNote } from './files/renewal-note.ts';
import { userFault } from './files/user-command.ts';

const schema = Type.Object(
  {
    ...storeArguments,
    certificate: hostPath('the certificate with its intermediates (fullchain.pem); links are followed'),
    key: hostPath('its key; links are followed'),
    record: Type.Optional(
      hostPath(
        'what a program writes down that deploys renewals by itself, JSON; only `provision certs` reads it',
      ),
    ),
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
  readonly note: RenewalNote | 'none' | 'damaged';
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
  if (version) return useVersion(want, have.store.daemon, version.name);
  return `${beginVersion(want.dest)}
cat -- ${quote(want.certificate)} >"$d/.new/fullchain.pem" && cat -- ${quote(want.key)} >"$d/.new/privkey.pem" || provision_abandon
${publishVersion(want, have.store.daemon, false)}`;
}

// What a program made of the certificate that is there; of an earlier one it does not matter any more.
function renewalSeen({ note, source: found }: State): { readonly trouble?: string; readonly note?: string } {
  if (note === 'none' || note === 'damaged' || note.fingerprint !== found?.fingerprint256) return {};
  const day = note.time.slice(0, 10);
  if (note.state === 'failed') return { trouble: `it was not put to use on ${day}: ${note.reason}` };
  if (note.state === 'begun') return { trouble: `putting it to use was cut off on ${day}` };
  return { note: `put to use by itself at ${note.time}${note.did ? `: ${note.did}` : ''}` };
}

/** A copy of a certificate and key that lie elsewhere on the host, where and as a daemon may read them. */
export const deployedCertificate: HostResource<Args, State> = {
  kind: 'host',
  name: 'deployed_certificate',
  summary: 'A certificate and its key, copied together to where a daemon may read them',
  schema,
  effect: 'contained',
  paths: ({ dest, certificate, key }) => [`${dest}/`, certificate, key],
  probe: (want, { observations = false }) =>
    asking(
      {
        note:
          observations && want.record !== undefined
            ? path(want.record, { access: true, text: { most: 100_000 } })
            : undefined,
        seen: store({ dest: want.dest, keys: 'sums' }),
        chain: pem(want.certificate),
        certificate: path(want.certificate, { access: true, sum: 'sha256' }),
        key: path(want.key, { access: true, sum: 'sha256' }),
        daemon: daemonUser(want.user_command),
        time: clock(),
      },
      ({ note, seen, chain, certificate, key, daemon, time }) => {
        const text = pemOf(chain) ?? '';
        const missing = (['certificate', 'key'] as const).filter(
          (name) => !{ certificate, key }[name].may?.includes('r'),
        );
        const sums = [certificate.sum, key.sum];
        return {
          note: note ? noteIn(note) : 'none',
          missing,
          mixed: keyBeside(text, want.certificate),
          source: source(text, want.certificate),
          store: readStore(seen, daemon, time),
          same: seen.versions
            .filter(({ chainSum, keySum }) => chainSum !== '' && chainSum === sums[0] && keySum === sums[1])
            .map(({ name }) => name),
        };
      },
    ),
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
    return [
      certificateSeen({ place: dest, stage: 'issued', ...chain, ...renewalSeen(have) }),
      deployedSeen(dest, have.store),
    ];
  },
};
