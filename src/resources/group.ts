import { type Static, Type } from 'typebox';
import { account } from '../probes/account.ts';
import { asking } from '../probes/probe.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { accountName } from './accounts/account-name.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({ pattern: accountName, description: 'the group' }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should exist' }),
    ),
    gid: Type.Optional(Type.Integer({ minimum: 0, description: 'its number' })),
    system: Type.Optional(
      Type.Boolean({ default: false, description: 'a new group gets a number from the range of the system' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly gid: number | undefined;
  readonly tools: boolean;
}

function changes(want: Arguments, { gid }: State): readonly Change[] {
  if (want.state === 'absent')
    return gid === undefined ? [] : [{ attribute: 'state', from: 'present', to: 'absent' }];
  const number: Change[] =
    want.gid === undefined || want.gid === gid
      ? []
      : [{ attribute: 'gid', ...(gid !== undefined && { from: String(gid) }), to: String(want.gid) }];
  return gid === undefined ? [{ attribute: 'state', from: 'absent', to: 'present' }, ...number] : number;
}

function script(want: Arguments, { gid }: State): string {
  const name = quote(want.name);
  const number = want.gid === undefined ? '' : ` -g ${want.gid}`;
  if (want.state === 'absent') return `groupdel -- ${name}`;
  return gid === undefined
    ? `groupadd${want.system ? ' -r' : ''}${number} -- ${name}`
    : `groupmod${number} -- ${name}`;
}

/** A group of users. */
export const group: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'group',
  summary: 'Create, change or remove a group of users',
  schema,
  gives: ['name', 'state', 'system', 'gid'],
  effect: 'opaque',
  probe: ({ name }) =>
    asking({ found: account({ database: 'group', name }) }, ({ found: { entry, tools } }) => ({
      gid: entry && Number(entry[2]),
      tools,
    })),
  refuse: (want, have) =>
    have.tools || changes(want, have).length === 0
      ? []
      : ['the host has no groupadd, groupmod and groupdel (package passwd or shadow)'],
  diff: changes,
  steps: (want, changed, have) =>
    changed.length === 0 ? [] : [{ kind: 'script', script: `${systemPath}\n${script(want, have)}` }],
  result: (want, have) => {
    const gid = want.gid ?? have.gid;
    const system = want.system ?? false;
    return { name: want.name, state: want.state ?? 'present', system, ...(gid !== undefined && { gid }) };
  },
};
