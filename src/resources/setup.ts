import { type Static, Type } from 'typebox';
import { type ClockAnswer, clock } from '../probes/clock.ts';
import type { Ask, Probe } from '../probes/probe.ts';
import { ProbeError } from '../probes/probe-error.ts';
import { script } from '../probes/script.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { hostPath } from './argument-schemas.ts';
import { distributionFacts } from './facts/distribution-facts.ts';
import { factScript, readParts } from './facts/fact-script.ts';
import { localFacts, localFactsDirectory } from './facts/local-facts.ts';
import { machineFacts, mountFacts, timeFacts } from './facts/machine-facts.ts';
import { networkFacts } from './facts/network-facts.ts';
import { systemFacts } from './facts/system-facts.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    fact_path: Type.Optional(
      hostPath(
        `directory of the host's own facts, ${localFactsDirectory} without it: NAME.fact, JSON, becomes ansible_local.NAME`,
      ),
    ),
    gather_subset: Type.Optional(
      Type.Array(Type.String(), { description: 'accepted: facts come in one go, all of them' }),
    ),
    gather_timeout: Type.Optional(
      Type.Integer({ description: 'accepted: nothing that could take long is asked' }),
    ),
    filter: Type.Optional(
      Type.Array(Type.String(), {
        description: 'patterns of the facts that the result shows; the host has all of them afterwards',
      }),
    ),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

type Facts = { readonly [key: string]: Json };

function machineOf(part: (name: string) => string): string {
  return part('uname') || part('/proc/sys/kernel/arch');
}

function nameFacts(part: (name: string) => string): Facts {
  const kernel = (name: string) => part(`/proc/sys/kernel/${name}`);
  const nodename = kernel('hostname');
  const machine = machineOf(part);
  const named = part('fqdn');
  const fqdn = named === '' || named === 'localhost' ? nodename : named;
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

function idsOf(part: (name: string) => string): readonly [uid: string, gid: string] {
  const [uid = '', gid = ''] = part('id').split(' ');
  return [uid, gid];
}

function userFacts(part: (name: string) => string): Facts {
  const [uid, gid] = idsOf(part);
  const environment = part('environment')
    .split('\n')
    .filter((line) => line.includes('='));
  const env = Object.fromEntries(
    environment.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const [name = '', , , , gecos = '', home = env.HOME ?? '', shell = env.SHELL ?? ''] =
    part('passwd').split(':');
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

/**
 * All facts, under Ansible's names without `ansible_`.
 * @param calendar the time in its parts, as a ClockAnswer has it
 */
export function readFacts(text: string, calendar = ''): Facts {
  const parts = readParts(text);
  const part = (name: string) => parts.get(name) ?? '';
  if (machineOf(part) === '') throw new ProbeError('the host gave no facts');
  return {
    ...networkFacts(part),
    ...distributionFacts(part('/etc/os-release'), part('/etc/debian_version').trim()),
    ...nameFacts(part),
    ...userFacts(part),
    ...machineFacts(part),
    ...securityFacts(part),
    ...systemFacts(part, machineOf(part), ...idsOf(part)),
    date_time: timeFacts(calendar),
    mounts: mountFacts(part('/proc/self/mounts')),
    service_mgr: serviceManager(part),
    pkg_mgr: packageManager(part),
    local: localFacts(part('local')),
  };
}

function factPath(want: Args): string {
  return want.fact_path ?? localFactsDirectory;
}

// A host without a usable clock has facts all the same.
const noTime = '|'.repeat(11);

function probeFacts(want: Args): Probe<Facts> {
  const asks: readonly [Ask<ScriptOutput>, Ask<ClockAnswer>] = [script(factScript(factPath(want))), clock()];
  return {
    asks,
    read([facts, time]) {
      const calendar = time instanceof ProbeError ? noTime : (time as ClockAnswer).calendar;
      return readFacts((facts as ScriptOutput).stdout, calendar);
    },
  };
}

// A pattern as of a shell, for a name with or without its prefix.
function shown({ filter = [] }: Args, facts: Facts): Facts {
  if (filter.length === 0 || filter.includes('*')) return facts;
  const patterns = filter.map((glob) => {
    const source = glob
      .replaceAll(/[.+^${}()|\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return new RegExp(`^${source}$`);
  });
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) =>
      patterns.some((one) => one.test(name) || one.test(`ansible_${name}`)),
    ),
  );
}

/** Gathers facts about the host. */
export const setup: HostResource<Args, Facts> = {
  kind: 'host',
  name: 'setup',
  aliases: ['gather_facts'],
  summary: "Gather facts: distribution, names, addresses, processors, memory, user, time, the host's own",
  schema,
  effect: 'read',
  // Of what facts hold only these files are changed by a run on purpose.
  paths: (want) => [`${factPath(want)}/`],
  probe: probeFacts,
  diff: () => [],
  steps: () => [],
  facts: (_want, have) => have,
  result: (want, have) => ({ ansible_facts: shown(want, have) }),
};
