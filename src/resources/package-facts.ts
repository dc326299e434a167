import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    manager: Type.Optional(
      Type.Array(Type.Enum(['auto', 'apt', 'rpm', 'portage', 'pkg', 'pacman', 'apk', 'pkg_info']), {
        default: ['auto'],
        description: 'auto or apt: packages are those that dpkg knows',
      }),
    ),
    strategy: Type.Optional(
      Type.Enum(['first', 'all'], { default: 'first', description: 'accepted: there is one manager' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;
type Packages = { readonly [name: string]: Json };

const format = '${db:Status-Status}\\t${Package}\\t${Version}\\t${Architecture}\\t${Section}\\n';
const ask = `command -v dpkg-query >/dev/null || exit 3
dpkg-query -W -f='${format}'`;

/** What dpkg-query lists, as Ansible gathers it. */
export function readPackages(text: string): Packages {
  const found = new Map<string, Json[]>();
  for (const line of text.split('\n')) {
    const [status, name, version = '', arch = '', category = ''] = line.split('\t');
    if (status !== 'installed' || !name) continue;
    const one = { name, version, arch, category, origin: '', source: 'apt' };
    found.set(name, [...(found.get(name) ?? []), one]);
  }
  return Object.fromEntries(found);
}

/** Packages of the host, as facts. */
export const packageFacts: HostResource<Arguments, { readonly code: number; readonly packages: Packages }> = {
  kind: 'host',
  name: 'package_facts',
  summary: 'Read the installed packages into ansible_facts.packages (so far those of dpkg)',
  schema,
  effect: 'read',
  follows: () => true,
  paths: () => ['/var/lib/dpkg/'],
  probe: () =>
    scriptProbe({
      script: ask,
      parse: ({ code, stdout }) => ({ code, packages: readPackages(stdout) }),
    }),
  refuse(want, { code }) {
    const managers = want.manager ?? ['auto'];
    if (!managers.includes('auto') && !managers.includes('apt'))
      return [`manager: ${managers.join(', ')}: only packages of dpkg can be read so far`];
    if (code === 0) return [];
    return [code === 3 ? 'the host has no dpkg: only its packages can be read so far' : 'dpkg-query failed'];
  },
  diff: () => [],
  steps: () => [],
  facts: (_want, { packages }) => ({ packages }),
  result: (_want, { packages }) => ({ ansible_facts: { packages } }),
};
