import { posix } from 'node:path';
import { account } from '../../probes/account.ts';
import { path } from '../../probes/path.ts';
import { asking, type Probe } from '../../probes/probe.ts';
import type { Ownership } from '../../shell/put.ts';
import type { Change, Obstacle } from '../resource.ts';

/** What stands in the way of making or owning a file, given what would be changed. */
export type FileObstacles = (changes: readonly Change[]) => readonly Obstacle[];

/**
 * Asks for what a file needs that is not its own: the directory in which it is made, the accounts that own it.
 * @param place where it is made; undefined or with a trailing `/`: its directory is made as well
 */
export function filePremises({ owner, group }: Ownership, place: string | undefined): Probe<FileObstacles> {
  const parent =
    place === undefined || place.endsWith('/') ? undefined : posix.dirname(posix.normalize(place));
  const user = askedAccount('passwd', owner);
  const owners = askedAccount('group', group);
  // Whoever is asked for on a host without getent is not there; root then is not either.
  const root = (user ?? owners) && account({ database: 'passwd', name: 'root' });
  const above = parent === undefined ? undefined : path(parent);
  return asking({ above, user, owners, root }, (seen) => (changes) => {
    const obstacles: Obstacle[] = [];
    const made = changes.some(({ attribute, from }) => attribute === 'state' && from === 'absent');
    if (made && parent !== undefined && seen.above?.behind.kind !== 'directory')
      obstacles.push({ message: `the directory ${parent} does not exist`, lifted: [parent] });
    const changed = (name: string) => changes.some(({ attribute }) => attribute === name);
    if (seen.root?.entry === undefined) return obstacles;
    if (seen.user && !seen.user.entry && changed('owner')) obstacles.push(noAccount('user', owner));
    if (seen.owners && !seen.owners.entry && changed('group')) obstacles.push(noAccount('group', group));
    return obstacles;
  });
}

function noAccount(kind: 'user' | 'group', name: string | undefined): Obstacle {
  return { message: `there is no ${kind} ${name} on the host`, lifted: ['/etc/passwd', '/etc/group'] };
}

function askedAccount(database: 'passwd' | 'group', name: string | undefined) {
  const asked = name !== undefined && name !== 'root' && /^[A-Za-z_][\w.-]*\$?$/.test(name);
  return asked ? account({ database, name }) : undefined;
}
