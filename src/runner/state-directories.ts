import { processFunctions } from './host-lock.ts';

// Where the tool keeps what must outlive a run, and what must not outlive a boot. Never below /tmp: others write there.
const directories = `provision_uid=
{ while read -r provision_key provision_skip provision_uid provision_skip; do
  [ "$provision_key" != Uid: ] || break
done </proc/self/status; } 2>/dev/null
if [ "\${provision_uid:-$(id -u)}" = 0 ]; then
  provision_state=\${PROVISION_STATE:-/var/lib/provision}
  provision_run=\${PROVISION_RUN:-/run/provision}
else
  provision_state=\${PROVISION_STATE:-\${XDG_STATE_HOME:-$HOME/.local/state}/provision}
  provision_run=\${PROVISION_RUN:-$provision_state/run}
fi`;

/** Shell variables and functions of every program that opens a host or changes it; sourcing them starts no process. */
export const statePrelude = `${directories}\n${processFunctions}`;

/**
 * Drops what is needed no longer below the state's directory: `handlers/KEY`, `rollback/PLAY`.
 * @param last nothing more will be kept by this run: empty directories go too
 */
export function dropScript(paths: readonly string[], last: boolean): string {
  const drop = `rm -rf -- ${paths.map((path) => `"$provision_state/${path}"`).join(' ')}`;
  const directories = ['/handlers', '/rollback', ''].map((name) => `"$provision_state${name}"`).join(' ');
  return last ? `${drop}\nrmdir ${directories} 2>/dev/null || :` : drop;
}
