import { type Static, Type } from 'typebox';
import { ProbeError } from '../probes/probe-error.ts';
import { scriptProbe } from '../probes/script.ts';
import { hostPath } from './argument.ts';
import { distributionFacts } from './facts/distribution-facts.ts';
import { factScript, readParts } from './facts/fact-script.ts';
import { localFacts, localFactsDirectory } from './facts/local-facts.ts';
import { machineFacts, mountFacts, timeFacts } from './facts/machine-facts.ts';
import { networkFacts } from './facts/network-facts.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    fact_path: Type.Optional(
      hostPath(
        `directory of the host's own facts, ${localFactsDirectory} without it: NAME.fact, JSON, becomes ansible_local.NAME`,
      ),
    ),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

type Facts = { readonly [key: string]: Json };

function nameFacts(part: (name: string) => string): Facts {
  const kernel = (name: string) => part(`/proc/sys/kernel/${name}`);
  const nodename = kernel('hostname');
  const machine = part('uname');
  const told = part('fqdn');
  const fqdn = told === '' || told === 'localhost' ? nodename : told;
  const i386 = /^i[3-6]86$/.test(machine);
  return {
    nodename,
    hostname: nodename.split('.')[0] ?? nodename,
    fqdn,
    domain: fqdn.includes('.') ? fqdn.slice(fqdn.indexOf('.') + 1) : '',
    system: kernel('ostype'),
    kernel: kernel('osrelease'),
    kernel_version: kernel('version'),
    machine,
    architecture: i386 ? 'i386' : machine,
    machine_id: part('/etc/machine-id'),
  };
}

function userFacts(part: (name: string) => string): Facts {
  const [, uid = '', name = '', gid = ''] = /^uid=(\d+)(?:\(([^)]*)\))? gid=(\d+)/.exec(part('id')) ?? [];
  const environment = part('environment')
    .split('\n')
    .filter((line) => line.includes('='));
  const env = Object.fromEntries(
    environment.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const [, , , , gecos = '', home = env.HOME ?? '', shell = env.SHELL ?? ''] = part('passwd').split(':');
  return {
    user_id: name,
    user_uid: Number(uid),
    user_gid: Number(gid),
    user_gecos: gecos,
    user_dir: home,
    user_shell: shell,
    env,
  };
}

function serviceManager(part: (name: string) => string): string {
  if (part('systemd') === 'yes') return 'systemd';
  const first = part('/proc/1/comm');
  return first === 'init' ? 'sysvinit' : first;
}

function packageManager(part: (name: string) => string): string {
  const [tool = 'unknown'] = part('tools').split('\n');
  return tool === 'apt-get' ? 'apt' : tool || 'unknown';
}

function securityFacts(part: (name: string) => string): Facts {
  const enforce = part('/sys/fs/selinux/enforce');
  const selinux =
    enforce === ''
      ? { status: 'disabled' }
      : { status: 'enabled', mode: enforce === '1' ? 'enforcing' : 'permissive' };
  return {
    selinux,
    apparmor: { status: part('/sys/module/apparmor/parameters/enabled') === 'Y' ? 'enabled' : 'disabled' },
  };
}

/** All facts, under Ansible's names without `ansible_`. */
export function readFacts(text: string): Facts {
  const parts = readParts(text);
  const part = (name: string) => parts.get(name) ?? '';
  if (part('uname') === '') throw new ProbeError('the host told nothing about itself');
  return {
    ...networkFacts(part),
    ...distributionFacts(part('/etc/os-release'), part('/etc/debian_version').trim()),
    ...nameFacts(part),
    ...userFacts(part),
    ...machineFacts(part),
    ...securityFacts(part),
    date_time: timeFacts(part('date')),
    mounts: mountFacts(part('/proc/self/mounts')),
    service_mgr: serviceManager(part),
    pkg_mgr: packageManager(part),
    local: localFacts(part('local')),
  };
}

function factPath(want: Args): string {
  return want.fact_path ?? localFactsDirectory;
}

/** Gathers facts about the host. */
export const setup: HostResource<Args, Facts> = {
  kind: 'host',
  name: 'setup',
  aliases: ['gather_facts'],
  summary: "Gather facts: distribution, names, addresses, processors, memory, user, time, the host's own",
  schema,
  effect: 'read',
  // Of what facts tell only these files are changed by a run on purpose.
  paths: (want) => [`${factPath(want)}/`],
  probe: (want) =>
    scriptProbe({ script: factScript(factPath(want)), parse: ({ stdout }) => readFacts(stdout) }),
  diff: () => [],
  steps: () => [],
  facts: (_want, have) => have,
  result: (_want, have) => ({ ansible_facts: have }),
};
