import { posix } from 'node:path';
import { Answer, printFunction } from '../probes/answer.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { backupResult, backupScript } from './files/backup.ts';
import { ownershipChanges, ownershipStep, settledOwnership } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import { madeFileSteps } from './files/made-file.ts';
import { type KeyKind, keyCode, readPrivateKey, standardCurve } from './keys/private-key.ts';
import { type PrivateKeyArguments, privateKeySchema } from './keys/private-key-schema.ts';
import { keyFingerprint } from './keys/public-key.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

interface State {
  readonly program: boolean;
  readonly stat: FileStat;
  /** Undefined where there is none, or none that can be read. */
  readonly found: KeyKind | undefined;
  readonly protected: boolean;
  readonly format: 'pkcs1' | 'pkcs8';
  /** The public half. */
  readonly publicKey: Buffer | undefined;
}

const ownMode = '0600';

function owned(want: PrivateKeyArguments): PrivateKeyArguments {
  return { ...want, mode: want.mode ?? ownMode };
}

function wanted({ type = 'RSA', size = 4096, curve }: PrivateKeyArguments): KeyKind {
  return {
    type,
    size: ['RSA', 'DSA'].includes(type) ? size : undefined,
    curve: type === 'ECC' ? curve : undefined,
  };
}

function shown({ type, size, curve }: KeyKind): string {
  return [type, curve ?? size].filter((one) => one !== undefined).join(' ');
}

// With no passphrase an empty one is given, so that nobody is asked.
function phrase({ passphrase }: PrivateKeyArguments): string {
  return `provision_phrase=${quote(passphrase ?? '')}; export provision_phrase`;
}

function question(want: PrivateKeyArguments): string {
  const file = quote(want.path);
  return `${printFunction}
command -v openssl >/dev/null || { echo 'program no'; exit 0; }
[ -f ${file} ] || exit 0
provision_kept=$(cat ${file}) || exit 1
case $provision_kept in *ENCRYPTED*) echo 'protected yes' ;; esac
case $provision_kept in *'BEGIN RSA PRIVATE'*|*'BEGIN EC PRIVATE'*|*'BEGIN DSA PRIVATE'*) echo 'format pkcs1' ;; esac
${phrase(want)}
provision_text=$(openssl pkey -in ${file} -passin env:provision_phrase -noout -text_pub 2>/dev/null </dev/null) || exit 0
provision_print text "$provision_text"
printf 'public %s\\n' "$(openssl pkey -in ${file} -passin env:provision_phrase -pubout -outform DER 2>/dev/null </dev/null | base64 | tr -d '\\n')"`;
}

function fits(want: PrivateKeyArguments, { found, protected: has }: State): boolean {
  if (found === undefined || has !== (want.passphrase !== undefined)) return false;
  const { type, size, curve } = wanted(want);
  return (
    found.type === type &&
    (size === undefined || found.size === size) &&
    standardCurve(found.curve) === standardCurve(curve)
  );
}

function formatOf({ type = 'RSA', format = 'auto_ignore' }: PrivateKeyArguments): 'pkcs1' | 'pkcs8' {
  if (format === 'pkcs1' || format === 'pkcs8') return format;
  return ['RSA', 'ECC', 'DSA'].includes(type) ? 'pkcs1' : 'pkcs8';
}

type Deed = 'make' | 'convert' | undefined;

function deed(want: PrivateKeyArguments, have: State): Deed {
  if (have.stat.kind === 'absent' || want.force || want.regenerate === 'always') return 'make';
  if (!fits(want, have))
    return want.regenerate === 'never' || want.regenerate === 'fail' ? undefined : 'make';
  if ((want.format ?? 'auto_ignore') === 'auto_ignore' || have.format === formatOf(want)) return undefined;
  if (want.format_mismatch === 'convert') return 'convert';
  return want.regenerate === 'never' || want.regenerate === 'fail' ? undefined : 'make';
}

/** A private key for TLS. */
export const opensslPrivatekey: HostResource<PrivateKeyArguments, State> = {
  kind: 'host',
  name: 'openssl_privatekey',
  summary: 'Make a private key on the host with openssl; it never leaves it',
  schema: privateKeySchema,
  effect: 'contained',
  paths: ({ path: of }) => [posix.normalize(of)],
  repeats: ({ force, regenerate, state }) =>
    state !== 'absent' && (force === true || regenerate === 'always'),
  probe: (want) =>
    asking({ key: path(want.path), seen: script(question(want)) }, ({ key, seen }) => {
      const answer = new Answer(seen, `the key ${want.path}`);
      return {
        program: answer.get('program') !== 'no',
        stat: key.stat,
        found: readPrivateKey(answer.bytes('text')?.toString()),
        protected: answer.get('protected') === 'yes',
        format: answer.get('format') === 'pkcs1' ? 'pkcs1' : 'pkcs8',
        publicKey: answer.bytes('public'),
      };
    }),
  premises: (want) => filePremises(want, want.path),
  refuse(want, have) {
    if (want.state === 'absent') return [];
    if (want.return_content) return ['return_content is not supported: no key leaves its host'];
    if (want.format === 'raw') return ['format: raw is not supported: use pkcs8'];
    if (want.type === 'ECC' && want.curve === undefined)
      return ['type is ECC but all of the following are missing: curve'];
    if (want.format === 'pkcs1' && formatOf({ ...want, format: 'auto' }) !== 'pkcs1')
      return [`there is no pkcs1 format for keys of type ${want.type}: use pkcs8`];
    if (!have.program) return ['the host has no openssl; install the package openssl first'];
    if (!['absent', 'file'].includes(have.stat.kind))
      return [`${want.path} is a ${have.stat.kind} on the host, not a regular file`];
    if (have.stat.kind === 'absent' || want.force) return [];
    const { regenerate = 'full_idempotence' } = want;
    if (have.found === undefined && ['never', 'fail', 'partial_idempotence'].includes(regenerate))
      return [`Unable to read the key ${want.path}: it is protected by another passphrase, or broken`];
    return regenerate === 'fail' && !fits(want, have)
      ? [`the key ${want.path} is not as wanted, and regenerate: fail leaves it alone`]
      : [];
  },
  diff(want, have) {
    if (want.state === 'absent')
      return have.stat.kind === 'absent' ? [] : [{ attribute: 'key', from: 'present', to: 'absent' }];
    const owner = ownershipChanges(owned(want), have.stat, 0o600);
    const to = shown(wanted(want));
    const change = (from: string, now: string): Change => ({ attribute: 'key', from, to: now });
    switch (deed(want, have)) {
      case 'make': {
        const kind = have.found ? shown(have.found) : 'unreadable';
        const from = have.stat.kind === 'absent' ? 'absent' : kind;
        return [change(from, from === to ? 'another one' : to), ...owner];
      }
      case 'convert':
        return [{ attribute: 'format', from: have.format, to: formatOf(want) }, ...owner];
      default:
        return owner;
    }
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    if (want.state === 'absent') return madeFileSteps(want, have.stat, () => '', true);
    const what = deed(want, have);
    if (what === undefined) return [ownershipStep(want.path, owned(want), have.stat)];
    const source = keyCode({
      kind: wanted(want),
      traditional: formatOf(want) === 'pkcs1',
      protect: want.passphrase !== undefined,
      from: what === 'convert' ? want.path : undefined,
    });
    const replaced = have.stat.kind === 'file' ? have.stat : undefined;
    const ownership = settledOwnership(owned(want), have.stat, 0o600);
    const keeper = { owner: replaced && String(replaced.uid), group: replaced && String(replaced.gid) };
    const kept = {
      ...keeper,
      ...Object.fromEntries(Object.entries(ownership).filter(([, value]) => value !== undefined)),
    };
    const before = want.backup ? [backupScript(want.path)] : [];
    const steps: Step[] = [
      { kind: 'script', script: [...before, phrase(want), putScript(want.path, source, kept)].join('\n') },
    ];
    return steps;
  },
  result: (want, { publicKey, found }, outputs) => ({
    filename: want.path,
    type: want.type ?? 'RSA',
    size: found?.size ?? want.size ?? 4096,
    ...(want.type === 'ECC' && { curve: want.curve ?? '' }),
    ...(publicKey && { fingerprint: keyFingerprint(publicKey) }),
    ...backupResult(outputs),
  }),
};
