import { quote } from '../shell/quote.ts';
import { statFormat } from './file-stat.ts';
import type { Place } from './path-question.ts';
import { textFunctions, textLines } from './path-text-program.ts';
import { treeCode } from './path-tree.ts';

// What it prints are records that end with NUL, which no path holds: `inside N` (the path is a directory), `link N`,
// `unread N` (may not be read), `may N rwx`, `SUM lines`, `stat lines`, `behind lines`, `tree N lines`,
// `content N_M base64 exit-code`, and then where each link points, and `done`. Messages on stderr end with the name of the
// record that they belong to and a NUL; then comes where each followed link leads, and `done`.
//
// $path0 is the first place; $file0 is not empty when it is a readable file, $link0 when it is a link. Programs are short:
// a shell may read them byte by byte.

// One line of stat, a tab and the path.
const stat = `-c ${quote(`${statFormat}\t%n`)} -- "$@"`;

const functions = `LC_ALL=C; export LC_ALL; set -f
IFS='
'
links=; ends=
part() { printf '\\0'; printf '%s\\0' "$1" >&2; }
place() {
  at=$2
  if [ -n "\${3-}" ] && [ -d "$2" ]; then
    case $3 in /*) at=$3 ;; *) at=$2/$3 ;; esac
    printf 'inside %s\\0' "$1"
  fi
  eval "path$1=\\$at; file$1=; link$1="
  [ -L "$at" ] || return 0
  eval "link$1=link"
  links="$links \\"\\$path$1\\""
  printf 'link %s\\0' "$1"
}
file() {
  [ -f "$at" ] || return 0
  if [ -r "$at" ]; then eval "file$1=file"; else printf 'unread %s\\0' "$1"; fi
}
end() { [ ! -L "$at" ] || ends="$ends \\"\\$path$1\\""; }
may() {
  printf 'may %s ' "$1"
  [ ! -r "$at" ] || printf r
  [ ! -w "$at" ] || printf w
  [ ! -x "$at" ] || printf x
  printf '\\0'
}`;

/** sh code that answers all that is asked about the places. */
export function pathProgram(places: readonly Place[]): string {
  const some = places.some(({ texts }) => texts.length > 0);
  return [
    functions,
    ...(some ? [textFunctions] : []),
    ...batches([...places.entries()]).flatMap(batchCode),
    `[ -z "$links" ] || { eval "set -- $links"; printf 'behind '; stat -L ${stat}; part behind; }`,
    `[ -z "$ends" ] || { eval "set -- $ends"; ${readLinks('-f')} >&2; }; printf 'done\\0' >&2`,
    `[ -z "$links" ] || { eval "set -- $links"; ${readLinks('')}; }; printf 'done\\0'`,
  ].join('\n');
}

// Prints where each of "$@" points; one by one where readlink knows no -z, or one cannot be read.
function readLinks(option: string): string {
  const single = `for one; do readlink -n ${option} -- "$one" 2>/dev/null; printf '\\0'; done`;
  return `{ readlink -z ${option} -- "$@" 2>/dev/null || ${single}; }`;
}

type Numbered = readonly [n: number, place: Place];

// Cuts places so that a list of their paths stays below what every kernel takes as arguments.
function batches(places: readonly Numbered[]): readonly (readonly Numbered[])[] {
  const most = 100_000;
  const lists: Numbered[][] = [];
  let bytes = most;
  for (const numbered of places) {
    const [, { path, inside = '' }] = numbered;
    const own = 3 * Math.max(path.length, inside.length) + 10;
    bytes += own;
    if (bytes > most) {
      lists.push([]);
      bytes = own;
    }
    lists.at(-1)?.push(numbered);
  }
  return lists;
}

function batchCode(batch: readonly Numbered[]): readonly string[] {
  const texts = batch.flatMap(([n, place]) => textLines(place, n));
  return [
    ...batch.flatMap(placeCode),
    ...(texts.length > 0 ? [`texts=${quote(texts.join('\n'))}`] : []),
    ...sumCode(batch),
    ...statCode(batch, texts.length > 0),
  ];
}

function placeCode([n, { path, inside, sums, texts, access, leads, tree }]: Numbered): readonly string[] {
  const below = inside?.startsWith(`${path}/`) ? inside.slice(path.length + 1) : inside;
  return [
    `place ${n} ${quote(path)}${below === undefined ? '' : ` ${quote(below)}`}`,
    ...(leads ? [`end ${n}`] : []),
    ...(sums.size > 0 || texts.length > 0 ? [`file ${n}`] : []),
    ...(access ? [`may ${n}`] : []),
    ...(tree ? [`[ ! -d "$at" ] || { printf 'tree ${n} '; ${treeCode('at')}; part tree; }`] : []),
  ];
}

function sumCode(batch: readonly Numbered[]): readonly string[] {
  const compared = ([, { texts }]: Numbered) => texts.some(({ unlessSum }) => unlessSum !== undefined);
  const anyCompared = batch.some(compared);
  const lines = [...new Set(batch.flatMap(([, { sums }]) => [...sums]))].flatMap((name) => {
    const some = batch.filter(([, { sums }]) => sums.has(name));
    const compares = name === 'sha256' && anyCompared;
    const ordered = compares ? [...some.filter(compared), ...some.filter((one) => !compared(one))] : some;
    const list = `set -- ${ordered.map(([n]) => `\${file${n}:+"$path${n}"}`).join(' ')}`;
    if (!compares) {
      return [list, `[ $# = 0 ] || { printf '${name} '; ${name}sum -- "$@"; part ${name}; }`];
    }
    return [
      list,
      'count=$#; sums=',
      `[ $# = 0 ] || { sums=$(${name}sum -- "$@"); printf '${name} %s\\n' "$sums"; part ${name}; }`,
      'set -- $sums; [ $# = $count ] || set --; text_known "$@"',
    ];
  });
  return anyCompared || batch.every(([, { texts }]) => texts.length === 0) ? lines : [...lines, 'text_known'];
}

function statCode(batch: readonly Numbered[], sends: boolean): readonly string[] {
  const list = `set -- ${batch.map(([n]) => `"$path${n}"`).join(' ')}`;
  if (!sends) return [list, `printf 'stat '; stat ${stat}; part stat`];
  // The root comes last, so that the shell takes no newline off the end of a name.
  return [
    list,
    'eval "set -- $first_paths \\"\\$@\\""',
    `stats=$(stat ${stat} /); printf 'stat %s\\n' "$stats"; part stat`,
    'text_sized $stats; text_send',
  ];
}
