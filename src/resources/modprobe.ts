import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { alteredLines, contentLines } from './files/altered-lines.ts';
import { diffEditedFile, type EditedFileState, writeEditedFile } from './files/edited-file.ts';
import { joinLines } from './files/line-edit.ts';
import { listFilesCode, missingFile, readListedFiles } from './files/listed-files.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$', description: 'the module of the kernel' }),
    params: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\u0000]*$',
        default: '',
        description: 'its parameters, as in numdummies=2',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it is loaded now' }),
    ),
    persistent: Type.Optional(
      Type.Enum(['disabled', 'absent', 'present'], {
        default: 'disabled',
        description:
          'whether it is loaded at boot: files of modules-load.d and modprobe.d; disabled leaves them alone',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly loaded: boolean;
  readonly known: boolean;
  /** Of /etc/modules-load.d and /etc/modprobe.d. */
  readonly files: readonly EditedFileState[];
  readonly contents: boolean;
}

interface Edit {
  readonly file: EditedFileState;
  readonly after: Buffer;
}

const loadDirectory = '/etc/modules-load.d';
const optionDirectory = '/etc/modprobe.d';

function ask({ name }: Arguments): string {
  const word = quote(name.replaceAll('-', '_'));
  return `${printFunction}
${systemPath}
provision_loaded=no; provision_known=no
while read -r provision_module provision_rest; do
  [ "$provision_module" != ${word} ] || provision_loaded=yes
done </proc/modules
if [ "$provision_loaded" = no ]; then
  provision_builtin=/lib/modules/$(uname -r)/modules.builtin
  if [ -r "$provision_builtin" ] && tr - _ <"$provision_builtin" | grep -q -x -e ".*/"${word}'\\.ko'; then provision_loaded=yes; fi
fi
if [ "$provision_loaded" = yes ] || modprobe -n -q -- ${quote(name)}; then provision_known=yes; fi
echo "loaded $provision_loaded"; echo "known $provision_known"
${listFilesCode(`${loadDirectory}/*.conf ${optionDirectory}/*.conf`)}`;
}

function parameters({ params = '' }: Arguments): readonly string[] {
  return params.split(/\s+/).filter(Boolean);
}

function optionsOf(line: string, name: string): string | undefined {
  const [, module, options] = /^\s*options\s+(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
  return module === name ? options : undefined;
}

function editOf(file: EditedFileState, alter: (line: string) => string): readonly Edit[] {
  const after = alteredLines(file.content, (lines) => lines.map(alter));
  return after === undefined || after === file.content ? [] : [{ file, after }];
}

function newFile(directory: string, want: Arguments, have: State, lines: readonly string[]): Edit {
  const target = posix.join(directory, `${want.name}.conf`);
  const file = have.files.find((one) => one.target === target) ?? missingFile(target, have.contents);
  return { file, after: Buffer.from(joinLines([...contentLines(file.content), ...lines])) };
}

function edits(want: Arguments, have: State): readonly Edit[] {
  const { name, persistent = 'disabled' } = want;
  if (persistent === 'disabled') return [];
  const inside = (directory: string) =>
    have.files.filter(({ target }) => posix.dirname(target) === directory);
  const names = (line: string) => line.trim() === name;
  const comment = (line: string) => `#${line}`;
  const loads = inside(loadDirectory).some(({ content }) => contentLines(content).some(names));
  const given = inside(optionDirectory).flatMap(({ content }) =>
    contentLines(content).flatMap((line) => optionsOf(line, name) ?? []),
  );
  const off = inside(optionDirectory).flatMap((file) =>
    editOf(file, (line) => (optionsOf(line, name) === undefined ? line : comment(line))),
  );
  if (persistent === 'absent')
    return [
      ...inside(loadDirectory).flatMap((file) =>
        editOf(file, (line) => (names(line) ? comment(line) : line)),
      ),
      ...off,
    ];
  const wanted = parameters(want);
  const all: Edit[] = loads ? [] : [newFile(loadDirectory, want, have, [name])];
  const same = given.toSorted().join('\n') === wanted.toSorted().join('\n');
  if (same) return all;
  if (wanted.length === 0) return [...all, ...off];
  const lines = wanted.map((one) => `options ${name} ${one}`);
  // Others of this module are switched off first; where they stand in its own file, what is written there is both.
  const own = posix.join(optionDirectory, `${name}.conf`);
  const before = off.find(({ file }) => file.target === own);
  const base = before ? { ...have, files: [{ ...before.file, content: before.after }] } : have;
  const added = newFile(optionDirectory, want, base, lines);
  const file = before ? { file: before.file, after: added.after } : added;
  return [...all, ...off.filter((one) => one !== before), file];
}

function changesOf({ file, after }: Edit): readonly Change[] {
  return diffEditedFile({ path: file.target }, file, after);
}

/** A module of the kernel. */
export const modprobe: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'modprobe',
  summary: 'Load or unload a module of the kernel, now and at boot',
  schema,
  effect: 'opaque',
  probe: (want, { contents }) =>
    scriptProbe({
      script: ask(want),
      parse(output) {
        const answer = new Answer(output, `the module ${want.name} of the kernel`);
        return {
          loaded: answer.get('loaded') === 'yes',
          known: answer.get('known') === 'yes',
          files: readListedFiles(answer, contents),
          contents,
        };
      },
    }),
  refuse: (want, { known, loaded }) =>
    want.state === 'absent' || known || loaded
      ? []
      : [`the host's kernel has no module ${want.name}: it is misspelt, or its package is missing`],
  diff(want, have) {
    const wanted = want.state !== 'absent';
    const state: Change[] =
      wanted === have.loaded
        ? []
        : [
            {
              attribute: 'module',
              from: have.loaded ? 'loaded' : 'absent',
              to: wanted ? 'loaded' : 'absent',
            },
          ];
    return [...state, ...edits(want, have).flatMap(changesOf)];
  },
  steps(want, changes, have) {
    const steps: Step[] = [];
    const name = quote(want.name);
    if (changes.some(({ attribute }) => attribute === 'module')) {
      const params = parameters(want)
        .map((one) => ` ${quote(one)}`)
        .join('');
      const act = want.state === 'absent' ? `modprobe -r -- ${name}` : `modprobe -- ${name}${params}`;
      steps.push({ kind: 'script', script: `${systemPath}; ${act}` });
    }
    for (const edit of edits(want, have))
      steps.push(...writeEditedFile({ path: edit.file.target }, changesOf(edit), edit.file, edit.after));
    return changes.length === 0 ? [] : steps;
  },
  result: (want) => ({ name: want.name, params: want.params ?? '', state: want.state ?? 'present' }),
};
