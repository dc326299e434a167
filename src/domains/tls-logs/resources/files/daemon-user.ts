import { Type } from 'typebox';
import type { Answer } from '../../../../probes/answer.ts';

/** The argument that finds out who is to read a file: hosts differ, and the user may not exist before a package is installed. */
export const userCommand = Type.Optional(
  Type.String({
    minLength: 1,
    description:
      'sh code that prints the user that the daemon runs as, found on the host; printing nothing means root',
  }),
);

/** Who the daemon is on the host. */
export interface DaemonUser {
  readonly user: string;
  /** The user's own group; empty when there is no such user. */
  readonly group: string;
}

/** sh code that sets $provision_user and $provision_group. */
export function findUser(command: string | undefined): string {
  return `provision_user=$( { ${command ?? 'true'}\n} 2>/dev/null | head -n 1)
[ -n "$provision_user" ] || provision_user=root
provision_group=$(id -gn -- "$provision_user" 2>/dev/null)`;
}

/** sh code that prints what `findUser` found, for an answer. */
export const tellUser = `printf 'user %s\\ngroup %s\\n' "$provision_user" "$provision_group"`;

/** Reads what `tellUser` printed. */
export function readUser(answer: Answer): DaemonUser {
  return { user: answer.need('user'), group: answer.get('group') ?? '' };
}

/** Why the user cannot be used; [] when it can. */
export function userFault({ user, group }: DaemonUser): readonly string[] {
  return group === '' ? [`the host has no user '${user}', which user_command printed`] : [];
}
