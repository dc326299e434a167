import { Answer } from '../../probes/answer.ts';
import type { Probe } from '../../probes/probe.ts';
import { scriptProbe } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import { accountPath, entryScript } from './accounts.ts';

/** What is wanted of a user. */
export interface WantedUser {
  readonly name: string;
  readonly state?: 'present' | 'absent';
  readonly uid?: number;
  readonly group?: string;
  readonly groups?: readonly string[];
  readonly append?: boolean;
  readonly comment?: string;
  readonly shell?: string;
  readonly home?: string;
  readonly create_home?: boolean;
  readonly move_home?: boolean;
  readonly system?: boolean;
  readonly password?: string;
  readonly update_password?: 'always' | 'on_create';
  readonly password_lock?: boolean;
  readonly remove?: boolean;
  readonly force?: boolean;
}

/** One line of passwd. */
interface UserEntry {
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** What the host knows of the user. */
export interface UserState {
  readonly entry: UserEntry | undefined;
  readonly primaryGroup: string;
  readonly groups: readonly string[];
  readonly homeExists: boolean;
  /** The hash is the wanted one; the hash itself stays on the host. */
  readonly samePassword: boolean;
  readonly locked: boolean;
  /** A group that has the user's name. */
  readonly ownGroup: boolean;
  readonly tools: boolean;
  readonly privileged: boolean;
}

/** Asks for the account; of the password only whether it is the wanted one. */
export function probeUser(want: WantedUser): Probe<UserState> {
  const name = quote(want.name);
  const lines = [
    accountPath,
    "! command -v useradd >/dev/null || echo 'tools yes'",
    'echo "id $(id -u)"',
    entryScript('own', 'group', want.name),
    `provision_out=$(getent passwd ${name}) || exit 0`,
    'echo "user $provision_out"',
    `echo "primary $(id -gn -- ${name})"`,
    `echo "groups $(id -Gn -- ${name})"`,
    'provision_home=${provision_out%:*}; provision_home=${provision_home##*:}',
    '[ ! -d "$provision_home" ] || echo \'home yes\'',
  ];
  if (want.password !== undefined || want.password_lock !== undefined) {
    lines.push(
      `provision_hash=$(getent shadow ${name}) || exit 0`,
      'provision_hash=${provision_hash#*:}; provision_hash=${provision_hash%%:*}',
      "case $provision_hash in !*) echo 'locked yes' ;; esac",
    );
    if (want.password !== undefined) {
      const hash = quote(want.password);
      lines.push(
        `if [ "$provision_hash" = ${hash} ] || [ "$provision_hash" = !${hash} ]; then echo 'password same'; fi`,
      );
    }
  }
  lines.push(':');
  return scriptProbe({
    script: lines.join('\n'),
    parse(output) {
      const answer = new Answer(output, `the user ${want.name}`);
      const fields = answer.get('user')?.split(':');
      const [, , uid, gid, comment = '', home = '', shell = ''] = fields ?? [];
      return {
        entry: fields && { uid: Number(uid), gid: Number(gid), comment, home, shell },
        primaryGroup: answer.get('primary') ?? '',
        groups: (answer.get('groups') ?? '').split(' ').filter((one) => one !== ''),
        homeExists: answer.get('home') === 'yes',
        samePassword: answer.get('password') === 'same',
        locked: answer.get('locked') === 'yes',
        ownGroup: answer.get('own') !== undefined,
        tools: answer.get('tools') === 'yes',
        privileged: answer.get('id') === '0',
      };
    },
  });
}
