import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import type { FileStat } from '../probes/file-stat.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { ownScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { hostPath, ownershipArguments } from './argument-schemas.ts';
import { ownershipChanges, settledOwnership } from './files/file-ownership.ts';
import { filePremises } from './files/file-premises.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const sizes: Readonly<Record<string, number>> = {
  rsa: 4096,
  rsa1: 4096,
  dsa: 1024,
  ecdsa: 256,
  ed25519: 256,
};

const schema = Type.Object(
  {
    path: hostPath('the private key; the public one is beside it, with .pub at its end'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], {
        default: 'present',
        description: 'whether the pair should be there',
      }),
    ),
    type: Type.Optional(
      Type.Enum(['rsa', 'dsa', 'rsa1', 'ecdsa', 'ed25519'], { default: 'rsa', description: 'kind of key' }),
    ),
    size: Type.Optional(
      Type.Integer({ minimum: 1, description: 'bits; 4096 for rsa, 1024 for dsa, 256 for ecdsa without it' }),
    ),
    comment: Type.Optional(
      Type.String({ pattern: '^[^\\n\\u0000]*$', description: 'comment on the key, user@host without it' }),
    ),
    regenerate: Type.Optional(
      Type.Enum(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always'], {
        default: 'partial_idempotence',
        description:
          'when a key that is there is made anew: never, not but an error, where it differs or is broken, always',
      }),
    ),
    force: Type.Optional(Type.Boolean({ default: false, description: 'make the pair anew each time' })),
    passphrase: Type.Optional(
      Type.String({
        description: 'refused: ssh-keygen takes it on its command line, where others can read it',
      }),
    ),
    private_key_format: Type.Optional(
      Type.Enum(['auto', 'pkcs1', 'pkcs8', 'ssh'], {
        default: 'auto',
        description: 'accepted as auto and ssh: keys are written as OpenSSH has them',
      }),
    ),
    backend: Type.Optional(
      Type.Enum(['auto', 'cryptography', 'opensshbin'], {
        default: 'auto',
        description: 'accepted: ssh-keygen it is',
      }),
    ),
    ...ownershipArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Key {
  readonly type: string;
  readonly size: number;
  readonly fingerprint: string;
  /** As the public half is written. */
  readonly text: string;
}

interface State {
  readonly program: boolean;
  readonly key: FileStat;
  readonly publicKey: FileStat;
  /** Undefined where there is none, or none that can be read. */
  readonly found: Key | undefined;
  /** What stands beside it. */
  readonly beside: string;
}

// The public half is worked out from the private one: what stands beside it may be another's.
function question(of: string): string {
  const file = quote(of);
  return `${printFunction}
command -v ssh-keygen >/dev/null || { echo 'program no'; exit 0; }
[ -f ${file} ] || exit 0
[ ! -f ${file}.pub ] || provision_print beside "$(cat ${file}.pub)"
# Through a pipe: of a file that others may read ssh-keygen makes nothing of its own accord.
provision_public=$(cat ${file} | SSH_ASKPASS_REQUIRE=never ssh-keygen -y -P '' -f /dev/stdin 2>/dev/null) || exit 0
provision_print public "$provision_public"
provision_print list "$(printf '%s\\n' "$provision_public" | ssh-keygen -l -f /dev/stdin 2>/dev/null)"`;
}

function readKey(list: string, text: string): Key | undefined {
  const [, size = '', fingerprint = '', kind = ''] = /^(\d+) (\S+) .*\((\S+)\)$/.exec(list.trim()) ?? [];
  return kind === '' ? undefined : { type: kind.toLowerCase(), size: Number(size), fingerprint, text };
}

function sizeOf({ type = 'rsa', size }: Arguments): number {
  return type === 'ed25519' ? 256 : (size ?? sizes[type] ?? 0);
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/).slice(0, 2);
}

function commentOf(text: string): string {
  return text.trim().split(/\s+/).slice(2).join(' ');
}

function fits(want: Arguments, { found }: State): boolean {
  return found !== undefined && found.type === (want.type ?? 'rsa') && found.size === sizeOf(want);
}

/** Why a pair is made anew; undefined where what is there stays. */
function renewal(want: Arguments, have: State): string | undefined {
  if (have.key.kind === 'absent') return 'absent';
  const { regenerate = 'partial_idempotence' } = want;
  if (want.force || regenerate === 'always') return 'made each time';
  if (regenerate === 'never' || regenerate === 'fail' || fits(want, have)) return undefined;
  return have.found === undefined ? 'unreadable' : `${have.found.type} ${have.found.size}`;
}

/** A pair of keys of OpenSSH. */
export const opensshKeypair: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'openssh_keypair',
  summary: 'Make a pair of SSH keys on the host with ssh-keygen; the private one never leaves it',
  schema,
  effect: 'contained',
  paths: ({ path: of }) => [posix.normalize(of), `${posix.normalize(of)}.pub`],
  repeats: ({ force, regenerate, state }) =>
    state !== 'absent' && (force === true || regenerate === 'always'),
  probe: ({ path: of }) =>
    asking(
      { key: path(of), publicKey: path(`${of}.pub`), pair: script(question(of)) },
      ({ key, publicKey, pair }) => {
        const answer = new Answer(pair, `the key ${of}`);
        const text = (name: string) => answer.bytes(name)?.toString() ?? '';
        return {
          program: answer.get('program') !== 'no',
          key: key.stat,
          publicKey: publicKey.stat,
          found: readKey(text('list'), text('public')),
          beside: text('beside'),
        };
      },
    ),
  premises: (want) => filePremises(want, want.path),
  refuse(want, have) {
    if (want.passphrase !== undefined)
      return ['passphrase is not supported: ssh-keygen would show it to all users of the host'];
    if (want.private_key_format === 'pkcs1' || want.private_key_format === 'pkcs8')
      return [`private_key_format: ${want.private_key_format} is not supported: leave it out`];
    if (want.state === 'absent') return [];
    if (!have.program) return ['the host has no ssh-keygen; install the package openssh-client first'];
    if (!['absent', 'file', 'link'].includes(have.key.kind))
      return [`${want.path} is a ${have.key.kind}, not a regular file`];
    const strict =
      want.regenerate === 'fail' || (want.regenerate ?? 'partial_idempotence') === 'partial_idempotence';
    if (have.key.kind !== 'absent' && have.found === undefined && strict && !want.force)
      return [
        `Unable to read the key ${want.path}: it is protected or broken; regenerate: full_idempotence replaces it`,
      ];
    return want.regenerate === 'fail' && have.key.kind !== 'absent' && !fits(want, have)
      ? [`the key ${want.path} is not as wanted, and regenerate: fail leaves it alone`]
      : [];
  },
  diff(want, have) {
    if (want.state === 'absent')
      return [have.key, have.publicKey].flatMap(({ kind }, index): Change[] =>
        kind === 'absent'
          ? []
          : [{ attribute: index === 0 ? 'key' : 'public key', from: 'present', to: 'absent' }],
      );
    const from = renewal(want, have);
    const owned = ownershipChanges(want, have.key, 0o600);
    if (from !== undefined)
      return [{ attribute: 'key', from, to: `${want.type ?? 'rsa'} ${sizeOf(want)}` }, ...owned];
    const changes: Change[] = [];
    const same =
      have.found !== undefined && words(have.found.text).join(' ') === words(have.beside).join(' ');
    if (have.found !== undefined && !same)
      changes.push({
        attribute: 'public key',
        from: have.beside === '' ? 'absent' : 'of another key',
        to: 'present',
      });
    const comment = commentOf(have.beside);
    if (want.comment !== undefined && same && comment !== want.comment)
      changes.push({ attribute: 'comment', from: comment, to: want.comment });
    return [...changes, ...owned];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const file = quote(want.path);
    const save = [`provision_save ${file} || exit 1`, `provision_save ${file}.pub || exit 1`];
    if (want.state === 'absent')
      return [{ kind: 'script', script: [...save, `rm -f -- ${file} ${file}.pub`].join('\n') }];
    const lines = [...save, 'umask 077'];
    const named = (name: string) => changes.some(({ attribute }) => attribute === name);
    const type = want.type ?? 'rsa';
    const comment = want.comment === undefined ? '' : ` -C ${quote(want.comment)}`;
    if (named('key')) {
      // Beside it first: whatever fails leaves the pair that is there as it is.
      const fresh = `${file}.provision-new`;
      const bits = type === 'ed25519' ? '' : ` -b ${sizeOf(want)}`;
      lines.push(
        `rm -f -- ${fresh} ${fresh}.pub`,
        `ssh-keygen -q -N '' -t ${type}${bits}${comment} -f ${fresh} </dev/null || exit 1`,
        `chmod 0644 ${fresh}.pub && mv -f -- ${fresh}.pub ${file}.pub && mv -f -- ${fresh} ${file} || exit 1`,
      );
    } else if (named('public key') || named('comment')) {
      const kept = want.comment ?? commentOf(have.beside);
      const text = `${words(have.found?.text ?? '').join(' ')}${kept === '' ? '' : ` ${kept}`}`;
      if (named('comment')) lines.push(`ssh-keygen -q -c -P ''${comment} -f ${file} >/dev/null || exit 1`);
      lines.push(`printf '%s\\n' ${quote(text)} >${file}.pub && chmod 0644 ${file}.pub || exit 1`);
    }
    const owner = settledOwnership(want, have.key, 0o600);
    const steps: Step[] = [{ kind: 'script', script: lines.join('\n') }];
    if (want.owner ?? want.group ?? want.mode) {
      const both = [
        ownScript(want.path, owner),
        ownScript(`${want.path}.pub`, { ...owner, mode: undefined }),
      ];
      steps.push({ kind: 'script', script: both.join('\n') });
    }
    return steps;
  },
  result: (want, have) => ({
    filename: want.path,
    type: want.type ?? 'rsa',
    size: sizeOf(want),
    ...(have.found && {
      fingerprint: have.found.fingerprint,
      public_key: words(have.found.text).join(' '),
      comment: commentOf(have.beside),
    }),
  }),
};
