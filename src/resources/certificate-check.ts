import { type Static, Type } from 'typebox';
import { bundledRoot } from '../certs/bundled-root.ts';
import { fingerprint, normalFingerprint, parseCertificates } from '../certs/certificate.ts';
import { checkCertificate } from '../certs/certificate-check.ts';
import { quote } from '../shell/quote.ts';
import { Answer } from './answer.ts';
import { hostPath } from './argument.ts';
import type { HostResource, SourceFile } from './resource.ts';

const schema = Type.Object(
  {
    certificate: hostPath('the certificate with its intermediates, PEM'),
    key: Type.Optional(hostPath('its key; only the public half is looked at')),
    purpose: Type.Enum(['server', 'client'], { description: 'what the certificate is shown as' }),
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
  /** By the host's clock. */
  readonly now: Date;
  /** Undefined when the file cannot be read. */
  readonly chain: string | undefined;
  readonly key: 'unasked' | 'missing' | 'unreadable' | { readonly publicKey: string };
  readonly authorities: string | undefined;
}

function script({ certificate, key, ca_file }: Args): string {
  const read = (name: string, path: string) =>
    `[ ! -r ${quote(path)} ] || printf '${name} %s\\n' "$(base64 <${quote(path)} | tr -d '\\n')"`;
  const lines = [`printf 'now %s\\n' "$(date +%s)"`, read('chain', certificate)];
  if (ca_file) lines.push(read('authorities', ca_file));
  if (key)
    lines.push(
      `if [ ! -r ${quote(key)} ]; then echo 'key missing'`,
      `elif public=$(openssl pkey -in ${quote(key)} -pubout 2>/dev/null </dev/null); then`,
      `printf 'key there\\npublic %s\\n' "$(printf '%s' "$public" | base64 | tr -d '\\n')"`,
      `else echo 'key unreadable'; fi`,
    );
  return `${lines.join('\n')}\ntrue`;
}

function readKey(answer: Answer): State['key'] {
  const key = answer.get('key');
  if (key === 'missing' || key === 'unreadable') return key;
  return key ? { publicKey: answer.bytes('public')?.toString('utf8') ?? '' } : 'unasked';
}

function authorities(want: Args, have: State): string | undefined {
  if (want.source_file) return Buffer.from(want.source_file.content).toString('utf8');
  return have.authorities ?? bundledRoot(normalFingerprint(want.ca_fingerprint ?? ''));
}

// Why the files themselves cannot be judged.
function fileFaults(want: Args, have: State): string[] {
  const issue = want.certificate.startsWith('/etc/letsencrypt/')
    ? `; certbot puts it there: certbot certonly -d ${want.names[0] ?? 'NAME'}, then run again`
    : '; put it there, or name another file';
  const faults = have.chain === undefined ? [`there is no certificate ${want.certificate}${issue}`] : [];
  if (have.key === 'missing') faults.push(`there is no key ${want.key}${issue}`);
  if (have.key === 'unreadable')
    faults.push(
      `openssl cannot read the key ${want.key}: install openssl there, or give a PEM key without passphrase`,
    );
  if (want.ca_file && have.authorities === undefined) faults.push(`there is no CA file ${want.ca_file}`);
  return faults;
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
  probe: (want) => ({
    script: script(want),
    parse: (output) => {
      const answer = new Answer(output, want.certificate);
      const text = (key: string) => answer.bytes(key)?.toString('utf8');
      const now = new Date(Number(answer.need('now')) * 1000);
      return { now, chain: text('chain'), key: readKey(answer), authorities: text('authorities') };
    },
  }),
  refuse: (want, have) => {
    const faults = fileFaults(want, have);
    if (have.chain === undefined) return faults;
    const reasons = checkCertificate({
      chain: have.chain,
      publicKey: typeof have.key === 'object' ? have.key.publicKey : undefined,
      authorities: authorities(want, have),
      purpose: want.purpose,
      names: want.names,
      now: have.now,
    });
    return [...faults, ...reasons.map(({ message, fix }) => `${want.certificate}: ${message}: ${fix}`)];
  },
  diff: () => [],
  steps: () => [],
  result: (_want, { chain }) => {
    const [leaf] = parseCertificates(chain ?? '');
    if (!leaf) return {};
    const expires = leaf.validToDate.toISOString();
    return { expires, sha1: fingerprint(leaf, 'SHA1'), sha256: fingerprint(leaf, 'SHA256') };
  },
};
