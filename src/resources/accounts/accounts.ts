import { quote } from '../../shell/quote.ts';

/** sh code that makes the account tools of /usr/sbin found by users whose PATH lacks it. */
export const accountPath = 'PATH=$PATH:/usr/sbin:/sbin';

/** What a user or group may be called. */
export const accountName = '^[A-Za-z0-9_.][A-Za-z0-9_.-]*\\$?$';

/** sh code that prints one line of a name service database as an answer's line; nothing when there is none. */
export function entryScript(key: string, database: 'passwd' | 'group', name: string): string {
  return `if provision_out=$(getent ${database} ${quote(name)}); then echo "${key} $provision_out"; fi`;
}
