import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where runs are kept, or why none are. */
export type RecordsPlace = { readonly directory: string } | { readonly absent: string };

/** Below the user's state, or where PROVISION_RECORDS says; `off` keeps nothing. */
export function recordsPlace(env: NodeJS.ProcessEnv = process.env): RecordsPlace {
  const { PROVISION_RECORDS: wanted = '' } = env;
  if (wanted === 'off') return { absent: 'PROVISION_RECORDS is off' };
  if (wanted !== '') return { directory: resolve(wanted) };
  const home = env.HOME || homedir();
  const { XDG_STATE_HOME: state } = env;
  // The home of a service's user is often none: it is not made for this.
  if (!state && !existsSync(home)) return { absent: `the home directory ${home} does not exist` };
  return { directory: join(state || join(home, '.local/state'), 'provision/records') };
}
