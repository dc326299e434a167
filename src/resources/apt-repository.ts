import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { printBytes, putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { type AptFiles, askAptFiles, readAptFiles } from './apt/apt-files.ts';
import { refreshScript } from './apt/apt-script.ts';
import { listName, readSourceLine, withoutSource, withSourceEnabled } from './apt/source-lines.ts';
import { modePattern, modeWords } from './argument-schemas.ts';
import { alteredLines, contentLines } from './files/altered-lines.ts';
import { fetchCode } from './files/download.ts';
import { diffEditedFile, type EditedFileState, writeEditedFile } from './files/edited-file.ts';
import { fileRemoval } from './files/file-removal.ts';
import { missingFile } from './files/listed-files.ts';
import { shownText } from './files/shown-text.ts';
import type { Change, HostResource } from './resource.ts';
import type { Step } from './step.ts';

const schema = Type.Object(
  {
    repo: Type.String({
      pattern: '^[^\\n\\u0000]+$',
      description:
        'the line of sources.list, as in `deb [signed-by=...] URL suite component`, or ppa:owner/name',
    }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether apt should use it' }),
    ),
    filename: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\u0000]+$',
        description: 'name of a new file, without `.list`; made of the address without it',
      }),
    ),
    mode: Type.Optional(
      Type.String({ pattern: modePattern, default: '0644', description: `of a new file: ${modeWords}` }),
    ),
    update_cache: Type.Optional(
      Type.Boolean({ default: true, description: 'fetch the package lists after a change' }),
    ),
    update_cache_retries: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, default: 5, description: 'how often that is tried' }),
    ),
    update_cache_retry_max_delay: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3600, default: 12, description: 'most seconds between two tries' }),
    ),
    validate_certs: Type.Optional(
      Type.Boolean({ default: true, description: 'false trusts any server that is asked about a PPA' }),
    ),
    codename: Type.Optional(
      Type.String({ pattern: '^[a-z][a-z0-9.-]*$', description: "of a PPA; the host's own without it" }),
    ),
    install_python_apt: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted: hosts need no Python' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State extends AptFiles {
  readonly contents: boolean;
}

interface Edit {
  readonly file: EditedFileState;
  /** Undefined: the file goes. */
  readonly after: Buffer | undefined;
}

const personal = /^ppa:([A-Za-z0-9.+-]+)(?:\/([A-Za-z0-9.+-]+))?$/;

function sourceOf({ repo, codename }: Arguments, have: State): string | undefined {
  const [all, owner, name = 'ppa'] = personal.exec(repo) ?? [];
  if (all !== undefined)
    return `deb http://ppa.launchpad.net/${owner}/${name}/ubuntu ${codename ?? have.codename} main`;
  const read = readSourceLine(repo);
  return read?.enabled ? read.source : undefined;
}

function placeOf(want: Arguments, source: string, { parts, codename }: State): string {
  const own = want.repo.startsWith('ppa:') ? `${want.repo}_${want.codename ?? codename}` : source;
  const name = want.filename === undefined ? listName(own) : `${want.filename}.list`;
  return name.includes('/') ? name : posix.join(parts, name);
}

function editOf(
  file: EditedFileState,
  alter: (lines: readonly string[]) => readonly string[],
): Edit | undefined {
  const after = alteredLines(file.content, alter);
  if (after === file.content) return undefined;
  return { file, after: after?.length === 0 ? undefined : after };
}

function edits(want: Arguments, have: State): readonly Edit[] {
  const source = sourceOf(want, have);
  if (source === undefined) return [];
  const all = (alter: (lines: readonly string[]) => readonly string[]) =>
    have.files.flatMap((file) => editOf(file, alter) ?? []);
  if (want.state === 'absent') return all((lines) => withoutSource(lines, source));
  const there = have.files.some(({ content }) =>
    contentLines(content).some((line) => readSourceLine(line)?.source === source),
  );
  if (there) return all((lines) => withSourceEnabled(lines, source));
  const target = placeOf(want, source, have);
  const file = have.files.find((one) => one.target === target);
  return [editOf(file ?? missingFile(target, have.contents), (lines) => [...lines, source])].flatMap(
    (edit) => edit ?? [],
  );
}

function changesOf(want: Arguments, { file, after }: Edit): readonly Change[] {
  if (after === undefined) {
    const text = file.contents ? shownText(file.target, file.content, Buffer.alloc(0)) : {};
    return [{ attribute: 'state', from: 'file', to: 'absent', ...text }];
  }
  const mode = file.stat.kind === 'absent' ? { mode: want.mode ?? '0644' } : {};
  return diffEditedFile({ path: file.target, ...mode }, file, after);
}

function keyScript(want: Arguments, { trustedParts }: State): string | undefined {
  const [all, owner = '', name = 'ppa'] = personal.exec(want.repo) ?? [];
  if (all === undefined || want.state === 'absent') return undefined;
  const key = posix.join(trustedParts, `ppa-${owner}-${name}.asc`);
  const trust = want.validate_certs !== false;
  const address = `https://launchpad.net/api/1.0/~${owner}/+archive/${name}`;
  const server = 'https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&exact=on&search=0x';
  return `provision_info=$(
${fetchCode({ url: address, validate_certs: trust })}
) || { echo 'launchpad.net does not know ${want.repo}' >&2; exit 1; }
provision_key=$(printf '%s\\n' "$provision_info" | sed -n 's/.*"signing_key_fingerprint": *"\\([0-9A-Fa-f]\\{40,64\\}\\)".*/\\1/p')
[ -n "$provision_key" ] || { echo 'launchpad.net named no key of ${want.repo}' >&2; exit 1; }
${putScript(key, fetchCode({ url: `${server}PROVISION_KEY`, validate_certs: trust }).replaceAll('PROVISION_KEY', `'"$provision_key"'`), { mode: '0644' }, `grep -q 'BEGIN PGP PUBLIC KEY BLOCK' "$1"`)} || exit 1`;
}

// The files as they were, when the lists could not be fetched with the new ones.
function undo({ file }: Edit): string {
  if (file.content === undefined) return `rm -f -- ${quote(file.target)}`;
  const mode = `0${file.stat.mode.toString(8)}`;
  return putScript(file.target, printBytes(file.content), { mode });
}

/** A repository of apt. */
export const aptRepository: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'apt_repository',
  summary: 'Have apt use a repository, or not use it, by a line of a .list file',
  schema,
  argumentAliases: { update_cache: ['update-cache'] },
  effect: 'opaque',
  paths: () => ['/etc/apt/'],
  probe: (_want, { contents }) =>
    asking({ output: askAptFiles('lists') }, ({ output }) => ({
      ...readAptFiles(output, contents),
      contents,
    })),
  refuse(want, have) {
    if (!have.apt) return ['the host has no apt'];
    if (want.repo.startsWith('ppa:')) {
      if (!personal.test(want.repo)) return [`Invalid repository string: ${want.repo}`];
      return sourceOf(want, have)?.includes('/ubuntu  main')
        ? ['the host names no codename of its release: give codename']
        : [];
    }
    return sourceOf(want, have) === undefined ? [`Invalid repository string: ${want.repo}`] : [];
  },
  diff: (want, have) => edits(want, have).flatMap((edit) => changesOf(want, edit)),
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const all = edits(want, have);
    const steps: Step[] = [];
    const key = keyScript(want, have);
    if (key !== undefined) steps.push({ kind: 'script', script: key });
    for (const edit of all) {
      const { file, after } = edit;
      const mode = file.stat.kind === 'absent' ? { mode: want.mode ?? '0644' } : {};
      if (after === undefined) steps.push({ kind: 'script', script: fileRemoval(file.target) });
      else steps.push(...writeEditedFile({ path: file.target, ...mode }, changesOf(want, edit), file, after));
    }
    if (want.update_cache !== false) {
      const { update_cache_retries: retries = 5, update_cache_retry_max_delay: delay = 12 } = want;
      const back = all.map((edit) => `( ${undo(edit)}\n)`).join('\n');
      steps.push({ kind: 'script', script: refreshScript(retries, delay, back) });
    }
    return steps;
  },
  result(want, have, _outputs, before = have) {
    const all = edits(want, before);
    const names = (some: readonly Edit[]) => some.map(({ file }) => file.target);
    return {
      repo: want.repo,
      state: want.state ?? 'present',
      sources_added: names(all.filter(({ file }) => file.stat.kind === 'absent')),
      sources_removed: names(all.filter(({ after }) => after === undefined)),
    };
  },
};
