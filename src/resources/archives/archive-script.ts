import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import { fetchCode } from '../files/download.ts';

/** An archive and where its content goes. */
export interface Unpacking {
  readonly src: string;
  readonly dest: string;
  readonly exclude?: readonly string[];
  readonly include?: readonly string[];
  readonly extra_opts?: readonly string[];
  readonly keep_newer?: boolean;
  readonly validate_certs?: boolean;
  /** The archive itself, when it comes from the control node. */
  readonly content?: Uint8Array | undefined;
}

function words(list: readonly string[]): string {
  return list.map((word) => ` ${quote(word)}`).join('');
}

// Puts the archive, or its name, where the code that follows looks for it; what is made here goes with the section.
function place({ src, content, validate_certs }: Unpacking): string {
  const own = [
    'umask_before=$(umask); umask 077',
    'provision_own=$(mktemp -d) || exit 1',
    `trap 'rm -rf -- "$provision_own"' EXIT`,
    "trap 'exit 129' HUP INT TERM",
    'umask "$umask_before"',
  ];
  const code =
    content !== undefined
      ? printBytes(content)
      : src.includes('://')
        ? fetchCode({ url: src, validate_certs })
        : undefined;
  if (code === undefined) return [...own, `provision_archive=${quote(src)}`].join('\n');
  return [
    ...own,
    'provision_archive=$provision_own/archive',
    `{ ${code}`,
    `} >"$provision_archive" || { echo 'the archive could not be brought to the host' >&2; exit 1; }`,
  ].join('\n');
}

// What the first bytes say; whatever is nothing else is left to tar.
const format = `provision_format=TarArchive
case $(od -An -tx1 -N6 <"$provision_archive" | tr -d ' \\n') in
504b0304* | 504b0506*) provision_format=ZipArchive ;;
1f8b*) provision_format=TgzArchive ;;
425a68*) provision_format=TarBzipArchive ;;
fd377a58*) provision_format=TarXzArchive ;;
28b52ffd*) provision_format=TarZstdArchive ;;
esac`;

function tar(want: Unpacking, verb: string): string {
  const { extra_opts = [], exclude = [], include = [] } = want;
  const options = [
    ...(extra_opts.length > 0 ? ['--show-transformed-names', ...extra_opts] : []),
    ...(want.keep_newer && verb !== '--list' ? ['--keep-newer-files'] : []),
    ...exclude.map((pattern) => `--exclude=${pattern.replace(/\/$/, '')}`),
  ];
  const names = include.length > 0 ? ` --${words(include)}` : '';
  // In the directory itself: tar would read a backslash in the name behind -C as more than that.
  const code = `LC_ALL=C tar ${verb} --quoting-style=literal${words(options)} -f "$provision_archive"${names}`;
  return `( cd -- ${quote(want.dest)} && ${code} )`;
}

function unzip(want: Unpacking, verb: string, directory: string): string {
  const { extra_opts = [], exclude = [], include = [] } = want;
  const listed = verb === '-Z1';
  const options = listed ? '' : words(extra_opts);
  const names = `${words(include)}${exclude.length > 0 ? ` -x${words(exclude)}` : ''}`;
  return `unzip ${verb}${options} "$provision_archive"${names}${listed ? '' : ` -d ${directory}`}`;
}

const owners = quote('%f %u %g %U\t%G');

/** sh code that says how what an archive holds differs from what is at its place. */
export function archiveProbe(want: Unpacking): string {
  const dest = quote(want.dest);
  const found = `if [ ! -f "$provision_archive" ]; then echo 'trouble missing'; exit 0; fi
if [ ! -s "$provision_archive" ]; then echo 'trouble empty'; exit 0; fi
if [ ! -d ${dest} ]; then echo 'trouble dest'; exit 0; fi`;
  return `${place(want)}
${found}
${format}
echo "format $provision_format"
echo "root $(id -u)"
provision_block() { printf '%s %s\\n' "$1" "$(base64 <"$provision_own/$1" | tr -d '\\n')"; }
provision_unread() { echo 'trouble unread'; provision_block said; exit 0; }
if [ "$provision_format" = ZipArchive ]; then
  command -v unzip >/dev/null || { echo 'trouble unzip'; exit 0; }
  ${unzip(want, '-Z1', dest)} >"$provision_own/files" 2>"$provision_own/said" || provision_unread
  ${unzip(want, '-qq -o', '"$provision_own/apart"')} >"$provision_own/said" 2>&1 || provision_unread
  cd -- "$provision_own/apart" || exit 1
  find . ! -name . -exec stat -c '%f %Y %s %n' {} + >"$provision_own/wanted"
  find . -type f -exec sha256sum {} + >"$provision_own/sums"
  find . ! -name . -print0 >"$provision_own/names"
  cd -- ${dest} || exit 1
  xargs -0 -r stat -c '%f %Y %s %n' <"$provision_own/names" >"$provision_own/there" 2>/dev/null
  sha256sum -c "$provision_own/sums" >"$provision_own/differs" 2>/dev/null
  provision_block wanted; provision_block there
else
  ${tar(want, '--list')} >"$provision_own/files" 2>"$provision_own/said" || provision_unread
  ${tar(want, '--diff')} >"$provision_own/differs" 2>&1
fi
provision_block files; provision_block differs
cd -- ${dest} || exit 1
tr '\\n' '\\0' <"$provision_own/files" | xargs -0 -r stat -c ${owners} -- >"$provision_own/stats" 2>/dev/null
provision_block stats`;
}

/**
 * sh code that unpacks an archive, and sets owner, group and mode of all that came out of it.
 * @param replaced names below the directory that will be other files afterwards
 */
export function unpackScript(
  want: Unpacking,
  own: { readonly owner?: string; readonly group?: string; readonly mode?: string },
  { unpack, replaced }: { readonly unpack: boolean; readonly replaced: readonly string[] },
): string {
  const dest = quote(want.dest);
  const lines = [place(want), format];
  if (unpack) {
    lines.push('if [ -n "$provision_saved" ]; then');
    for (const name of replaced) lines.push(`  provision_save ${quote(`${want.dest}/${name}`)} || exit 1`);
    lines.push(
      '  :',
      'fi',
      'if [ "$provision_format" = ZipArchive ]; then',
      `  ${unzip(want, want.keep_newer ? '-u -o' : '-o', dest)} || exit 1`,
      `else ${tar(want, '--extract')} || exit 1; fi`,
    );
  }
  if (own.owner === undefined && own.group === undefined && own.mode === undefined) return lines.join('\n');
  lines.push(
    `if [ "$provision_format" = ZipArchive ]; then ${unzip(want, '-Z1', dest)}; else ${tar(want, '--list')}; fi >"$provision_own/files" 2>/dev/null`,
    `cd -- ${dest} || exit 1`,
    `sed 's|/.*||; s|$|/|' <"$provision_own/files" | sort -u | while IFS= read -r provision_top; do`,
    `  [ -L "\${provision_top%/}" ] || [ ! -d "$provision_top" ] || printf '%s\\n' "$provision_top"`,
    `done >>"$provision_own/files"`,
  );
  // With ./ before it no name is an option, nor leads out of the directory.
  const names = `while IFS= read -r provision_name; do
  provision_name=./\${provision_name#/}
  TEST || printf '%s\\0' "$provision_name"
done <"$provision_own/files" | xargs -0 -r`;
  const owner = `${own.owner ?? ''}${own.group === undefined ? '' : `:${own.group}`}`;
  if (owner !== '')
    lines.push(
      `${names.replace('TEST', '{ [ ! -e "$provision_name" ] && [ ! -L "$provision_name" ]; }')} chown -h -- ${quote(owner)} || exit 1`,
    );
  if (own.mode !== undefined)
    lines.push(
      `${names.replace('TEST', '[ -L "${provision_name%/}" ] || [ ! -e "$provision_name" ]')} chmod -- ${quote(own.mode)} || exit 1`,
    );
  return lines.join('\n');
}
