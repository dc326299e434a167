import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { hostPath } from './argument-schemas.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the file of which packages shall install their version elsewhere'),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it is diverted' }),
    ),
    divert: Type.Optional(
      hostPath(
        'where they install it; `path` with `.distrib` behind it without it; not looked at with state: absent',
      ),
    ),
    holder: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9][A-Za-z0-9+.-]*$',
        default: 'LOCAL',
        description:
          'the package whose version stays at its place; LOCAL for none; not looked at with state: absent',
      }),
    ),
    rename: Type.Optional(
      Type.Boolean({ default: false, description: 'the file that is there moves along, there or back' }),
    ),
    force: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'a file where another would be moved to is replaced by it',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Diversion {
  readonly divert: string;
  readonly holder: string;
}

interface State {
  readonly available: boolean;
  readonly diverted: Diversion | undefined;
  /** Which of the files that may be moved, or replaced, are there. */
  readonly there: ReadonlySet<string>;
}

interface Move {
  readonly from: string;
  readonly to: string;
}

function wanted({
  path,
  state,
  divert = `${path}.distrib`,
  holder = 'LOCAL',
}: Arguments): Diversion | undefined {
  return state === 'absent' ? undefined : { divert, holder };
}

// A diversion that leads elsewhere takes its file along, as with Ansible, whether `rename` is set or not.
function moveOf(want: Arguments, { diverted, there }: State): Move | undefined {
  const next = wanted(want);
  const from = diverted?.divert ?? want.path;
  const to = next?.divert ?? want.path;
  const moves = from !== to && (want.rename === true || (diverted && next));
  return moves && there.has(from) ? { from, to } : undefined;
}

function commandsOf(want: Arguments, have: State): readonly string[] {
  const next = wanted(want);
  const move = moveOf(want, have);
  const file = quote(want.path);
  const commands: string[] = [];
  if (have.diverted) commands.push(`dpkg-divert --no-rename --remove ${file}`);
  if (next) {
    const holder = next.holder === 'LOCAL' ? '--local' : `--package ${quote(next.holder)}`;
    commands.push(`dpkg-divert ${holder} --divert ${quote(next.divert)} --no-rename --add ${file}`);
  }
  if (move) commands.push(`mv -f -T -- ${quote(move.from)} ${quote(move.to)}`);
  return commands;
}

function differences(want: Arguments, have: State): readonly Change[] {
  const { diverted } = have;
  const next = wanted(want);
  const changes: Change[] = [];
  if (diverted?.divert !== next?.divert)
    changes.push({
      attribute: 'diverted to',
      from: diverted?.divert ?? 'absent',
      to: next?.divert ?? 'absent',
    });
  if (diverted && next && diverted.holder !== next.holder)
    changes.push({ attribute: 'holder', from: diverted.holder, to: next.holder });
  const move = moveOf(want, have);
  if (changes.length > 0 && move) changes.push({ attribute: `file ${move.from}`, to: `moved to ${move.to}` });
  return changes;
}

/** A file of packages that lies elsewhere, so that another can take its place. */
export const dpkgDivert: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'dpkg_divert',
  summary: 'Have packages install a file elsewhere, with dpkg-divert, so that your own version stays',
  schema,
  argumentAliases: { path: ['name'] },
  effect: 'opaque',
  probe(want) {
    const file = quote(want.path);
    const divert = quote(wanted(want)?.divert ?? want.path);
    return scriptProbe({
      script: `${printFunction}
${systemPath}
command -v dpkg-divert >/dev/null || { echo 'available no'; exit 0; }
echo 'available yes'
provision_holder=$(dpkg-divert --listpackage ${file}) || exit 1
provision_now=$(dpkg-divert --truename ${file}) || exit 1
provision_print holder "$provision_holder"
provision_print now "$provision_now"
[ ! -e ${file} ] && [ ! -L ${file} ] || echo 'path there'
[ ! -e ${divert} ] && [ ! -L ${divert} ] || echo 'wanted there'
[ ! -e "$provision_now" ] && [ ! -L "$provision_now" ] || echo 'current there'`,
      parse(output) {
        const answer = new Answer(output, `the diversion of ${want.path}`);
        const holder = answer.bytes('holder')?.toString() ?? '';
        const now = answer.bytes('now')?.toString() ?? want.path;
        const places = { path: want.path, wanted: wanted(want)?.divert ?? want.path, current: now };
        return {
          available: answer.get('available') === 'yes',
          diverted: holder === '' ? undefined : { divert: now, holder },
          there: new Set(
            Object.entries(places).flatMap(([key, place]) => (answer.get(key) === 'there' ? [place] : [])),
          ),
        };
      },
    });
  },
  reliesOn: ({ path }) => [path],
  refuse(want, have) {
    if (!have.available) return ['the host has no dpkg-divert: diversions are for hosts with dpkg'];
    const move = differences(want, have).length > 0 ? moveOf(want, have) : undefined;
    return move && have.there.has(move.to) && want.force !== true
      ? [`${move.from} would replace ${move.to}, which is there: move one of them away, or set force: true`]
      : [];
  },
  diff: differences,
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const script = commandsOf(want, have).map((command) => `${command} || exit 1`);
    return [{ kind: 'script', script: [systemPath, ...script].join('\n') }];
  },
  result(want, have, _outputs, before = have) {
    const next = wanted(want);
    const changed = differences(want, before).length > 0;
    return {
      diversion: {
        path: want.path,
        state: next ? 'present' : 'absent',
        divert: next?.divert ?? null,
        holder: next?.holder ?? null,
      },
      commands: changed ? [...commandsOf(want, before)] : [],
    };
  },
};
