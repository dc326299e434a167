import { quote } from '../../shell/quote.ts';
import type { Change } from '../resource.ts';
import {
  listsAreStale,
  type PackageState,
  simulation,
  type WantedPackages,
  wantedNames,
} from './apt-state.ts';

/** Seconds to wait for another package manager, such as unattended-upgrades, when nothing is said. */
export const defaultLockTimeout = 300;

// Other programs' locks are waited for, and whoever watches learns that; everything apt says is shown at the end.
function functions(want: WantedPackages): string {
  const options = (want.dpkg_options ?? 'force-confdef,force-confold')
    .split(',')
    .filter((option) => option.trim() !== '')
    .map((option) => `-o ${quote(`Dpkg::Options::=--${option.trim()}`)}`);
  return `export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none UCF_FORCE_CONFFOLD=1
export LC_ALL=C.UTF-8 PATH="$PATH:/usr/sbin:/sbin"
provision_until=
provision_apt() {
  while :; do
    provision_said=$(apt-get -q -y -o Acquire::Retries=3 ${options.join(' ')} "$@" 2>&1)
    provision_status=$?
    case $provision_status:$provision_said in
    0:*) printf '%s\\n' "$provision_said" ;;
    *'Could not get lock'* | *'Unable to acquire the dpkg frontend lock'* | *'Unable to lock'*)
      provision_now=$(date +%s)
      [ -n "$provision_until" ] || provision_mark wait lock
      : "\${provision_until:=$((provision_now + ${want.lock_timeout ?? defaultLockTimeout}))}"
      if [ "$provision_now" -lt "$provision_until" ]; then sleep 2; continue; fi ;;
    esac
    [ -z "$provision_until" ] || provision_mark wait over
    return $provision_status
  done
}
provision_fail() {
  printf '%s\\n' "$provision_said" >&2
  exit "$1"
}
provision_refresh() {
  provision_apt update -o APT::Update::Error-Mode=any || provision_fail $?
  touch -c /var/lib/apt/lists
  provision_fresh=yes
}
provision_get() {
  provision_apt "$@" && return 0
  provision_status=$?
  case $provision_fresh:$provision_said in
  :*'Unable to locate package'* | :*'no installation candidate'* | :*' was not found'* | :*'Unable to fetch'* | :*'Failed to fetch'*)
    provision_refresh
    provision_apt "$@" && return 0
    provision_status=$? ;;
  esac
  provision_fail $provision_status
}
provision_fresh=`;
}

function installOptions(want: WantedPackages): string {
  const words: string[] = [];
  if (want.install_recommends !== undefined)
    words.push(want.install_recommends ? '--install-recommends' : '--no-install-recommends');
  if (want.only_upgrade) words.push('--only-upgrade');
  if (want.allow_downgrade) words.push('--allow-downgrades');
  if (want.allow_change_held_packages) words.push('--allow-change-held-packages');
  if (want.default_release !== undefined) words.push(`-t ${quote(want.default_release)}`);
  if (want.autoremove) words.push('--auto-remove');
  if (want.fail_on_autoremove) words.push('--no-remove');
  if (want.allow_unauthenticated || want.force) words.push('--allow-unauthenticated');
  if (want.force) words.push('--allow-downgrades --allow-remove-essential --allow-change-held-packages');
  return words.map((word) => `${word} `).join('');
}

/**
 * sh code that fetches the package lists, and tries again when that fails.
 * @param failed sh code that runs before it gives up
 */
export function refreshScript(retries: number, mostDelay: number, failed: string): string {
  return `${functions({})}
provision_wait=1
for provision_round in ${Array.from({ length: Math.max(1, retries) }, (_, index) => index + 1).join(' ')}; do
  if provision_apt update -o APT::Update::Error-Mode=any; then exit 0; fi
  [ "$provision_round" = ${Math.max(1, retries)} ] || sleep "$provision_wait"
  provision_wait=$((provision_wait * 2))
  [ "$provision_wait" -le ${mostDelay} ] || provision_wait=${mostDelay}
done
${failed}
provision_fail 1`;
}

const policyFile = '/usr/sbin/policy-rc.d';

// What invoke-rc.d asks before it starts a service; the host's own answer comes back at the end, however that comes.
function policyScript({ policy_rc_d }: WantedPackages): readonly string[] {
  if (policy_rc_d === undefined) return [];
  const kept = `${policyFile}.provision`;
  return [
    `if [ -e ${policyFile} ] && [ ! -e ${kept} ]; then mv -f -- ${policyFile} ${kept} || exit 1; fi`,
    `provision_policy() { rm -f -- ${policyFile}; if [ -e ${kept} ]; then mv -f -- ${kept} ${policyFile}; fi; }`,
    'trap provision_policy EXIT; trap "exit 129" HUP INT TERM',
    `printf '#!/bin/sh\\nexit ${policy_rc_d}\\n' >${policyFile} && chmod 0755 ${policyFile} || exit 1`,
  ];
}

/** Whether a change fetches the lists first. */
export function fetchesLists(want: WantedPackages, have: PackageState): boolean {
  const removing = want.state === 'absent';
  if (removing && wantedNames(want).length > 0) return false;
  return (!have.lists && !removing) || listsAreStale(want, have);
}

/** sh code that fetches lists where needed and installs, upgrades or removes. */
export function packageScript(want: WantedPackages, changes: readonly Change[], have: PackageState): string {
  const lines = [functions(want), ...policyScript(want)];
  if (changes.some(({ attribute }) => attribute === 'package files')) lines.push('provision_get clean');
  const removing = want.state === 'absent';
  const names = wantedNames(want);
  if (fetchesLists(want, have)) lines.push('provision_refresh');
  const about = new Set(changes.map(({ attribute }) => attribute));
  const packages = [...about].some((attribute) => attribute.startsWith('package '));
  const simulated = simulation(want);
  if (simulated !== undefined) {
    lines.push(
      `provision_get ${simulated}${want.purge ? ' --purge' : ''}${simulated.startsWith('auto') ? '' : ` ${installOptions(want)}`}`,
    );
  }
  if (names.length > 0 && (packages || want.state === 'latest')) {
    const verb = removing ? (want.purge ? 'purge' : 'remove') : 'install';
    const options = removing ? (want.autoremove ? '--auto-remove ' : '') : installOptions(want);
    const acted = removing
      ? names.filter(({ name, architecture }) =>
          about.has(`package ${architecture ? `${name}:${architecture}` : name}`),
        )
      : names;
    const words = acted.map(({ text, name, architecture }) =>
      quote(removing ? (architecture ? `${name}:${architecture}` : name) : text),
    );
    lines.push(`provision_get ${verb} ${options}-- ${words.join(' ')}`);
  }
  if (want.deb !== undefined)
    lines.push(`provision_get install ${installOptions(want)}-- ${quote(want.deb)}`);
  return lines.join('\n');
}
