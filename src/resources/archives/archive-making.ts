import { printFunction } from '../../probes/answer.ts';
import { globWord } from '../../shell/glob-word.ts';
import { quote } from '../../shell/quote.ts';

/** How an archive is written. */
type ArchiveFormat = 'bz2' | 'gz' | 'tar' | 'xz' | 'zip';

/** What goes into an archive, and where that is. */
export interface Making {
  /** Absolute paths and patterns of the host. */
  readonly paths: readonly string[];
  readonly excluded: readonly string[];
  /** Patterns of names inside. */
  readonly patterns: readonly string[];
  readonly dest: string;
  readonly format: ArchiveFormat;
  /** Also a single file becomes a member, not a compressed file. */
  readonly forced: boolean;
}

const compressors = { bz2: 'bzip2', gz: 'gzip', xz: 'xz' } as const;

/** Whether a path is a pattern, as Ansible decides it. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

function expansion(paths: readonly string[]): string {
  const commands = paths.map((path) =>
    isPattern(path)
      ? `provision_there ${globWord(path)}`
      : `printf '%s\\n' ${quote(path === '/' ? path : path.replace(/\/+$/, ''))}`,
  );
  return commands.length === 0 ? ':' : commands.join('; ');
}

function unlike(pattern: string): string {
  return `! -path ${pattern}`;
}

// Patterns are held against names as find has them: whole paths, which an archive of tar has without their root.
function conditions({ patterns, format, dest }: Making): string {
  const escaped = patterns.map((pattern) => quote(pattern.replaceAll('\\', '\\\\')));
  const whole = format === 'zip' ? escaped : escaped.map((pattern) => `"$provision_like"${pattern}`);
  return [...whole, quote(dest.replaceAll(/[[\]*?\\]/g, '\\$&'))].map(unlike).join(' ');
}

/** sh code that finds what goes in: its paths, their common directory, and the function that prints members. */
function finding(making: Making): string {
  const any = making.paths.some(isPattern) || making.forced;
  return `export LC_ALL=C
provision_there() { for provision_one do if [ -e "$provision_one" ] || [ -L "$provision_one" ]; then printf '%s\\n' "$provision_one"; fi; done; }
provision_given=$({ ${expansion(making.paths)}; } | sort -u)
provision_left=$({ ${expansion(making.excluded)}; })
provision_paths=$provision_given
[ -z "$provision_left" ] || provision_paths=$(printf '%s\\n' "$provision_given" | grep -vxF -e "$provision_left")
provision_root=
while IFS= read -r provision_one; do
  provision_dir=\${provision_one%/*}/
  [ -n "$provision_root" ] || provision_root=$provision_dir
  while case $provision_dir in "$provision_root"*) false ;; esac do provision_root=\${provision_root%/*/}/; done
done <<provision_end
$provision_paths
provision_end
provision_many=${any ? 'yes' : 'no'}
case $provision_paths in *'
'*) provision_many=yes ;; esac
[ ! -d "\${provision_paths%%
*}" ] || provision_many=yes
provision_like=$(printf '%s' "$provision_root" | sed 's/[][*?\\]/\\\\&/g')
provision_each() { # what is there: directories without themselves, as Ansible has it
  printf '%s\\n' "$provision_paths" | while IFS= read -r provision_one; do
    if [ -d "$provision_one" ]; then find -H "$provision_one" -mindepth 1 ${conditions(making)} -print0
    elif [ -e "$provision_one" ] || [ -L "$provision_one" ]; then find "$provision_one" -prune ${conditions(making)} -print0
    fi
  done
}
provision_members() { provision_each | cut -z -b "$((\${#provision_root} + 1))-" | sort -zu; }`;
}

/** sh code that prints the archive of what was found. */
function making({ format }: Making): string {
  if (format === 'zip')
    return `cd -- "$provision_root" && provision_members | tr '\\0' '\\n' | zip -X -q - -@ | cat`;
  const compressor = format === 'tar' ? undefined : compressors[format];
  const option = compressor === undefined ? '' : ` --use-compress-program=${compressor}`;
  const tar = (more: string) =>
    `cd -- "$provision_root" && provision_members | tar -c${more} --no-recursion --null -T - -f -`;
  if (compressor === undefined) return tar('');
  return `if [ $provision_many = yes ]; then ${tar(option)}
else ${compressor} -c <"$provision_paths"; fi`;
}

function plain({ format, dest }: Making): string {
  if (format === 'zip' || format === 'tar') return `cat <${quote(dest)}`;
  return `${compressors[format]} -dc <${quote(dest)}`;
}

/** sh code that writes an archive to stdout. */
export function archiveCode(want: Making): string {
  return `${finding(want)}\n${making(want)}`;
}

/** sh code that removes what went into an archive. */
export function removalCode(want: Making): string {
  return `${finding(want)}
printf '%s\\n' "$provision_paths" | while IFS= read -r provision_one; do
  if [ -d "$provision_one" ] && [ ! -L "$provision_one" ]; then rm -rf -- "$provision_one"
  elif [ -n "$(find "$provision_one" -prune ${conditions(want)} 2>/dev/null)" ]; then rm -f -- "$provision_one"
  fi || exit 1
done`;
}

/** sh code that prints what would go in, and how it differs from the archive that is there. */
export function archiveQuestion(want: Making): string {
  const { format, dest } = want;
  const tools =
    format === 'zip' ? ['zip', 'unzip'] : format === 'tar' ? ['tar'] : ['tar', compressors[format]];
  const names = format === 'zip' ? `unzip -Z1 ${quote(dest)}` : `tar -t --quoting-style=literal`;
  const list = format === 'zip' ? names : `${plain(want)} | ${names}`;
  const fresh =
    format === 'zip' || format === 'tar'
      ? `( ${making(want)} )`
      : `if [ $provision_many = yes ]; then ( ${making({ ...want, format: 'tar' })} )
else cat <"$provision_paths"; fi`;
  return `${printFunction}
${finding(want)}
provision_print given "$provision_given"
provision_print left "$provision_left"
provision_print paths "$provision_paths"
provision_print root "$provision_root"
echo "many $provision_many"
[ -n "$provision_paths" ] || exit 0
provision_print there "$(provision_there_each() { printf '%s\\n' "$provision_paths" | while IFS= read -r provision_one; do provision_there "$provision_one"; done; }; provision_there_each)"
for provision_one in ${tools.join(' ')}; do command -v "$provision_one" >/dev/null || echo "tool $provision_one"; done
printf 'members %s\\n' "$(provision_members | tr '\\0' '\\n' | base64 | tr -d '\\n')"
[ -f ${quote(dest)} ] || exit 0
echo 'present yes'
printf 'fresh %s\\n' "$({ ${fresh}
} 2>/dev/null | sha256sum)"
printf 'old %s\\n' "$(${plain(want)} 2>/dev/null | sha256sum)"
printf 'names %s\\n' "$(${list} 2>/dev/null | base64 | tr -d '\\n')"`;
}
