import { type Static, Type } from 'typebox';
import { Answer } from '../../../probes/answer.ts';
import { clock } from '../../../probes/clock.ts';
import { asking } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource, SourceFile } from '../../../resources/resource.ts';
import { bundledRoot } from '../certificates/bundled-root.ts';
import { fingerprint, normalFingerprint, parseCertificates } from '../certificates/certificate.ts';
import { checkCertificate } from '../certificates/certificate-verdict.ts';
import { servesPurpose } from '../certificates/purpose.ts';
import type { Reason } from '../certificates/reason.ts';
import type { Clocks } from '../certificates/validity.ts';
import { type PemAnswer, pem, pemOf } from '../probes/pem.ts';
import {
  type CertificateFile,
  certificateFileScript,
  readCertificateFile,
} from './files/certificate-file.ts';
import { natureFault, otherPlace } from './files/certificate-nature.ts';
import { fileFault } from './files/file-fault.ts';
import { type KeyState, keyFaults, keyScript, readKey } from './files/key-state.ts';
import { askOpenssl, opensslReasons } from './files/openssl-verdict.ts';

const schema = Type.Object(
  {
    certificate: hostPath('the certificate with its intermediates, PEM'),
    key: Type.Optional(hostPath('its key; only the public half is looked at')),
    purpose: Type.Array(Type.Enum(['server', 'client']), {
      description: 'what the certificate is shown as: server, client, or both; [] where nobody asks',
    }),
    names: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      description: 'DNS names that it must be for',
    }),
    ca_src: Type.Optional(
      Type.String({ minLength: 1, description: 'CA file of the other side, on the control node' }),
    ),
    ca_file: Type.Optional(hostPath('CA file of the other side')),
    ca_fingerprint: Type.Optional(
      Type.String({ minLength: 64, description: 'SHA-256 of the root that the other side trusts' }),
    ),
    library: Type.Enum(['openssl', 'gnutls'], {
      default: 'openssl',
      description:
        "what shows the certificate; with openssl the host's own judges it too, at its security level",
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema> & { readonly source_file?: SourceFile };

interface State {
  readonly clocks: Clocks;
  /** Who looked. */
  readonly user: string;
  readonly chain: PemAnswer;
  readonly key: KeyState | undefined;
  readonly authorities: PemAnswer | undefined;
  readonly file: CertificateFile;
  /** What the host's OpenSSL has against it. */
  readonly verdict: (describeKey: string) => readonly Reason[];
}

function hostScript(want: Args): string {
  const { certificate, key, purpose: purposes, names, library } = want;
  const roots = want.ca_file === undefined ? authorities(want, undefined) : undefined;
  return [
    `printf 'user %s\\n' "$(id -un)"`,
    ...(key ? [keyScript(key)] : []),
    certificateFileScript(certificate, names[0]),
    library === 'openssl' ? askOpenssl({ certificate, key, purposes, roots, rootsFile: want.ca_file }) : '',
    'true',
  ].join('\n');
}

function authorities(want: Args, found: PemAnswer | undefined): string | undefined {
  if (want.source_file) return Buffer.from(want.source_file.content).toString('utf8');
  return pemOf(found) ?? bundledRoot(normalFingerprint(want.ca_fingerprint ?? ''));
}

// Why the files themselves cannot be judged.
function fileFaults(want: Args, { chain, key, authorities: roots, user, file }: State): readonly string[] {
  const issue = otherPlace(file, want.names[0]) ?? usualPlace(want);
  const natural = natureFault(file, want.certificate, want.names[0]);
  const faults = [
    natural ?? fileFault(chain.kind, 'certificate', want.certificate, user, issue),
    ...(key && want.key ? keyFaults(key, want.key, user, issue) : []),
    roots && want.ca_file && fileFault(roots.kind, 'CA file', want.ca_file, user, ''),
  ];
  return faults.filter((fault) => fault !== undefined);
}

function keySize(pem: string): string {
  const { asymmetricKeyType: kind, asymmetricKeyDetails: details } =
    parseCertificates(pem)[0]?.publicKey ?? {};
  return kind === 'rsa' ? `, RSA of ${details?.modulusLength} bits,` : '';
}

function usualPlace({ certificate, names }: Args): string {
  return certificate.startsWith('/etc/letsencrypt/')
    ? `; certbot puts it there: certbot certonly -d ${names[0] ?? 'NAME'}, then run again`
    : '; put it there, or name another file';
}

/** Judges a certificate before anything is touched; it never changes anything. */
export const certificateCheck: HostResource<Args, State> = {
  kind: 'host',
  name: 'certificate_check',
  summary: 'Fails with every reason why a certificate would not be accepted by the other side',
  schema,
  effect: 'read',
  source: { argument: 'ca_src', folder: 'files', render: false },
  paths: ({ certificate, key, ca_file }) => [
    certificate,
    ...(key ? [key] : []),
    ...(ca_file ? [ca_file] : []),
  ],
  probe: (want) =>
    asking(
      {
        chain: pem(want.certificate),
        authorities: want.ca_file === undefined ? undefined : pem(want.ca_file),
        output: script(hostScript(want)),
        time: clock(),
      },
      ({ chain, authorities, output, time }) => {
        const answer = new Answer(output, want.certificate);
        return {
          clocks: { host: new Date(time.now * 1000), here: new Date() },
          user: answer.need('user'),
          chain,
          key: readKey(answer),
          authorities,
          file: readCertificateFile(answer, want.certificate),
          verdict: (describeKey) => opensslReasons(answer, describeKey),
        };
      },
    ),
  refuse: (want, have) => {
    const faults = fileFaults(want, have);
    const chain = pemOf(have.chain);
    // What is no PEM file has been named already.
    if (chain === undefined || have.file.nature !== undefined) return faults;
    const found = checkCertificate({
      chain,
      publicKey: have.key?.kind === 'there' ? have.key.publicKey : undefined,
      authorities: authorities(want, have.authorities),
      library: want.library,
      beside: have.file.beside,
      file: want.certificate,
      purposes: want.purpose,
      names: want.names,
      clocks: have.clocks,
    });
    // The host's own OpenSSL has the last word, where nothing better is said.
    const reasons = found.length > 0 ? found : have.verdict(keySize(chain));
    return [...faults, ...reasons.map(({ message, fix }) => `${want.certificate}: ${message}: ${fix}`)];
  },
  diff: () => [],
  steps: () => [],
  result: (_want, have) => {
    const presented = parseCertificates(pemOf(have.chain) ?? '');
    const [leaf] = presented;
    if (!leaf) return {};
    const [starts, expires] = [leaf.validFromDate.toISOString(), leaf.validToDate.toISOString()];
    const purposes = (['server', 'client'] as const).filter((purpose) => servesPurpose(leaf, purpose));
    return {
      starts,
      expires,
      purposes,
      sha1: fingerprint(leaf, 'SHA1'),
      sha256: fingerprint(leaf, 'SHA256'),
    };
  },
};
