import type { X509Certificate } from 'node:crypto';
import { Type } from 'typebox';
import type { ClockAnswer } from '../../../../probes/clock.ts';
import { hostPath } from '../../../../resources/argument-schemas.ts';
import type { Change, Json } from '../../../../resources/resource.ts';
import { withoutRoots } from '../../../../shell/openssl.ts';
import { makeDirectoryScript, savedKey } from '../../../../shell/put.ts';
import { quote } from '../../../../shell/quote.ts';
import type { ScriptOutput } from '../../../../shell/script-output.ts';
import { fingerprint, parseCertificates } from '../../certificates/certificate.ts';
import { type CertificateObservation, certificateSeen } from '../../ledger/certificate-observation.ts';
import type { DaemonUser } from '../../probes/daemon-user.ts';
import type { SeenStore, SeenVersion } from '../../probes/store-answer.ts';
import { userCommand } from './user-command.ts';

/*
 * A certificate and its key lie together in a directory of their own, DEST/VERSION/, and the link DEST/current names
 * the one in use: the pair is swapped by renaming one link, and the one before stays there for a rollback.
 */

/** Arguments of every resource that keeps a certificate with its key. */
export const storeArguments = {
  dest: hostPath(
    'directory for the versions; `current/fullchain.pem` and `current/privkey.pem` below it are in use',
  ),
  user_command: userCommand,
  activate: Type.Boolean({
    default: true,
    description: 'put the newest version to use; false only prepares it',
  }),
};

/** What those arguments say. */
export interface StoreWish {
  readonly dest: string;
  readonly user_command?: string;
  readonly activate: boolean;
}

/** One certificate with its key on the host; of the key only the public half is known here. */
export interface StoredVersion extends SeenVersion {
  /** Undefined when missing or damaged. */
  readonly leaf: X509Certificate | undefined;
}

/** What lies on the host. */
export interface CertificateStore {
  /** By the host's clock. */
  readonly now: Date;
  /** By this machine's clock, when the answer was read. */
  readonly here: Date;
  readonly daemon: DaemonUser;
  readonly current: string | undefined;
  /** Oldest first. */
  readonly versions: readonly StoredVersion[];
}

function leafOf(chain: string): X509Certificate | undefined {
  try {
    return parseCertificates(chain)[0];
  } catch {
    return undefined;
  }
}

/** A store, with the time and the user that decide what is to be done about it. */
export function readStore(seen: SeenStore, daemon: DaemonUser, { now }: ClockAnswer): CertificateStore {
  return {
    now: new Date(now * 1000),
    here: new Date(),
    daemon,
    current: seen.current,
    versions: seen.versions.map((version) => ({ ...version, leaf: leafOf(version.chain) })),
  };
}

const chainWanted = 'root:root 644';

function keyWanted({ user, group }: DaemonUser): string {
  return user === 'root' ? 'root:root 600' : `root:${group} 640`;
}

/** What differs about using this version: who may read it, and that it is the one in use. */
export function versionChanges(
  want: StoreWish,
  have: CertificateStore,
  version: StoredVersion,
): readonly Change[] {
  const changes: Change[] = [];
  const owned = (attribute: string, from: string, to: string) => {
    if (from !== to) changes.push({ attribute, from, to });
  };
  owned('certificate ownership', version.chainOwnership, chainWanted);
  owned('key ownership', version.keyOwnership, keyWanted(have.daemon));
  if (want.activate && have.current !== version.name)
    changes.push({
      attribute: 'version in use',
      ...(have.current && { from: have.current }),
      to: version.name,
    });
  return changes;
}

// A pair that was just made has these modes already.
const own = `provision_own_pair() {
  [ -n "$2" ] || chmod 0600 -- "$1/privkey.pem" || return 1
  provision_owner "$1/fullchain.pem" root root && provision_owner "$1/privkey.pem" root root || return 1
  [ -n "$2" ] || chmod 0644 -- "$1/fullchain.pem" || return 1
  [ "$provision_user" != root ] || return 0
  [ -n "$provision_group" ] || { echo "there is no user $provision_user on this host" >&2; return 1; }
  chgrp -- "$provision_group" "$1/privkey.pem" && chmod 0640 -- "$1/privkey.pem"
}`;

// The link in use is read once, into $in_use.
const activate = `provision_activate() {
  [ "$in_use" != "$1" ] || return 0
  if [ -e "$d/.current" ] || [ -L "$d/.current" ]; then rm -f -- "$d/.current" || return 1; fi
  ln -s -- "$1" "$d/.current" && provision_keep "$2" "$d/current" && mv -fT -- "$d/.current" "$d/current" && in_use=$1
}
in_use=
[ ! -L "$d/current" ] || in_use=$(readlink -- "$d/current")`;

/*
 * Certificates are public: `register` reads their fingerprints from what a step printed. Those of the version in use and of
 * newer ones: peers must know the next one before it is used, and the one before only waits for a rollback.
 */
const printVersions = `provision_print_versions() {
  shown=
  [ -d "$d/$in_use" ] && [ -n "$in_use" ] || shown=yes
  for v in "$d"/[0-9]*T[0-9]*Z*; do
    [ "\${v##*/}" != "$in_use" ] || shown=yes
    [ -z "$shown" ] || ${withoutRoots} openssl x509 -in "$v/fullchain.pem"
  done
}
provision_print_versions`;

/** Script that sets who may read a version and puts it to use. */
export function useVersion(want: StoreWish, daemon: DaemonUser, version: string): string {
  const key = savedKey(`${want.dest}/current`);
  const switchOver = want.activate ? `provision_activate ${quote(version)} ${key} || exit 1` : '';
  return `d=${quote(want.dest)}
${userVariables(daemon)}
${own}
${activate}
provision_own_pair "$d"/${quote(version)} || exit 1
${switchOver}
${printVersions}`;
}

/** sh code: $d is the directory of versions; `provision_abandon` leaves nothing of one that cannot be finished. */
export function versionsIn(dest: string): string {
  return `d=${quote(dest)}
provision_abandon() { rm -rf -- "$d/.new"; exit 1; }`;
}

/** Script that makes the empty directory DEST/.new, for `publish`; nobody else may look into what is written there. */
export function beginVersion(dest: string): string {
  return `${versionsIn(dest)}
${makeDirectoryScript(dest, { mode: '0755' })}
umask 077
if [ -e "$d/.new" ] || [ -L "$d/.new" ]; then rm -rf -- "$d/.new" || exit 1; fi
mkdir -m 0755 -- "$d/.new" || exit 1`;
}

const matchCheck = `public=$(openssl pkey -in "$new/privkey.pem" -pubout) || provision_abandon
[ "$(${withoutRoots} openssl x509 -in "$new/fullchain.pem" -noout -pubkey)" = "$public" ] || {
  echo 'key and certificate do not belong together: the certificate was replaced while it was read? run again' >&2; provision_abandon; }`;

// Who the daemon is was asked before.
function userVariables({ user, group }: DaemonUser): string {
  return `provision_user=${quote(user)} provision_group=${quote(group)}`;
}

/**
 * Script that makes DEST/.new, where privkey.pem and fullchain.pem now lie, the newest version; keeps the one before.
 * @param matched the certificate was issued for this very key: that they belong together need not be found out
 */
export function publishVersion(want: StoreWish, daemon: DaemonUser, matched: boolean): string {
  const key = savedKey(`${want.dest}/current`);
  return `${versionsIn(want.dest)}
${userVariables(daemon)}
${own}
${activate}
new=$d/.new
${matched ? ':' : matchCheck}
provision_own_pair "$new" ${matched ? 'made' : ''} && sync -- "$new/fullchain.pem" "$new/privkey.pem" || provision_abandon
time=$(date -u +%Y%m%dT%H%M%SZ); version=$time; n=1
while [ -e "$d/$version" ]; do n=$((n + 1)); version=$time-$n; done
before=$in_use
mv -T -- "$new" "$d/$version" || provision_abandon
${want.activate ? `provision_activate "$version" ${key} || exit 1` : ':'}
for v in "$d"/[0-9]*T[0-9]*Z*; do
  case \${v##*/} in "$version" | "$before") ;; *) rm -rf -- "$v" ;; esac
done
${printVersions}`;
}

/**
 * As `printVersions` on the host: the version in use and newer ones, all when none is in use. Older ones are never put to use again:
 * what is next must be the newest, so that peers learn its fingerprint and no other.
 */
export function inUseOrNewer({ current, versions }: CertificateStore): readonly StoredVersion[] {
  const from = versions.findIndex(({ name }) => name === current);
  return versions.slice(Math.max(0, from));
}

/** What `register` sees: fingerprints of the version in use and of newer ones, which peers must know before they are used. */
export function storeResult(
  want: StoreWish,
  have: CertificateStore,
  outputs: readonly ScriptOutput[],
): { readonly [key: string]: Json } {
  const printed = parseCertificates(outputs.at(-1)?.stdout ?? '');
  const leaves = printed.length > 0 ? printed : inUseOrNewer(have).flatMap(({ leaf }) => leaf ?? []);
  return {
    dest: want.dest,
    activated: want.activate,
    certificate: `${want.dest}/current/fullchain.pem`,
    key: `${want.dest}/current/privkey.pem`,
    fingerprints_sha1: leaves.map((leaf) => fingerprint(leaf, 'SHA1')),
    fingerprints_sha256: leaves.map((leaf) => fingerprint(leaf, 'SHA256')),
  };
}

/** Day of a certificate's end, as changes show it. */
export function untilText(certificate: X509Certificate): string {
  return `until ${certificate.validToDate.toISOString().slice(0, 10)}`;
}

/** The version in use, as `provision certs` shows it. */
export function deployedSeen(place: string, { current, versions }: CertificateStore): CertificateObservation {
  const used = versions.find(({ name }) => name === current);
  return certificateSeen({ place, stage: 'deployed', ...(used && { chain: used.chain }) });
}
