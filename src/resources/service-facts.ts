import { Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object({}, { additionalProperties: false });

type Services = { readonly [name: string]: Json };

const ask = `command -v systemctl >/dev/null || exit 3
systemctl list-units --no-pager --no-legend --plain --type service --all || exit 4
echo provision-files
systemctl list-unit-files --no-pager --no-legend --type service || exit 4`;

const bad = ['not-found', 'masked', 'failed'];

/** What systemctl lists, as Ansible gathers it. */
export function readServices(text: string): Services {
  const [units = '', files = ''] = text.split('provision-files\n');
  const words = (part: string) =>
    part
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([name = '']) => name.endsWith('.service'));
  const found = new Map<string, { name: string; state: string; status: string; source: string }>();
  for (const [name = '', load = '', active = '', sub = ''] of words(units)) {
    const status = bad.find((word) => [load, active, sub].includes(word)) ?? 'unknown';
    found.set(name, { name, state: sub === 'running' ? 'running' : 'stopped', status, source: 'systemd' });
  }
  for (const [name = '', status = ''] of words(files)) {
    const known = found.get(name);
    if (!known) found.set(name, { name, state: 'inactive', status, source: 'systemd' });
    else if (!bad.includes(known.status)) found.set(name, { ...known, status });
  }
  return Object.fromEntries(found);
}

/** Services of the host, as facts. */
export const serviceFacts: HostResource<object, { readonly code: number; readonly services: Services }> = {
  kind: 'host',
  name: 'service_facts',
  summary: 'Read the services that systemd knows into ansible_facts.services',
  schema,
  effect: 'read',
  follows: () => true,
  paths: () => ['/etc/systemd/', '/usr/lib/systemd/', '/lib/systemd/'],
  probe: () =>
    scriptProbe({
      script: ask,
      parse: ({ code, stdout }) => ({ code, services: readServices(stdout) }),
    }),
  refuse(_want, { code }) {
    if (code === 0) return [];
    return [
      code === 3
        ? 'the host has no systemctl: services are read from systemd'
        : 'systemctl cannot list the services',
    ];
  },
  diff: () => [],
  steps: () => [],
  facts: (_want, { services }) => ({ services }),
  result: (_want, { services }) => ({ ansible_facts: { services } }),
};
