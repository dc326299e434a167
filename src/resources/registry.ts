import { certificateCheck } from '../domains/tls-logs/resources/certificate-check.ts';
import { daemonDirectory } from '../domains/tls-logs/resources/daemon-directory.ts';
import { deployedCertificate } from '../domains/tls-logs/resources/deployed-certificate.ts';
import { heldRestart } from '../domains/tls-logs/resources/held-restart.ts';
import { logLine } from '../domains/tls-logs/resources/log-line.ts';
import { privateCaCertificate } from '../domains/tls-logs/resources/private-ca-certificate.ts';
import { privateCaRoot } from '../domains/tls-logs/resources/private-ca-root.ts';
import { renewalRecord } from '../domains/tls-logs/resources/renewal-record.ts';
import { rootCertificate } from '../domains/tls-logs/resources/root-certificate.ts';
import { serviceLoaded } from '../domains/tls-logs/resources/service-loaded.ts';
import { tlsListener } from '../domains/tls-logs/resources/tls-listener.ts';
import { apt } from './apt.ts';
import { assertion } from './assertion.ts';
import { blockinfile } from './blockinfile.ts';
import { command } from './command.ts';
import { copy } from './copy.ts';
import { debug } from './debug.ts';
import { fail } from './fail.ts';
import { file } from './file.ts';
import { getUrl } from './get-url.ts';
import { group } from './group.ts';
import { hostname } from './hostname.ts';
import { lineinfile } from './lineinfile.ts';
import { packageResource } from './package.ts';
import { ping } from './ping.ts';
import type { AnyResource } from './resource.ts';
import { service } from './service.ts';
import { setFact } from './set-fact.ts';
import { setup } from './setup.ts';
import { shell } from './shell.ts';
import { slurp } from './slurp.ts';
import { stat } from './stat.ts';
import { systemd } from './systemd.ts';
import { template } from './template.ts';
import { user } from './user.ts';
import { waitFor } from './wait-for.ts';
import { warn } from './warn.ts';

const all: readonly AnyResource[] = [
  apt,
  assertion,
  blockinfile,
  certificateCheck,
  command,
  copy,
  daemonDirectory,
  debug,
  deployedCertificate,
  fail,
  file,
  getUrl,
  group,
  heldRestart,
  hostname,
  lineinfile,
  logLine,
  packageResource,
  ping,
  privateCaCertificate,
  privateCaRoot,
  renewalRecord,
  rootCertificate,
  service,
  serviceLoaded,
  setFact,
  setup,
  shell,
  slurp,
  stat,
  systemd,
  template,
  tlsListener,
  user,
  waitFor,
  warn,
];

/** Every resource by its name and by its aliases. */
export const resources: ReadonlyMap<string, AnyResource> = new Map(
  all.flatMap((resource) =>
    [resource.name, ...(resource.aliases ?? [])].map((name) => [name, resource] as const),
  ),
);
