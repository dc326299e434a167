import { type Static, Type } from 'typebox';
import { exists } from '../probes/exists.ts';
import { asking } from '../probes/probe.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
      description: 'the module, as the files in mods-available are named: rewrite, proxy_http',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether apache2 loads it' }),
    ),
    force: Type.Optional(
      Type.Boolean({ default: false, description: 'disable a module that Debian wants to be there' }),
    ),
    identifier: Type.Optional(
      Type.String({ description: 'accepted: whether a module is enabled is seen by its file' }),
    ),
    ignore_configcheck: Type.Optional(
      Type.Boolean({ default: false, description: 'accepted: the configuration is not looked at' }),
    ),
    warn_mpm_absent: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: the configuration is not looked at' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly tools: boolean;
  readonly available: boolean;
  readonly enabled: boolean;
}

const folder = '/etc/apache2';

function fileOf({ name }: Arguments, kind: 'available' | 'enabled'): string {
  return `${folder}/mods-${kind}/${name}.load`;
}

/** A module of Debian's apache2. */
export const apache2Module: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'apache2_module',
  summary: 'Enable or disable a module of apache2, with a2enmod and a2dismod',
  schema,
  effect: 'contained',
  paths: () => [`${folder}/`],
  probe: (want) =>
    asking(
      {
        tools: exists('/usr/sbin/a2enmod', '/'),
        available: exists(fileOf(want, 'available'), '/'),
        enabled: exists(fileOf(want, 'enabled'), '/'),
      },
      (state) => state,
    ),
  reliesOn: () => ['/usr/sbin/a2enmod', `${folder}/mods-available/`],
  refuse(want, { tools, available }) {
    if (!tools) return ['the host has no a2enmod: is the package apache2 installed?'];
    return available || want.state === 'absent'
      ? []
      : [`apache2 has no module ${want.name}: there is no ${fileOf(want, 'available')}`];
  },
  diff(want, { enabled }) {
    const wanted = want.state !== 'absent';
    const word = (yes: boolean) => (yes ? 'enabled' : 'disabled');
    return enabled === wanted ? [] : [{ attribute: 'module', from: word(enabled), to: word(wanted) }];
  },
  steps(want, changes) {
    if (changes.length === 0) return [];
    const force = want.force === true ? ' -f' : '';
    const tool = want.state === 'absent' ? `a2dismod -q${force}` : 'a2enmod -q';
    return [{ kind: 'script', script: `${systemPath}\n${tool} ${quote(want.name)}` }];
  },
  result: (want) => ({
    result: `Module ${want.name} ${want.state === 'absent' ? 'disabled' : 'enabled'}`,
  }),
};
