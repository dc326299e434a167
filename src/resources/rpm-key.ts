import { type Static, Type } from 'typebox';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { type PublicKey, readKeys } from './apt/openpgp-keys.ts';
import { fetchCode } from './files/download.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    key: Type.String({
      pattern: '^(/[^\\s]*|(https?|ftp|file)://[^\\s]+|(0[xX])?[0-9A-Fa-f]{8,40})$',
      description: 'a file on the host or an address with the key, or its id: 8 digits or more',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether rpm should trust it' }),
    ),
    fingerprint: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9A-Fa-f ]{40,}$' }), {
        description: 'the key must have one of these, or nothing is imported',
      }),
    ),
    validate_certs: Type.Optional(
      Type.Boolean({ default: true, description: 'false trusts any server that `key` names' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly rpm: boolean;
  /** Of the keys that rpm trusts: 8 digits, or whole fingerprints. */
  readonly versions: readonly string[];
  /** What the file or the address gave. */
  readonly given: Buffer | undefined;
  readonly failure: string | undefined;
}

type Origin = 'file' | 'address' | 'id';

const mostBytes = 1_048_576;

function originOf({ key }: Arguments): Origin {
  if (key.startsWith('/')) return 'file';
  return key.includes('://') ? 'address' : 'id';
}

function meantKey({ given }: State): PublicKey | undefined {
  return given && readKeys(given)[0];
}

function idOf(want: Arguments, have: State): string {
  const id = originOf(want) === 'id' ? want.key.replace(/^0x/i, '') : meantKey(have)?.fingerprint;
  return (id ?? '').toLowerCase();
}

// rpm names a key by the last eight digits of its id, since rpm 6 by all of its fingerprint.
function held(want: Arguments, have: State): readonly string[] {
  const id = idOf(want, have);
  return id === '' ? [] : have.versions.filter((version) => version.endsWith(id.slice(-8)));
}

function imports(want: Arguments): string {
  if (originOf(want) === 'file') return `rpm --import ${quote(want.key)}`;
  return `provision_key=$(mktemp) || exit 1
${fetchCode({ url: want.key, validate_certs: want.validate_certs })} >"$provision_key" && rpm --import "$provision_key"
provision_code=$?; rm -f -- "$provision_key"; [ "$provision_code" = 0 ]`;
}

/** A key that rpm trusts. */
export const rpmKey: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'rpm_key',
  summary: 'Have rpm trust a key, or no longer; gpg is not needed',
  schema,
  effect: 'opaque',
  probe(want) {
    const origin = originOf(want);
    const asks = {
      known: script(`${systemPath}
command -v rpm >/dev/null || exit 0
echo rpm
rpm -q gpg-pubkey --qf 'key %{version}\\n' | grep '^key ' || :`),
      file: origin === 'file' ? path(want.key, { follow: true, text: { most: mostBytes } }) : undefined,
      fetched:
        origin === 'address'
          ? script(
              `${fetchCode({ url: want.key, validate_certs: want.validate_certs })} | base64 | tr -d '\\n'`,
            )
          : undefined,
    };
    return asking(asks, ({ known, file, fetched }): State => {
      const lines = known.stdout.split('\n');
      return {
        rpm: lines.includes('rpm'),
        versions: lines.flatMap((line) => (line.startsWith('key ') ? [line.slice(4).toLowerCase()] : [])),
        given: file?.content ?? (fetched && Buffer.from(fetched.stdout, 'base64')),
        failure: fetched?.stdout === '' ? fetched.stderr.trim() || 'nothing came' : undefined,
      };
    });
  },
  reliesOn: (want) => (originOf(want) === 'file' ? [want.key] : []),
  refuse(want, have) {
    const origin = originOf(want);
    if (!have.rpm) return ['the host has no rpm'];
    if (have.failure !== undefined) return [`${want.key} could not be fetched: ${have.failure}`];
    if (origin === 'file' && have.given === undefined) return [`there is no file ${want.key} on the host`];
    const key = meantKey(have);
    if (origin !== 'id' && !key) return [`${want.key} holds no public key`];
    if (want.state === 'absent' || held(want, have).length > 0) return [];
    if (origin === 'id')
      return [`the key ${want.key} is not there: give the file or the address that has it`];
    const wanted = want.fingerprint?.map((one) => one.replaceAll(' ', '').toUpperCase());
    return wanted === undefined || wanted.includes(key?.fingerprint.toUpperCase() ?? '')
      ? []
      : [
          `the fingerprint of the key is ${key?.fingerprint}, not ${wanted.join(' or ')}: nothing was imported`,
        ];
  },
  diff(want, have) {
    const there = held(want, have).length > 0;
    if (there === (want.state !== 'absent')) return [];
    const [from, to] = there ? ['present', 'absent'] : ['absent', 'present'];
    return [{ attribute: `key ${idOf(want, have).toUpperCase()}`, from, to }];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const names = held(want, have).map((version) => quote(`gpg-pubkey-${version}`));
    const code = want.state === 'absent' ? `rpm --erase --allmatches ${names.join(' ')}` : imports(want);
    return [{ kind: 'script', script: `${systemPath}\n${code}` }];
  },
};
