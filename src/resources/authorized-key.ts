import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { printBytes, putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { accountName } from './accounts/account-name.ts';
import { type KeyLine, keyLine, readKeyLine, withKeys } from './accounts/key-lines.ts';
import { hostPath } from './argument-schemas.ts';
import { cutLines, joinLines } from './files/line-edit.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    user: Type.String({ pattern: accountName, description: 'who may log in with it' }),
    key: Type.String({
      minLength: 1,
      description: 'the public key, or several, one a line; no address of a page',
    }),
    path: Type.Optional(hostPath('the file; ~/.ssh/authorized_keys of the user without it')),
    manage_dir: Type.Optional(
      Type.Boolean({ default: true, description: 'make its directory, 0700 and of the user' }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it may' }),
    ),
    key_options: Type.Optional(
      Type.String({ pattern: '^[^\\n]*$', description: 'what stands before the key, e.g. no-pty' }),
    ),
    exclusive: Type.Optional(Type.Boolean({ default: false, description: 'all other keys go' })),
    comment: Type.Optional(
      Type.String({
        pattern: '^[^\\n]*$',
        description: 'what stands behind it, in place of its own comment',
      }),
    ),
    follow: Type.Optional(Type.Boolean({ default: false, description: 'write through a link in its place' })),
    validate_certs: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted for playbooks that set it' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  /** Undefined where there is no such user. */
  readonly file: string | undefined;
  readonly lines: readonly string[];
  readonly there: boolean;
  readonly uid: string;
  readonly gid: string;
  readonly link: boolean;
}

function keysOf(want: Arguments): readonly KeyLine[] | string {
  const lines = want.key.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const keys = lines.map(readKeyLine);
  const wrong = keys.indexOf(undefined);
  if (wrong >= 0) return `invalid key specified: ${lines[wrong]}`;
  if (keys.length === 0) return 'invalid key specified: there is none';
  return (keys as KeyLine[]).map((one) => ({
    ...one,
    ...(want.key_options !== undefined && { options: want.key_options }),
    ...(want.comment !== undefined && { comment: want.comment }),
  }));
}

function edited(want: Arguments, { lines }: State): readonly string[] {
  const keys = keysOf(want);
  if (typeof keys === 'string') return lines;
  return withKeys(lines, keys, want.state ?? 'present', want.exclusive ?? false);
}

function changesOf(want: Arguments, have: State): readonly Change[] {
  const now = edited(want, have);
  const named = (line: string) => {
    const found = readKeyLine(line);
    return found ? `${found.type} ...${found.key.slice(-12)} ${found.comment}`.trim() : line;
  };
  const added = now.filter((line) => !have.lines.includes(line));
  const gone = have.lines.filter((line) => !now.includes(line));
  return [
    ...gone.map((line): Change => ({ attribute: 'key', from: named(line), to: 'absent' })),
    ...added.map((line): Change => ({ attribute: 'key', from: 'absent', to: named(line) })),
  ];
}

/** Public keys with which a user may log in. */
export const authorizedKey: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'authorized_key',
  summary: 'Let a user log in with a public key, or not any more',
  schema,
  gives: ['user', 'key', 'keyfile', 'state', 'exclusive', 'key_options', 'comment', 'keys'],
  effect: 'opaque',
  // Where the home of the user is, only the host knows.
  paths: (want) => [want.path ?? '/'],
  probe: (want) =>
    scriptProbe({
      script: `${printFunction}
provision_entry=$(getent passwd -- ${quote(want.user)}) || { echo 'there no'; exit 0; }
IFS=: read -r provision_a provision_b provision_uid provision_gid provision_c provision_home provision_d <<provision_end
$provision_entry
provision_end
provision_file=${want.path === undefined ? '$provision_home/.ssh/authorized_keys' : quote(want.path)}
echo "uid $provision_uid"
echo "gid $provision_gid"
if [ -h "$provision_file" ]; then
  echo 'link yes'
  provision_file=$(readlink -f -- "$provision_file") || exit 1
fi
provision_print file "$provision_file"
if [ -e "$provision_file" ]; then
  echo 'there yes'
  printf 'content '; base64 <"$provision_file" | tr -d '\\n' || exit 1; echo
fi`,
      parse(output) {
        const answer = new Answer(output, `the keys of ${want.user}`);
        return {
          file: answer.bytes('file')?.toString(),
          lines: cutLines(answer.bytes('content')?.toString() ?? '').lines,
          there: answer.get('there') === 'yes',
          link: answer.get('link') === 'yes',
          uid: answer.get('uid') ?? '',
          gid: answer.get('gid') ?? '',
        };
      },
    }),
  refuse(want, have) {
    const keys = keysOf(want);
    if (/^https?:/.test(want.key)) return ['key: fetch the page first, with get_url or uri'];
    if (typeof keys === 'string') return [keys];
    if (have.file === undefined) return [`there is no user ${want.user} on the host`];
    if (have.link && !want.follow) return [`${have.file} is a link; \`follow: true\` writes through it`];
    return [];
  },
  diff: changesOf,
  steps(want, changes, have) {
    if (changes.length === 0 || have.file === undefined) return [];
    const owner = { owner: have.uid, group: have.gid };
    const directory = quote(posix.dirname(have.file));
    const lines: string[] = [];
    if (want.manage_dir !== false)
      lines.push(
        `if [ ! -d ${directory} ]; then mkdir -m 0700 -- ${directory} && chown ${have.uid}:${have.gid} -- ${directory} || exit 1; fi`,
      );
    const content = printBytes(joinLines(edited(want, have)));
    lines.push(putScript(have.file, content, { ...owner, ...(!have.there && { mode: '0600' }) }));
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result(want, have) {
    const keys = keysOf(want);
    return {
      user: want.user,
      key: want.key,
      keyfile: have.file ?? '',
      state: want.state ?? 'present',
      exclusive: want.exclusive ?? false,
      key_options: want.key_options ?? null,
      comment: want.comment ?? null,
      ...(typeof keys !== 'string' && { keys: keys.map(keyLine) }),
    };
  },
};
