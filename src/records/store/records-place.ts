import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where runs are kept, or why none are; `mistaken` where nobody wanted that. */
export type RecordsPlace =
  | { readonly directory: string }
  | { readonly absent: string; readonly mistaken?: boolean };

/** Below the user's state, or where PROVISION_RECORDS says; `off` keeps nothing, `on` is as if it said nothing. */
export function recordsPlace(env: NodeJS.ProcessEnv = process.env): RecordsPlace {
  const { PROVISION_RECORDS: wanted = '' } = env;
  if (wanted === 'off') return { absent: 'PROVISION_RECORDS is off' };
  // A bare word is more likely a switch than the name of a directory.
  if (!['', 'on'].includes(wanted) && !wanted.includes('/')) {
    const absent = `PROVISION_RECORDS is ${wanted}, which is neither on nor off nor a path: write ./${wanted} for a directory of this name`;
    return { absent, mistaken: true };
  }
  if (wanted.includes('/')) return { directory: resolve(wanted) };
  const home = env.HOME || homedir();
  const { XDG_STATE_HOME: state } = env;
  // The home of a service's user is often none: it is not made for this.
  if (!state && !existsSync(home)) return { absent: `the home directory ${home} does not exist` };
  return { directory: join(state || join(home, '.local/state'), 'provision/records') };
}
