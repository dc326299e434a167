import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { type AptFiles, askAptFiles, readAptFiles } from './apt/apt-files.ts';
import { armored, isArmored, isKeybox, type PublicKey, readKeys } from './apt/openpgp-keys.ts';
import { hostPath } from './argument-schemas.ts';
import { fetchCode } from './files/download.ts';
import { type EditedFileState, writeEditedFile } from './files/edited-file.ts';
import { fileRemoval } from './files/file-removal.ts';
import { missingFile } from './files/listed-files.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const schema = Type.Object(
  {
    id: Type.Optional(
      Type.String({
        pattern: '^(0[xX])?([0-9A-Fa-f]{8}|[0-9A-Fa-f]{16,64})$',
        description: 'the key: 8, 16 or more digits of its fingerprint; taken from the key without it',
      }),
    ),
    data: Type.Optional(Type.String({ minLength: 1, description: 'the key itself, as text' })),
    file: Type.Optional(hostPath('file with the key')),
    url: Type.Optional(
      Type.String({
        pattern: '^(https?|ftp|file)://[^\\s]+$',
        description: 'where the host fetches the key',
      }),
    ),
    keyserver: Type.Optional(
      Type.String({
        pattern: '^(hkps?://|https?://)?[A-Za-z0-9.:_-]+/?$',
        description: 'server that the host asks for the key; needs `id`',
      }),
    ),
    keyring: Type.Optional(
      hostPath('file of keys, as `signed-by` names it; without it a file of its own in trusted.gpg.d'),
    ),
    validate_certs: Type.Optional(
      Type.Boolean({ default: true, description: 'false trusts any server that `url` names' }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether apt should trust it' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State extends AptFiles {
  /** What `file` or `url` gave, where that had to be known. */
  readonly given: Buffer | undefined;
  readonly failure: string | undefined;
}

const mostBytes = 1_048_576;
const sources = ['data', 'file', 'url', 'keyserver'] as const;

// Without an id the key has to be seen to know which one it is.
function asksAddress({ url, id }: Arguments): string | undefined {
  return id === undefined ? url : undefined;
}

function givenKeys(want: Arguments, have: State): readonly PublicKey[] {
  const bytes = want.data === undefined ? have.given : Buffer.from(want.data);
  return bytes ? readKeys(bytes) : [];
}

function idOf(want: Arguments, have: State): string {
  const id = want.id?.replace(/^0x/i, '').toUpperCase();
  return id ?? givenKeys(want, have)[0]?.fingerprint ?? '';
}

// As Ansible compares: 8 digits with 8, everything longer by its last 16.
function isMeant(key: PublicKey, id: string): boolean {
  const wanted = id.length === 8 ? id : id.slice(-16);
  return key.ids.some((one) => one.endsWith(wanted));
}

function holders(want: Arguments, have: State): readonly EditedFileState[] {
  const id = idOf(want, have);
  return have.files.filter(({ content }) =>
    readKeys(content ?? Buffer.alloc(0)).some((key) => isMeant(key, id)),
  );
}

function placeOf(want: Arguments, have: State): EditedFileState {
  const target =
    want.keyring ?? posix.join(have.trustedParts, `provision-${idOf(want, have).slice(-16)}.gpg`);
  return have.files.find((file) => file.target === target) ?? missingFile(target, false);
}

function written(file: EditedFileState, bytes: Buffer): Buffer {
  return file.target.endsWith('.asc') || isArmored(file.content ?? Buffer.alloc(0)) ? armored(bytes) : bytes;
}

function joined(keys: readonly PublicKey[]): Buffer {
  return Buffer.concat(keys.map(({ bytes }) => bytes));
}

function address(want: Arguments, id: string): string {
  if (want.url !== undefined) return want.url;
  const server = (want.keyserver ?? '').replace(/\/$/, '');
  const [, scheme = 'hkp', place = ''] = /^(?:(\w+):\/\/)?(.*)$/.exec(server) ?? [];
  const port = /:\d+$/.test(place) || scheme !== 'hkp' ? '' : ':11371';
  const web = scheme === 'hkps' || scheme === 'https' ? 'https' : 'http';
  return `${web}://${place}${port}/pks/lookup?op=get&options=mr&search=0x${id}`;
}

// What is fetched is text or bytes; in the file it is bytes, behind those that are there.
function fetchScript(want: Arguments, file: EditedFileState, id: string): string {
  const target = quote(file.target);
  const text = file.target.endsWith('.asc') || isArmored(file.content ?? Buffer.alloc(0));
  const plain = `tr -d '\\r' <"$provision_own" | sed -n '/^-----BEGIN PGP PUBLIC/,/^-----END PGP PUBLIC/{/^-----/d;/: /d;/^=/d;/^ *$/d;p;}' | base64 -d`;
  const packed = `{ echo '-----BEGIN PGP PUBLIC KEY BLOCK-----'; echo; base64 <"$provision_own"; echo '-----END PGP PUBLIC KEY BLOCK-----'; }`;
  const same = 'cat -- "$provision_own"';
  const code = `provision_own=$(mktemp) || exit 1
${fetchCode({ url: address(want, id), validate_certs: want.validate_certs })} >"$provision_own" || { rm -f -- "$provision_own"; exit 1; }
[ ! -f ${target} ] || cat -- ${target} || exit 1
if grep -q -e '-----BEGIN PGP PUBLIC KEY BLOCK-----' "$provision_own"; then ${text ? same : plain}
else ${text ? packed : same}; fi
provision_code=$?; rm -f -- "$provision_own"; [ "$provision_code" = 0 ]`;
  return putScript(file.target, code, file.content ? {} : { mode: '0644' });
}

/** A key that apt trusts. */
export const aptKey: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'apt_key',
  summary: 'Have apt trust a key, or no longer; neither apt-key nor gpg is needed',
  schema,
  effect: 'opaque',
  paths: (want) => [want.keyring ?? '/etc/apt/', ...(want.file === undefined ? [] : [want.file])],
  probe(want, { contents }) {
    const web = asksAddress(want);
    const asks = {
      output: askAptFiles('keys', want.keyring),
      file:
        want.file === undefined ? undefined : path(want.file, { follow: true, text: { most: mostBytes } }),
      fetched:
        web === undefined
          ? undefined
          : script(`${fetchCode({ url: web, validate_certs: want.validate_certs })} | base64 | tr -d '\\n'`),
    };
    return asking(asks, ({ output, file, fetched }) => {
      const given = file?.content ?? (fetched && Buffer.from(fetched.stdout, 'base64'));
      const failure = fetched && fetched.stdout === '' ? fetched.stderr.trim() || 'nothing came' : undefined;
      return { ...readAptFiles(output, contents), given, failure };
    });
  },
  reliesOn: (want) => (want.file === undefined ? [] : [want.file]),
  refuse(want, have) {
    const named = sources.filter((one) => want[one] !== undefined);
    if (named.length > 1) return [`${named.join(', ')} exclude each other: name one`];
    if (want.keyserver !== undefined && want.id === undefined) return ['keyserver needs id'];
    if (want.id === undefined && named.length === 0)
      return [
        want.state === 'absent'
          ? 'key is required to remove a key: give id'
          : 'give data, file, url or keyserver',
      ];
    if (want.keyring === undefined && !have.apt) return ['the host has no apt'];
    if (have.failure !== undefined) return [`${want.url} could not be fetched: ${have.failure}`];
    if (want.file !== undefined && have.given === undefined)
      return [`there is no file ${want.file} on the host`];
    if ((want.data ?? have.given) !== undefined && givenKeys(want, have).length === 0)
      return ['what was given holds no public key'];
    if (holders(want, have).length > 0 === (want.state !== 'absent')) return [];
    if (want.state !== 'absent' && named.length === 0)
      return [`the key ${want.id} is not there: give data, file, url or keyserver`];
    const id = idOf(want, have);
    const other = want.state !== 'absent' && (want.data ?? have.given) !== undefined;
    if (other && !givenKeys(want, have).some((key) => isMeant(key, id)))
      return [`what was given is not the key ${id}`];
    const boxes = (want.state === 'absent' ? holders(want, have) : [placeOf(want, have)]).filter(
      ({ content }) => content && isKeybox(content),
    );
    return boxes.map(
      ({ target }) =>
        `${target} is in GnuPG's own form, which apt does not read; write it anew with gpg --export`,
    );
  },
  diff(want, have): readonly Change[] {
    const there = holders(want, have);
    const id = idOf(want, have);
    if (want.state === 'absent')
      return there.map(({ target }) => ({
        attribute: `key ${id} in ${target}`,
        from: 'present',
        to: 'absent',
      }));
    if (there.length > 0) return [];
    return [{ attribute: `key ${id} in ${placeOf(want, have).target}`, from: 'absent', to: 'present' }];
  },
  steps(want, changes, have): readonly Step[] {
    if (changes.length === 0) return [];
    const id = idOf(want, have);
    const content: Change = { attribute: 'content' };
    if (want.state === 'absent') {
      return holders(want, have).flatMap((file): Step[] => {
        const left = readKeys(file.content ?? Buffer.alloc(0)).filter((key) => !isMeant(key, id));
        return left.length === 0
          ? [{ kind: 'script', script: fileRemoval(file.target) }]
          : writeEditedFile({ path: file.target }, [content], file, written(file, joined(left)));
      });
    }
    const file = placeOf(want, have);
    const keys = givenKeys(want, have);
    if (keys.length === 0) return [{ kind: 'script', script: fetchScript(want, file, id) }];
    const all = [...readKeys(file.content ?? Buffer.alloc(0)), ...keys];
    const edit = { path: file.target, ...(file.content ? {} : { mode: '0644' }) };
    return writeEditedFile(edit, [content], file, written(file, joined(all)));
  },
  result(want, have, outputs, before = have) {
    const id = idOf(want, before);
    const known = ({ files }: State) =>
      files.flatMap(({ content }) => readKeys(content ?? Buffer.alloc(0)).flatMap(({ ids }) => ids));
    return {
      id: want.id ?? id,
      key_id: id,
      short_id: id.slice(-8),
      fp: id.slice(-16),
      before: known(before),
      ...(outputs.length > 0 && { after: known(have) }),
    };
  },
};
