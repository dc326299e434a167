import { apt } from './apt.ts';
import { assertion } from './assertion.ts';
import { blockinfile } from './blockinfile.ts';
import { certificateCheck } from './certificate-check.ts';
import { command } from './command.ts';
import { copy } from './copy.ts';
import { daemonDirectory } from './daemon-directory.ts';
import { debug } from './debug.ts';
import { deployedCertificate } from './deployed-certificate.ts';
import { fail } from './fail.ts';
import { file } from './file.ts';
import { getUrl } from './get-url.ts';
import { group } from './group.ts';
import { heldRestart } from './held-restart.ts';
import { hostname } from './hostname.ts';
import { lineinfile } from './lineinfile.ts';
import { logLine } from './log-line.ts';
import { packageResource } from './package.ts';
import { ping } from './ping.ts';
import { privateCaCertificate } from './private-ca-certificate.ts';
import { privateCaRoot } from './private-ca-root.ts';
import { renewalRecord } from './renewal-record.ts';
import type { AnyResource } from './resource.ts';
import { rootCertificate } from './root-certificate.ts';
import { service } from './service.ts';
import { serviceLoaded } from './service-loaded.ts';
import { setFact } from './set-fact.ts';
import { setup } from './setup.ts';
import { shell } from './shell.ts';
import { slurp } from './slurp.ts';
import { stat } from './stat.ts';
import { systemd } from './systemd.ts';
import { template } from './template.ts';
import { tlsListener } from './tls-listener.ts';
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
