import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { hostPath } from './argument-schemas.ts';
import type { Change, HostResource } from './resource.ts';

const name = '^[^-\\s/\\u0000][^\\s/\\u0000]*$';

const schema = Type.Object(
  {
    name: Type.String({ pattern: name, description: 'the group of alternatives, as in editor' }),
    path: Type.Optional(hostPath('the program that is meant')),
    link: Type.Optional(
      hostPath('the link that leads to the alternative; needed where there is no group yet'),
    ),
    priority: Type.Optional(
      Type.Integer({ description: 'the highest wins while nobody chooses; 50 for a new one' }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'selected', 'auto', 'absent'], {
        default: 'selected',
        description: 'listed; listed and chosen; listed and the choice left to priorities; not listed',
      }),
    ),
    family: Type.Optional(Type.String({ description: 'of Red Hat; refused' })),
    subcommands: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ pattern: name, description: 'the group of the second link' }),
            path: hostPath('what it leads to'),
            link: hostPath('the link'),
          },
          { additionalProperties: false },
        ),
        { description: 'links that go with the alternative, such as its manual page' },
      ),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Alternative {
  readonly priority: number;
  readonly slaves: Readonly<Record<string, string>>;
}

interface State {
  readonly available: boolean;
  readonly link: string | undefined;
  readonly auto: boolean;
  readonly current: string | undefined;
  readonly all: ReadonlyMap<string, Alternative>;
  readonly links: Readonly<Record<string, string>>;
  readonly exists: boolean;
}

// As dpkg's update-alternatives --query prints it: paragraphs, the first about the group.
function readQuery(text: string): Omit<State, 'available' | 'exists'> {
  const all = new Map<string, { priority: number; slaves: Record<string, string> }>();
  const head: Record<string, string> = {};
  const links: Record<string, string> = {};
  let at: { priority: number; slaves: Record<string, string> } | undefined;
  let slaves = at?.slaves ?? links;
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^([A-Z][a-z]+):\s*(.*)$/.exec(line) ?? [];
    const [, slave, place = ''] = /^ (\S+) (.*)$/.exec(line) ?? [];
    if (key === 'Alternative') {
      at = { priority: 0, slaves: {} };
      slaves = at.slaves;
      all.set(value, at);
    } else if (key === 'Priority' && at) at.priority = Number(value);
    else if (slave !== undefined) slaves[slave] = place;
    else if (key !== undefined && !at) head[key] = value;
  }
  const current = head.Value === 'none' ? undefined : head.Value;
  return { link: head.Link, auto: head.Status === 'auto', current, all, links };
}

function listed(want: Arguments, { all, links }: State): boolean {
  const there = want.path === undefined ? undefined : all.get(want.path);
  if (!there) return false;
  const { subcommands, priority } = want;
  const same =
    subcommands === undefined ||
    (subcommands.length === Object.keys(there.slaves).length &&
      subcommands.every((one) => there.slaves[one.name] === one.path && links[one.name] === one.link));
  return same && (priority === undefined || priority === there.priority);
}

/** One of several programs for the same purpose. */
export const alternatives: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'alternatives',
  summary: 'List and choose alternatives for a program, with update-alternatives',
  schema,
  argumentAliases: { subcommands: ['slaves'] },
  effect: 'opaque',
  probe: (want) =>
    scriptProbe({
      script: `${systemPath}
command -v update-alternatives >/dev/null || { echo 'no update-alternatives'; exit 0; }
${want.path === undefined ? '' : `[ ! -e ${quote(want.path)} ] || echo 'there is the path'`}
LC_ALL=C update-alternatives --query ${quote(want.name)} 2>/dev/null || :`,
      parse: ({ stdout }) => ({
        available: !stdout.startsWith('no update-alternatives'),
        exists: stdout.startsWith('there is the path'),
        ...readQuery(stdout),
      }),
    }),
  reliesOn: ({ path }) => (path === undefined ? [] : [path]),
  refuse(want, have) {
    if (!have.available) return ['the host has no update-alternatives'];
    if (want.family !== undefined)
      return ['family is for hosts of Red Hat; update-alternatives has none here'];
    const { state = 'selected', path } = want;
    if (state === 'absent' || state === 'auto')
      return path === undefined && state === 'absent' ? ['state: absent needs path'] : [];
    if (path === undefined) return [`state: ${state} needs path`];
    if (!have.exists) return [`Specified path ${path} does not exist`];
    return listed(want, have) || (want.link ?? have.link) !== undefined
      ? []
      : ['Needed to install the alternative, but unable to do so as we are missing the link'];
  },
  diff(want, have) {
    const { state = 'selected', path = '' } = want;
    if (state === 'absent')
      return have.all.has(path) ? [{ attribute: `alternative ${path}`, from: 'present', to: 'absent' }] : [];
    const changes: Change[] = [];
    const before = have.all.get(path);
    if (want.path !== undefined && !listed(want, have))
      changes.push({
        attribute: `alternative ${path}`,
        from: before ? `priority ${before.priority}` : 'absent',
        to: `priority ${want.priority ?? before?.priority ?? 50}`,
      });
    if (state === 'selected' && have.current !== path)
      changes.push({ attribute: 'selected', from: have.current ?? 'none', to: path });
    if (state === 'auto' && !have.auto)
      changes.push({ attribute: 'selected', from: 'by hand', to: 'by priority' });
    return changes;
  },
  steps(want, changes, have) {
    const { state = 'selected', path = '', subcommands } = want;
    const lines = [systemPath];
    const group = quote(want.name);
    if (state === 'absent') lines.push(`update-alternatives --remove ${group} ${quote(path)} || exit 1`);
    if (changes.some(({ attribute, to }) => attribute.startsWith('alternative ') && to !== 'absent')) {
      const before = have.all.get(path);
      const priority = want.priority ?? before?.priority ?? 50;
      const kept = Object.entries(before?.slaves ?? {}).map(([one, place]) => ({
        name: one,
        path: place,
        link: have.links[one] ?? '',
      }));
      const slaves = (subcommands ?? kept)
        .map((one) => ` --slave ${quote(one.link)} ${quote(one.name)} ${quote(one.path)}`)
        .join('');
      const link = quote(want.link ?? have.link ?? '');
      if (before && subcommands !== undefined)
        lines.push(`update-alternatives --remove ${group} ${quote(path)} || exit 1`);
      lines.push(
        `update-alternatives --install ${link} ${group} ${quote(path)} ${priority}${slaves} || exit 1`,
      );
    }
    if (state === 'selected') lines.push(`update-alternatives --set ${group} ${quote(path)} || exit 1`);
    if (state === 'auto') lines.push(`update-alternatives --auto ${group} || exit 1`);
    return changes.length === 0 ? [] : [{ kind: 'script', script: lines.join('\n') }];
  },
};
