import { quote } from '../shell/quote.ts';
import { lookFormat } from './file-look.ts';
import { batches, pathWord, setLines, setWords, type Word } from './path-arguments.ts';
import type { Place, SumName } from './path-question.ts';
import {
  choiceCode,
  comparisonCode,
  sendingCode,
  sizeCode,
  type Text,
  textsOf,
  textWord,
} from './path-text-program.ts';
import { treeCode } from './path-tree.ts';

// What it prints are records that end with NUL, which no path holds: `inside N` (the path is a directory), `link N`,
// `unread N` (may not be read), `may N rwx`, `SUM lines`, `stat lines`, `behind lines`, `tree N lines`,
// `content N_M base64 exit-code`, and then where each link points, and `done`. Messages on stderr end with the name of the
// record that they belong to and a NUL; then comes where each followed link leads, and `done`.
//
// Variables: path0 is the first place, file0 is set when it is a readable file, link0 when it is a link.

// One line of stat: a look, a tab and the path.
const stat = `-c ${quote(`${lookFormat}\t%n`)} -- "$@"`;

const start = `LC_ALL=C; export LC_ALL; set -f
IFS='
'
links=; ends=
part() { printf '\\0'; printf '%s\\0' "$1" >&2; }
link() { eval "link$1="; links="$links \\"\\$path$1\\""; printf 'link %s\\0' "$1"; }
end() { link "$1"; ends="$ends \\"\\$path$1\\""; }`;

/** sh code that answers all that is asked about the places. */
export function pathProgram(places: readonly Place[]): string {
  const texts = textsOf(places);
  const sums = new Set(places.flatMap((place) => [...place.sums]));
  return [
    start,
    ...places.flatMap(placeCode),
    ...texts.filter(({ wish }) => wish.unlessSum === undefined).map(choiceCode),
    ...[...sums].flatMap((name) => sumCode(name, places, texts)),
    ...statCode(places, texts),
    ...sendingCode(texts),
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

function placeCode({ path, inside, sums, texts, access, leads, tree }: Place, n: number): string[] {
  const name = `"$path${n}"`;
  const lines = [`path${n}=${quote(path)}`];
  if (inside !== undefined) {
    lines.push(`[ -d ${name} ] && { path${n}=${quote(inside)}; printf 'inside ${n}\\0'; }`);
  }
  lines.push(`[ -L ${name} ] && ${leads ? 'end' : 'link'} ${n}`);
  if (sums.size > 0 || texts.length > 0) {
    lines.push(`[ -f ${name} ] && if [ -r ${name} ]; then file${n}=; else printf 'unread ${n}\\0'; fi`);
  }
  if (access) {
    const letters = ['r', 'w', 'x'].map((letter) => `[ -${letter} ${name} ] && printf ${letter}`);
    lines.push(`printf 'may ${n} '; ${letters.join('; ')}; printf '\\0'`);
  }
  if (tree) lines.push(`[ -d ${name} ] && { printf 'tree ${n} '; ${treeCode(`path${n}`)}; part tree; }`);
  return lines;
}

function sumCode(name: SumName, places: readonly Place[], texts: readonly Text[]): readonly string[] {
  const known = new Map<number, Text[]>();
  for (const text of name === 'sha256' ? texts : []) {
    if (text.wish.unlessSum !== undefined) known.set(text.n, [...(known.get(text.n) ?? []), text]);
  }
  const words = places.flatMap((place, n) =>
    place.sums.has(name) ? [{ ...pathWord(place, n, `file${n}`), n, texts: known.get(n) ?? [] }] : [],
  );
  return batches(words).flatMap((batch) => {
    if (batch.every((word) => word.texts.length === 0)) {
      return [setWords(batch), `[ $# = 0 ] || { printf '${name} '; ${name}sum -- "$@"; part ${name}; }`];
    }
    return [
      setWords(batch),
      `if [ $# != 0 ]; then sums=$(${name}sum -- "$@"); printf '${name} %s\\n' "$sums"; part ${name}`,
      setLines('$sums'),
      ...batch.map((word) => comparisonCode(word.n, word.texts)),
      'fi',
    ];
  });
}

function statCode(places: readonly Place[], texts: readonly Text[]): readonly string[] {
  const words: readonly (Word & { readonly text?: Text })[] = [
    ...texts.map(textWord),
    ...places.map((place, n) => pathWord(place, n)),
  ];
  return batches(words).flatMap((batch) => {
    const first = batch.flatMap(({ text }) => text ?? []);
    if (first.length === 0) {
      return [setWords(batch), `printf 'stat '; stat ${stat}; part stat`];
    }
    // The root comes last, so that the shell takes no newline off the end of a name.
    return [
      setWords(batch),
      `if [ $# != 0 ]; then looks=$(stat ${stat} /); printf 'stat %s\\n' "$looks"; part stat; set -- $looks`,
      ...first.map(sizeCode),
      'fi',
    ];
  });
}
