import type { Ask, ProbeKind } from '../../../probes/probe.ts';
import { ProbeError, probeFailure } from '../../../probes/probe-error.ts';
import { globWord } from '../../../shell/glob-word.ts';

/** When something of what was asked about was last changed. */
export interface ChangedFile {
  readonly path: string;
  /** Seconds as `date` counts them. */
  readonly changed: number;
}

/*
 * Records that end with NUL: `of N` before the paths that question N is about, `at PATH` for each of them that is there,
 * `way LINK` for each link that leads to them; then, after `times`, seconds, a space and the path of all that lies there.
 * Variables: p0, p1, ... are the paths and links, n is how many there are. \`links\` goes along a path, and along what its
 * links lead to; what the shell takes off the end of a name is kept by an x.
 */
const functions = `LC_ALL=C; export LC_ALL; n=0
add() { eval "p$n=\\$1"; n=$((n + 1)); }
links() {
  set -- "$1" "$2" "$1"
  while [ -n "$3" ]; do
    if [ -L "$3" ]; then
      printf 'way %s\\0' "$3"; add "$3"
      to=$(readlink -n -- "$3"; printf x); to=\${to%x}
      case $to in /*) ;; *) to=\${3%/*}/$to ;; esac
      [ "$2" = 0 ] || links "$to" "$(($2 - 1))"
    fi
    set -- "$1" "$2" "\${3%/*}"
  done
}
at() {
  for path; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    printf 'at %s\\0' "$path"; add "$path"
    links "$path" 9
  done
}`;

// No name holds a slash: //, a line end is never part of a path.
const times = `printf 'times\\0'
[ "$n" = 0 ] || {
  i=0 words=; while [ "$i" -lt "$n" ]; do words="$words \\"\\$p$i\\""; i=$((i + 1)); done
  eval "set -- $words"
  find "$@" -printf '%C@ %p\\0' || find "$@" -exec stat -c '%Z %n//' -- {} +
  find -L "$@" -printf '%C@ %p\\0' || find -L "$@" -exec stat -L -c '%Z %n//' -- {} +
} 2>/dev/null
:`;

const changedFilesKind: ProbeKind<readonly string[], readonly ChangedFile[]> = {
  name: 'tls-logs changed files',
  most: 50,
  program: (questions) =>
    [
      functions,
      ...questions.map((paths, n) => `printf 'of ${n}\\0'; at ${paths.map(globWord).join(' ')}`),
      times,
    ].join('\n'),
  read(output, questions) {
    const records = output.stdout.split('\0');
    const middle = records.indexOf('times');
    if (middle < 0) {
      const failed =
        probeFailure(output, 'what was changed') ??
        new ProbeError("the host's answer about what was changed makes no sense");
      return questions.map(() => failed);
    }
    const all = timesIn(records.slice(middle + 1).join('\0'));
    const places = placesIn(records.slice(0, middle));
    return questions.map((_, n) => below(places.get(`of ${n}`) ?? [], all));
  },
};

/** Asks what lies at and below some paths, which may be patterns; links count by themselves, on the way too, and by what they lead to. */
export function changedFiles(
  paths: readonly string[],
  dependsOn: readonly string[] = paths,
): Ask<readonly ChangedFile[]> {
  return { kind: changedFilesKind, question: paths, paths: dependsOn };
}

/** What changed last and is not dated later than now, which says nothing; undefined when there is nothing. */
export function newest(files: readonly ChangedFile[], now: number): ChangedFile | undefined {
  // A file that is new changes its directory too: the file says more.
  return files
    .filter(({ changed }) => changed <= now)
    .reduce<ChangedFile | undefined>((last, file) => (last && isLater(last, file) ? last : file), undefined);
}

function isLater(one: ChangedFile, other: ChangedFile): boolean {
  return one.changed === other.changed ? one.path > other.path : one.changed > other.changed;
}

function timesIn(text: string): readonly ChangedFile[] {
  return text.split(/\0|\/\/\n/).flatMap((record) => {
    const [, seconds, path] = /^(\d+(?:\.\d+)?) (\/.*)$/s.exec(record) ?? [];
    return seconds === undefined || path === undefined ? [] : [{ changed: Number(seconds), path }];
  });
}

// What each question is about, as `at PATH` and `way LINK`.
function placesIn(records: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  let own: string[] = [];
  for (const one of records) {
    if (one.startsWith('of ')) {
      own = [];
      places.set(one, own);
    } else own.push(one);
  }
  return places;
}

function below(places: readonly string[], all: readonly ChangedFile[]): readonly ChangedFile[] {
  const named = (word: string) =>
    places.flatMap((one) => (one.startsWith(`${word} `) ? [one.slice(word.length + 1)] : []));
  const roots = named('at');
  const single = new Set([...named('way'), ...roots]);
  const folders = roots.map((root) => (root.endsWith('/') ? root : `${root}/`));
  return all.filter(({ path }) => single.has(path) || folders.some((folder) => path.startsWith(folder)));
}
