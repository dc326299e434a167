import { Type } from 'typebox';
import type { DaemonUser } from '../../probes/daemon-user.ts';

/** The argument that finds out who is to read a file: hosts differ, and the user may not exist before a package is installed. */
export const userCommand = Type.Optional(
  Type.String({
    minLength: 1,
    description:
      'sh code that prints the user that the daemon runs as, found on the host; printing nothing means root',
  }),
);

/** Why the user cannot be used; [] when it can. */
export function userFault({ user, group }: DaemonUser): readonly string[] {
  return group === '' ? [`the host has no user '${user}', which user_command printed`] : [];
}
