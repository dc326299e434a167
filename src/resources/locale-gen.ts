import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { systemPath } from '../shell/system-path.ts';
import { alteredLines, contentLines } from './files/altered-lines.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFile,
  editedFileState,
  writeEditedFile,
} from './files/edited-file.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.Array(Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.@-]*$' }), {
      minItems: 1,
      description: 'the locales, as in de_AT.UTF-8',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether they should be there' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly file: EditedFileState;
  /** What `locale -a` lists. */
  readonly present: readonly string[];
  /** Names that the host could make. */
  readonly supported: ReadonlySet<string>;
}

const table = '/etc/locale.gen';

const ask = `locale -a 2>/dev/null
echo supported
[ ! -r /usr/share/i18n/SUPPORTED ] || cat /usr/share/i18n/SUPPORTED`;

// glibc lists de_AT.UTF-8 as de_AT.utf8.
function plain(name: string): string {
  const [place = '', rest = ''] = name.split('.', 2);
  const [charset = '', variant] = rest.split('@');
  const same = charset.toLowerCase().replaceAll('-', '');
  return `${place}${rest === '' ? '' : `.${same}`}${variant === undefined ? '' : `@${variant}`}`;
}

function isPresent(name: string, { present }: State): boolean {
  return present.some((one) => plain(one) === plain(name));
}

function lineOf(
  line: string,
): { readonly name: string; readonly rest: string; readonly on: boolean } | undefined {
  const [, mark, name, rest] = /^\s*(#?)\s*([A-Za-z]\S*)(\s+\S+\s*)$/.exec(line) ?? [];
  return name === undefined || rest === undefined ? undefined : { name, rest, on: mark === '' };
}

function edited(want: Arguments, { file }: State): Buffer | undefined {
  const wanted = want.state !== 'absent';
  return alteredLines(file.content, (lines) => {
    const now = lines.map((line) => {
      const read = lineOf(line);
      if (!read || !want.name.includes(read.name) || read.on === wanted) return line;
      return wanted ? `${read.name}${read.rest}` : `# ${read.name}${read.rest}`;
    });
    const missing = want.name.filter((name) => !lines.some((line) => lineOf(line)?.name === name));
    // A locale that the file does not list, and glibc knows, as locales' own list has it: its charset behind it.
    const added = wanted
      ? missing.map((name) => `${name} ${name.split('.')[1]?.split('@')[0] ?? 'ISO-8859-1'}`)
      : [];
    return [...now, ...added];
  });
}

/** Locales of a host. */
export const localeGen: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'locale_gen',
  summary: 'Have locales made, or removed, with locale-gen and /etc/locale.gen',
  schema,
  effect: 'opaque',
  probe: (_want, { contents }) =>
    asking({ file: editedFile(table), said: script(ask) }, ({ file, said }) => {
      const [present = '', supported = ''] = said.stdout.split(/^supported\n/m);
      return {
        file: editedFileState(file, contents),
        present: present.split('\n').filter(Boolean),
        supported: new Set(supported.split('\n').map((line) => line.split(/\s/)[0] ?? '')),
      };
    }),
  refuse(want, { file, supported }) {
    if (file.content === undefined) return [`the host has no ${table}: install the package locales first`];
    const listed = new Set([
      ...supported,
      ...contentLines(file.content).flatMap((line) => lineOf(line)?.name ?? []),
    ]);
    const unknown = want.name.filter((name) => !listed.has(name));
    return unknown.length > 0
      ? [`The following locales you have entered are not available on your system: ${unknown.join(', ')}`]
      : [];
  },
  diff(want, have) {
    const wanted = want.state !== 'absent';
    const changes: Change[] = want.name
      .filter((name) => isPresent(name, have) !== wanted)
      .map((name) => ({
        attribute: `locale ${name}`,
        from: wanted ? 'absent' : 'present',
        to: wanted ? 'present' : 'absent',
      }));
    // As with Ansible a locale that is there is left alone, whatever the file says.
    return changes.length === 0
      ? []
      : [...changes, ...diffEditedFile({ path: table }, have.file, edited(want, have))];
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const written = changes.filter(({ attribute }) => !attribute.startsWith('locale '));
    return [
      ...writeEditedFile({ path: table }, written, have.file, edited(want, have)),
      {
        kind: 'script',
        script: `${systemPath}; export PATH; locale-gen`,
      },
    ];
  },
  result: (want) => ({ name: want.name, mechanism: 'glibc' }),
};
