import { acl } from './acl.ts';
import { addHost } from './add-host.ts';
import { alternatives } from './alternatives.ts';
import { apache2Module } from './apache2-module.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { aptKey } from './apt-key.ts';
import { aptRepository } from './apt-repository.ts';
import { archive } from './archive.ts';
import { assemble } from './assemble.ts';
import { assertion } from './assertion.ts';
import { asyncStatus } from './async-status.ts';
import { authorizedKey } from './authorized-key.ts';
import { blockinfile } from './blockinfile.ts';
import { command } from './command.ts';
import { copy } from './copy.ts';
import { cron } from './cron.ts';
import { deb822Repository } from './deb822-repository.ts';
import { debconf } from './debconf.ts';
import { debug } from './debug.ts';
import { dnf } from './dnf.ts';
import { dockerComposeV2 } from './docker-compose-v2.ts';
import { dockerContainer } from './docker-container.ts';
import { dockerImage } from './docker-image.ts';
import { dockerNetwork } from './docker-network.ts';
import { dockerVolume } from './docker-volume.ts';
import { dpkgDivert } from './dpkg-divert.ts';
import { fail } from './fail.ts';
import { fetch } from './fetch.ts';
import { file } from './file.ts';
import { filesystem } from './filesystem.ts';
import { find } from './find.ts';
import { gem } from './gem.ts';
import { getUrl } from './get-url.ts';
import { getent } from './getent.ts';
import { git } from './git.ts';
import { group } from './group.ts';
import { groupBy } from './group-by.ts';
import { hostname } from './hostname.ts';
import { htpasswd } from './htpasswd.ts';
import { iniFile } from './ini-file.ts';
import { iptables } from './iptables.ts';
import { knownHosts } from './known-hosts.ts';
import { lineinfile } from './lineinfile.ts';
import { localeGen } from './locale-gen.ts';
import { lvg } from './lvg.ts';
import { lvol } from './lvol.ts';
import { modprobe } from './modprobe.ts';
import { mount } from './mount.ts';
import { mysqlDb } from './mysql-db.ts';
import { mysqlUser } from './mysql-user.ts';
import { npm } from './npm.ts';
import { opensshKeypair } from './openssh-keypair.ts';
import { opensslCsr } from './openssl-csr.ts';
import { opensslPrivatekey } from './openssl-privatekey.ts';
import { opensslPublickey } from './openssl-publickey.ts';
import { packageResource } from './package.ts';
import { packageFacts } from './package-facts.ts';
import { pacman } from './pacman.ts';
import { pause } from './pause.ts';
import { ping } from './ping.ts';
import { pip } from './pip.ts';
import { postgresqlDb } from './postgresql-db.ts';
import { postgresqlUser } from './postgresql-user.ts';
import { raw } from './raw.ts';
import { reboot } from './reboot.ts';
import { replace } from './replace.ts';
import type { AnyResource } from './resource.ts';
import { roleChecks } from './role-checks.ts';
import { rpmKey } from './rpm-key.ts';
import { script } from './script.ts';
import { withSelinuxLabels } from './selinux-labels.ts';
import { service } from './service.ts';
import { serviceFacts } from './service-facts.ts';
import { setFact } from './set-fact.ts';
import { setStats } from './set-stats.ts';
import { setup } from './setup.ts';
import { shell } from './shell.ts';
import { slurp } from './slurp.ts';
import { stat } from './stat.ts';
import { synchronize } from './synchronize.ts';
import { sysctl } from './sysctl.ts';
import { systemd } from './systemd.ts';
import { tempfile } from './tempfile.ts';
import { template } from './template.ts';
import { timezone } from './timezone.ts';
import { ufw } from './ufw.ts';
import { unarchive } from './unarchive.ts';
import { uri } from './uri.ts';
import { user } from './user.ts';
import { waitFor } from './wait-for.ts';
import { waitForConnection } from './wait-for-connection.ts';
import { warn } from './warn.ts';
import { x509Certificate } from './x509-certificate.ts';
import { yumRepository } from './yum-repository.ts';
import { zypper } from './zypper.ts';

/** What every host has; a domain brings its own resources. */
export const builtInResources: readonly AnyResource[] = [
  acl,
  addHost,
  alternatives,
  apache2Module,
  apk,
  apt,
  aptKey,
  aptRepository,
  archive,
  assemble,
  assertion,
  asyncStatus,
  authorizedKey,
  blockinfile,
  command,
  copy,
  cron,
  deb822Repository,
  debconf,
  debug,
  dnf,
  dockerComposeV2,
  dockerContainer,
  dockerImage,
  dockerNetwork,
  dockerVolume,
  dpkgDivert,
  fail,
  fetch,
  file,
  filesystem,
  find,
  gem,
  getUrl,
  getent,
  git,
  group,
  groupBy,
  hostname,
  htpasswd,
  iniFile,
  iptables,
  knownHosts,
  lineinfile,
  localeGen,
  lvg,
  lvol,
  modprobe,
  mount,
  mysqlDb,
  mysqlUser,
  npm,
  opensshKeypair,
  opensslCsr,
  opensslPrivatekey,
  opensslPublickey,
  packageFacts,
  packageResource,
  pacman,
  pause,
  ping,
  pip,
  postgresqlDb,
  postgresqlUser,
  raw,
  reboot,
  replace,
  roleChecks,
  rpmKey,
  script,
  service,
  serviceFacts,
  setFact,
  setStats,
  setup,
  shell,
  slurp,
  stat,
  synchronize,
  sysctl,
  systemd,
  tempfile,
  template,
  timezone,
  ufw,
  unarchive,
  uri,
  user,
  waitFor,
  waitForConnection,
  warn,
  x509Certificate,
  yumRepository,
  zypper,
];

/** Resources by their names and aliases; throws when two have the same. */
export function resourceMap(resources: readonly AnyResource[]): ReadonlyMap<string, AnyResource> {
  const map = new Map<string, AnyResource>();
  for (const resource of resources) {
    const labelled = withSelinuxLabels(resource);
    for (const name of [resource.name, ...(resource.aliases ?? [])]) {
      if (map.has(name)) throw new Error(`two resources are called ${name}`);
      map.set(name, labelled);
    }
  }
  return map;
}
