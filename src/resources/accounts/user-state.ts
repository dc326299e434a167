import { account } from '../../probes/account.ts';
import type { AccountAnswer } from '../../probes/account-answer.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import { script } from '../../probes/script.ts';
import {
  extrasScript,
  noExtras,
  readExtras,
  type UserExtras,
  type WantedExtras,
  wantsExtras,
} from './user-extras.ts';

/** What is wanted of a user. */
export interface WantedUser extends WantedExtras {
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
  readonly non_unique?: boolean;
  readonly skeleton?: string;
  readonly umask?: string;
  readonly seuser?: string;
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
export interface UserState extends Omit<AccountAnswer, 'entry'> {
  readonly entry: UserEntry | undefined;
  readonly extras: UserExtras;
}

/** Asks for the account; of the password only whether it is the wanted one. */
export function probeUser(want: WantedUser): Probe<UserState> {
  const { name, group, groups, password, password_lock } = want;
  const question = {
    database: 'passwd',
    name,
    groups: groups ? 'all' : group === undefined ? undefined : 'primary',
    secret: password_lock !== undefined,
    password,
  } as const;
  const further = want.state !== 'absent' && wantsExtras(want) ? script(extrasScript(want)) : undefined;
  return asking({ found: account(question), further }, ({ found, further: output }) => {
    const [, , uid, gid, comment = '', home = '', shell = ''] = found.entry ?? [];
    return {
      ...found,
      extras: output && found.entry ? readExtras(output) : noExtras,
      entry: found.entry && { uid: Number(uid), gid: Number(gid), comment, home, shell },
    };
  });
}
