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
import type { Clocks } from '../certificates/validity.ts';
import { type PemAnswer, pem, pemOf } from '../probes/pem.ts';
import { fileFault } from './files/file-fault.ts';
import { type KeyState, keyFaults, keyScript, readKey } from './files/key-state.ts';

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
}

function userAndKey({ key }: Args): string {
  return [`printf 'user %s\\n' "$(id -un)"`, ...(key ? [keyScript(key)] : []), 'true'].join('\n');
}

function authorities(want: Args, have: State): string | undefined {
  if (want.source_file) return Buffer.from(want.source_file.content).toString('utf8');
  return pemOf(have.authorities) ?? bundledRoot(normalFingerprint(want.ca_fingerprint ?? ''));
}

// Why the files themselves cannot be judged.
function fileFaults(want: Args, { chain, key, authorities: roots, user }: State): readonly string[] {
  const issue = want.certificate.startsWith('/etc/letsencrypt/')
    ? `; certbot puts it there: certbot certonly -d ${want.names[0] ?? 'NAME'}, then run again`
    : '; put it there, or name another file';
  const faults = [
    fileFault(chain.kind, 'certificate', want.certificate, user, issue),
    ...(key && want.key ? keyFaults(key, want.key, user, issue) : []),
    roots && want.ca_file && fileFault(roots.kind, 'CA file', want.ca_file, user, ''),
  ];
  return faults.filter((fault) => fault !== undefined);
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
        output: script(userAndKey(want)),
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
        };
      },
    ),
  refuse: (want, have) => {
    const faults = fileFaults(want, have);
    const chain = pemOf(have.chain);
    if (chain === undefined) return faults;
    const reasons = checkCertificate({
      chain,
      publicKey: have.key?.kind === 'there' ? have.key.publicKey : undefined,
      authorities: authorities(want, have),
      purposes: want.purpose,
      names: want.names,
      clocks: have.clocks,
    });
    return [...faults, ...reasons.map(({ message, fix }) => `${want.certificate}: ${message}: ${fix}`)];
  },
  diff: () => [],
  steps: () => [],
  result: (_want, { chain }) => {
    const [leaf] = parseCertificates(pemOf(chain) ?? '');
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
