import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath, ownershipArguments } from './argument-schemas.ts';
import { backupResult, backupScript } from './files/backup.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFile,
  editedFileState,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import { filePremises } from './files/file-premises.ts';
import { fileRemoval } from './files/file-removal.ts';
import { cryptoBackend } from './keys/crypto-backend.ts';
import { derOf, keyFingerprint, sshPublicKey } from './keys/public-key.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the public key'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    format: Type.Optional(
      Type.Enum(['PEM', 'OpenSSH'], { default: 'PEM', description: 'how it is written' }),
    ),
    privatekey_path: Type.Optional(hostPath('the private key of which it is the public half')),
    privatekey_content: Type.Optional(
      Type.String({ minLength: 1, description: 'the private key itself; it travels over stdin' }),
    ),
    privatekey_passphrase: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\u0000]+$',
        description: 'what protects the private key; openssl gets it in its environment',
      }),
    ),
    force: Type.Optional(Type.Boolean({ default: false, description: 'write it anew each time' })),
    backup: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'keep the old key beside the new one, with the time in its name',
      }),
    ),
    return_content: Type.Optional(
      Type.Boolean({ default: false, description: 'register the key as `publickey`' }),
    ),
    select_crypto_backend: cryptoBackend,
    ...ownershipArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly program: boolean;
  /** The private key is there. */
  readonly key: boolean;
  readonly file: EditedFileState;
  /** The public half of the private key, in PEM. */
  readonly wanted: string | undefined;
  readonly said: string;
}

function question({ state, privatekey_path: from, privatekey_content: given, ...want }: Arguments): string {
  if (state === 'absent' || (from === undefined && given === undefined)) return ':';
  const there = from === undefined ? '' : `[ -f ${quote(from)} ] || { echo 'key no'; exit 0; }`;
  const source = from === undefined ? `printf '%s\\n' ${quote(given ?? '')}` : `cat -- ${quote(from)}`;
  return `${printFunction}
command -v openssl >/dev/null || { echo 'program no'; exit 0; }
${there}
provision_phrase=${quote(want.privatekey_passphrase ?? '')}; export provision_phrase
provision_made=$(${source} | openssl pkey -passin env:provision_phrase -pubout 2>&1)
case $? in 0) provision_print wanted "$provision_made" ;; *) provision_print said "$provision_made" ;; esac`;
}

function fresh({ format }: Arguments, { wanted }: State): Buffer | undefined {
  if (wanted === undefined) return undefined;
  if (format !== 'OpenSSH') return Buffer.from(`${wanted}\n`);
  const text = sshPublicKey(derOf(wanted) ?? Buffer.alloc(0));
  return text === undefined ? undefined : Buffer.from(text);
}

// A comment behind a key of OpenSSH, and how lines are broken in PEM, say nothing of the key.
function same(want: Arguments, have: State, wanted: Buffer): boolean {
  const found = have.file.content?.toString() ?? '';
  if (want.format === 'OpenSSH') return found.trim().split(/\s+/).slice(0, 2).join(' ') === wanted.toString();
  const der = derOf(wanted.toString());
  return der !== undefined && derOf(found)?.equals(der) === true;
}

function content(want: Arguments, have: State): Buffer | undefined {
  const wanted = fresh(want, have);
  return wanted && same(want, have, wanted) && !want.force ? have.file.content : wanted;
}

/** The public half of a key. */
export const opensslPublickey: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'openssl_publickey',
  summary: 'Write the public half of a private key of the host with openssl',
  schema,
  effect: 'contained',
  faults(want: Arguments) {
    const { privatekey_path: from, privatekey_content: given } = want;
    if (from !== undefined && given !== undefined)
      return ['privatekey_content: parameters are mutually exclusive: privatekey_path|privatekey_content'];
    return want.state !== 'absent' && from === undefined && given === undefined
      ? ['privatekey_path: one of privatekey_path and privatekey_content is needed with `state: present`']
      : [];
  },
  paths: ({ path: of, privatekey_path: from }) => [
    posix.normalize(of),
    ...(from === undefined ? [] : [posix.normalize(from)]),
  ],
  repeats: ({ force, state }) => force === true && state !== 'absent',
  probe: (want, { contents }) =>
    asking({ file: editedFile(want.path), seen: script(question(want)) }, ({ file, seen }) => {
      const answer = new Answer(seen, `the public key ${want.path}`);
      return {
        program: answer.get('program') !== 'no',
        key: answer.get('key') !== 'no',
        file: editedFileState(file, contents),
        wanted: answer.bytes('wanted')?.toString(),
        said: answer.bytes('said')?.toString().trim() ?? '',
      };
    }),
  premises: (want) => filePremises(want, want.path),
  reliesOn: ({ privatekey_path: from }) => (from === undefined ? [] : [from]),
  refuse(want, have) {
    if (want.state === 'absent') return [];
    if (!have.program) return ['the host has no openssl; install the package openssl first'];
    if (!have.key) return [`the private key ${want.privatekey_path} does not exist on the host`];
    if (have.wanted === undefined) return [`openssl cannot read the private key: ${have.said}`];
    if (fresh(want, have) === undefined)
      return ['OpenSSH has no such kind of key: use RSA, Ed25519, or ECC with a curve of NIST'];
    return refuseEditedFile({ path: want.path, create: true }, have.file, true);
  },
  diff(want, have): readonly Change[] {
    if (want.state === 'absent')
      return have.file.stat.kind === 'absent' ? [] : [{ attribute: 'key', from: 'present', to: 'absent' }];
    const changes = diffEditedFile(want, have.file, content(want, have));
    const written = changes.some(({ attribute }) => attribute === 'state' || attribute === 'content');
    return want.force && !written ? [{ attribute: 'content', to: 'written anew' }, ...changes] : changes;
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    if (want.state !== 'absent') return writeEditedFile(want, changes, have.file, content(want, have));
    const before = want.backup ? `${backupScript(want.path)}\n` : '';
    return [{ kind: 'script', script: `${before}${fileRemoval(want.path)}` }];
  },
  result(want, have, outputs) {
    const der = derOf(have.wanted ?? '');
    return {
      filename: want.path,
      format: want.format ?? 'PEM',
      privatekey: want.privatekey_path ?? null,
      ...(der && { fingerprint: keyFingerprint(der) }),
      ...(want.return_content && { publickey: content(want, have)?.toString() ?? null }),
      ...backupResult(outputs),
    };
  },
};
