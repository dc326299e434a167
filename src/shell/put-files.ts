import { posix } from 'node:path';
import { printBytes, savedKey } from './put.ts';
import { quote } from './quote.ts';

/** A file to write whose owner, group and mode are settled. */
export interface WrittenFile {
  /** Absolute. */
  readonly path: string;
  readonly content: Uint8Array;
  /** Name or number; undefined leaves the user who writes. */
  readonly owner: string | undefined;
  readonly group: string | undefined;
  /** Octal. */
  readonly mode: string;
}

// From here on one flush of the whole file system is cheaper than one for each file.
const manyFiles = 32;

/**
 * Script that writes files together with a handful of processes: each is staged in a directory beside its target, owned,
 * flushed and then renamed. It fails before anything is renamed where one of them cannot be staged: then each must be
 * written by itself. What is replaced is kept as `provision_save` keeps it.
 * @param unguessable names the staging directories
 */
export function putFilesScript(files: readonly WrittenFile[], unguessable: string): string {
  const directories = [...new Set(files.map(({ path }) => posix.dirname(path)))];
  const staging = (directory: string) => posix.join(directory, `.provision-${unguessable}`);
  const staged = ({ path }: WrittenFile) =>
    quote(posix.join(staging(posix.dirname(path)), posix.basename(path)));
  const all = directories.map((directory) => quote(staging(directory))).join(' ');
  const lines = [
    'umask 077',
    `trap 'rm -rf -- '${quote(all)} EXIT`,
    "trap 'exit 129' HUP INT TERM",
    `mkdir -m 0700 -- ${all} || exit 1`,
    'set -C',
    ...files.map((file) => `{ ${printBytes(file.content)}\n} >${staged(file)} || exit 1`),
    ...eachGroup(files, ownerWord, (word, own) => `chown -- ${word} ${own.map(staged).join(' ')} || exit 1`),
    ...eachGroup(files, modeWord, (word, own) => `chmod -- ${word} ${own.map(staged).join(' ')} || exit 1`),
    files.length < manyFiles
      ? `sync -- ${files.map(staged).join(' ')} || exit 1`
      : `sync -f -- ${all} || exit 1`,
    'if [ -n "$provision_saved" ]; then',
    '  [ -d "$provision_saved" ] || mkdir -p -- "$provision_saved" || exit 1',
    ...files.map(({ path }) => `  provision_keep ${savedKey(path)} ${quote(path)} || exit 1`),
    'fi',
    ...directories.map((directory) => {
      const own = files.filter(({ path }) => posix.dirname(path) === directory);
      return `mv -f -t ${quote(directory)} -- ${own.map(staged).join(' ')} || exit 1`;
    }),
  ];
  return lines.join('\n');
}

function ownerWord({ owner, group }: WrittenFile): string {
  if (owner === undefined && group === undefined) return '';
  return quote(`${owner ?? ''}${group === undefined ? '' : `:${group}`}`);
}

function modeWord({ mode }: WrittenFile): string {
  return quote(mode);
}

function eachGroup(
  files: readonly WrittenFile[],
  wordOf: (file: WrittenFile) => string,
  line: (word: string, own: readonly WrittenFile[]) => string,
): readonly string[] {
  return [...Map.groupBy(files, wordOf)].flatMap(([word, own]) => (word === '' ? [] : line(word, own)));
}
