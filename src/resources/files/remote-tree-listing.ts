import { type FileStat, readStatLine, statFormat } from '../../probes/file-stat.ts';
import { ProbeError, probeFailure } from '../../probes/probe-error.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';

/** One entry of a directory of the host. */
export interface TreeEntry {
  /** Below the directory; empty for the directory itself. */
  readonly name: string;
  readonly stat: FileStat;
  /** Where a link points, as it stands in it. */
  readonly points: string | undefined;
  /** sha256 of a regular file that both directories have. */
  readonly sum: string | undefined;
}

/** What two directories of the host hold, by name. */
export interface TreeListing {
  readonly source: ReadonlyMap<string, TreeEntry>;
  readonly there: ReadonlyMap<string, TreeEntry>;
}

// Prints where links point: names, an empty word, as many targets, an empty word, each ending with NUL.
const links = `printf '%s\\0' "$@" ''
readlink -z -- "$@" 2>/dev/null || for provision_one; do readlink -n -- "$provision_one"; printf '\\0'; done
printf '\\0'`;

// Keeps of "$@" what the other directory has as well.
const common = (test: string) => `provision_top=$1; shift
for provision_one; do
  shift
  if ${test}; then set -- "$@" "$provision_one"; fi
done
[ $# -gt 0 ] || exit 0
cd -- "$provision_top" || exit 1`;

// Sums up those of the regular files that the other directory has as well, in both.
const sums = `provision_top=$1 provision_count=$#; shift
for provision_one; do
  shift
  [ ! -f "$provision_top/$provision_one" ] || set -- "$@" "$provision_one"
done
[ $# -gt 0 ] || exit 0
sha256sum -- "$@" | sed "s/^/$provision_mark sum-source /"
cd -- "$provision_top" && sha256sum -- "$@" | sed "s/^/$provision_mark sum-there /"`;

/**
 * sh code that lists two directories and sums up the files that both have; it prints nothing when the first is no directory.
 * Each line of an entry begins with a mark that the host draws anew, so that no name can pass itself off as another entry.
 * @param follow links below the first are followed
 * @param whole all of the second is listed, not only what the first has as well: it may be the whole system
 */
export function treeListingScript(source: string, top: string, follow: boolean, whole: boolean): string {
  const followed = follow ? ' -L' : '';
  const stat = (which: string, option: string) =>
    `-exec stat${option} -c "$provision_mark ${which} ${statFormat}\t%n" -- {} +`;
  const at = quote(top);
  const both = (code: string) =>
    `( cd -- ${quote(source)} && find${followed} . -exec sh -c ${quote(code)} sh ${at} {} + ) || exit 1`;
  const found = `[ -e "$provision_top/$provision_one" ] || [ -L "$provision_top/$provision_one" ]`;
  const list = `${common(found)}\nstat -c "$provision_mark there ${statFormat}\t%n" -- "$@"`;
  const linked = `${common('[ -L "$provision_top/$provision_one" ]')}\n${links}`;
  return [
    `[ -d ${quote(source)} ] || exit 0`,
    'LC_ALL=C; export LC_ALL provision_mark',
    `provision_mark=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \\n') || exit 1`,
    'echo "$provision_mark"',
    `( cd -- ${quote(source)} && find${followed} . ${stat('source', followed)} ) || exit 1`,
    `if [ -d ${at} ]; then`,
    whole ? `  ( cd -- ${at} && find . ${stat('there', '')} ) || exit 1` : `  ${both(list)}`,
    `  ( cd -- ${quote(source)} && find${followed} . -type f -exec sh -c ${quote(sums)} sh ${at} {} + ) || exit 1`,
    'fi',
    ...(follow ? [] : [linksOf('source', source)]),
    `[ -d ${at} ] || exit 0`,
    'echo "$provision_mark links-there "',
    both(linked),
    'echo',
  ].join('\n');
}

function linksOf(which: string, directory: string): string {
  const code = `echo "$provision_mark links-${which} "; find . -type l -exec sh -c ${quote(links)} sh {} +; echo`;
  return `( cd -- ${quote(directory)} && { ${code}; } ) || exit 1`;
}

const nameOf = (path: string) => path.replace(/^\.(\/|$)/, '');

function pointed(record: string): ReadonlyMap<string, string> {
  const words = record.replace(/^\n/, '').split('\0');
  const found = new Map<string, string>();
  for (let start = 0; start < words.length; ) {
    const end = words.indexOf('', start);
    const count = end - start;
    if (count <= 0) break;
    for (const [index, name] of words.slice(start, end).entries())
      found.set(nameOf(name), words[end + 1 + index] ?? '');
    start = end + count + 2;
  }
  return found;
}

/** Reads what the script printed; undefined when there is no directory to copy. */
export function readTreeListing(output: ScriptOutput, asked: string): TreeListing | undefined {
  const failure = probeFailure(output, asked);
  if (failure) throw failure;
  if (output.stdout === '') return undefined;
  const [, mark] = /^([0-9a-f]{24})\n/.exec(output.stdout) ?? [];
  if (mark === undefined) throw new ProbeError(`the host's answer about ${asked} makes no sense`);
  const records = output.stdout.replace(/\n$/, '').split(`\n${mark} `).slice(1);
  const told = (word: string) =>
    records.filter((one) => one.startsWith(`${word} `)).map((one) => one.slice(word.length + 1));
  const list = (which: string): ReadonlyMap<string, TreeEntry> => {
    const leads = pointed(told(`links-${which}`)[0] ?? '');
    const known = new Map(told(`sum-${which}`).flatMap(sumOf));
    return new Map(told(which).map((line) => entryOf(line, leads, known, asked)));
  };
  const source = list('source');
  if (!source.has('')) throw new ProbeError(`the host's answer about ${asked} lacks the directory itself`);
  return { source, there: list('there') };
}

function sumOf(line: string): [string, string][] {
  const [, escaped, sum, path] = /^(\\?)([0-9a-f]{64}) [ *](.*)$/s.exec(line.replace(/\n$/, '')) ?? [];
  if (sum === undefined || path === undefined) return [];
  const plain = escaped ? path.replaceAll(/\\(n|\\)/g, (_all, one) => (one === 'n' ? '\n' : '\\')) : path;
  return [[nameOf(plain), sum]];
}

function entryOf(
  line: string,
  leads: ReadonlyMap<string, string>,
  sums: ReadonlyMap<string, string>,
  asked: string,
): [string, TreeEntry] {
  const [, words = '', path = ''] = /^([^\t]*\t[^\t]*)\t(.*)$/s.exec(line) ?? [];
  const stat = readStatLine(words);
  if (!stat) throw new ProbeError(`the host's answer about ${asked} has a line that makes no sense`);
  const name = nameOf(path);
  return [name, { name, stat, points: leads.get(name), sum: sums.get(name) }];
}
