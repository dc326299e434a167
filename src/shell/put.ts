import { createHash, randomBytes } from 'node:crypto';
import { quote } from './quote.ts';

/**
 * Shell function `provision_unwritten PATH`: says that it was not written, and whether that is because nothing more fits:
 * a shell's own `printf` may call that an I/O error.
 */
export const unwritten = `provision_unwritten() {
  case $1 in */*) provision_dir=\${1%/*}/ ;; *) provision_dir=. ;; esac
  provision_free=$(df -P -- "$provision_dir" 2>/dev/null | { read -r _; read -r _ _ _ provision_free _ && echo "$provision_free"; })
  case $provision_free in 0) set -- "$1" ': no space is left on its file system' ;; *) set -- "$1" ;; esac
  printf '%s was not written%s\\n' "$1" "$2" >&2
}`;

/**
 * Shell functions that every program with steps carries.
 * `provision_save PATH` keeps a copy of a file or link for a rollback (a no-op unless $provision_saved names a
 * directory). `provision_keep KEY PATH` does the same under a name that is known already. Of a real directory its owner and
 * mode are kept, and only where $provision_all says that all is to be put back; with `provision_tree` as one word more those of
 * all below it, with `provision_whole` all that is in it.
 * `provision_new PATH UNGUESSABLE` makes an empty file beside a path and names it in $provision_new.
 * `provision_put KEY PATH OWNER GROUP MODE [VALIDATE]` takes the content of the file $provision_new and renames it into place.
 * `provision_own KEY PATH OWNER GROUP MODE [-h]` sets what is not empty; `-h` means a link itself.
 * `provision_mkdir PATH OWNER GROUP MODE [KEY]` makes a directory and its parents, each with that ownership.
 */
export const putPrelude = `${unwritten}
provision_keep() {
  [ -n "$provision_saved" ] || return 0
  if [ -d "$2" ] && [ ! -L "$2" ]; then
    [ "$3" ] || set -- "$1" "$2" provision_directory
    [ -z "$provision_all" ] || "$3" "$1" "$2"
    return
  fi
  [ ! -e "$provision_saved/$1.path" ] || return 0
  ( umask 077
    [ -d "$provision_saved" ] || mkdir -p -- "$provision_saved" || exit 1
    if [ -e "$2" ] || [ -L "$2" ]; then
      cp -a -- "$2" "$provision_saved/$1.copy" && { [ -z "$provision_all" ] || provision_directory "$1" "$2"; } || exit 1
    fi
    printf '%s' "$2" >"$provision_saved/$1.path" || { provision_unwritten "$provision_saved/$1.path"; exit 1; } )
}
provision_directory() {
  # A name with a line break in it could pass for another line.
  case $2 in *'
'*) return 0 ;; esac
  ( umask 077; mkdir -p -- "$provision_saved" && stat -c '%A %a %u:%g %n' -- "$2" >>"$provision_saved/owned" )
}
provision_tree() {
  ( umask 077; mkdir -p -- "$provision_saved" && find "$2" -name '*
*' -prune -o -exec stat -c '%A %a %u:%g %n' {} + >>"$provision_saved/owned" )
}
provision_whole() {
  [ ! -e "$provision_saved/$1.path" ] || return 0
  ( umask 077; mkdir -p -- "$provision_saved" && cp -a -- "$2" "$provision_saved/$1.copy" && printf '%s' "$2" >"$provision_saved/$1.path" )
}
provision_save() {
  [ -n "$provision_saved" ] || return 0
  if [ -d "$1" ] && [ ! -L "$1" ] && [ -z "$provision_all" ]; then return 0; fi
  provision_key=$(printf '%s' "$1" | sha256sum)
  provision_keep "\${provision_key%% *}" "$1" "$2"
}
provision_parent() {
  provision_dir=\${1%/}
  case $provision_dir in */*) provision_dir=\${provision_dir%/*} ;; *) provision_dir=. ;; esac
  provision_dir=\${provision_dir:-/}
}
provision_new() {
  provision_parent "$1"
  [ -d "$provision_dir" ] || { printf 'the directory %s does not exist\\n' "$provision_dir" >&2; return 1; }
  provision_new=$provision_dir/.provision-$2
  ( umask 077; set -C; : >"$provision_new" ) || return 1
  trap 'rm -f -- "$provision_new"' EXIT
  trap 'exit 129' HUP INT TERM
}
provision_roots() { # the wanted owner and group are root or nobody in particular
  case $1:$2 in : | root: | 0: | :root | :0 | root:root | 0:0 | root:0 | 0:root) ;; *) return 1 ;; esac
  [ -O / ] && [ -G / ]
}
provision_owner() {
  [ -n "$2$3" ] || return 0
  # What is root's already, being made by root, needs no process.
  if [ -z "$4" ] && provision_roots "$2" "$3" && [ -O "$1" ] && [ -G "$1" ]; then return 0; fi
  chown $4 -- "$2\${3:+:$3}" "$1" && return 0
  provision_nobody passwd user "$2"; provision_nobody group group "$3"
  return 1
}
provision_nobody() {
  case $3 in *[!0-9]*) ;; *) return 0 ;; esac
  ! command -v getent >/dev/null || getent "$1" "$3" >/dev/null || printf 'there is no %s %s on the host\n' "$2" "$3" >&2
}
provision_put() {
  if [ -e "$2" ] && { [ -z "$3" ] || [ -z "$4" ]; }; then chown --reference="$2" -- "$provision_new" || return 1; fi
  provision_owner "$provision_new" "$3" "$4" || return 1
  case $5 in
  [0-7]*) ;; # an octal mode is set at once: a key never has its predecessor's wider mode, not for a moment
  *) if [ -e "$2" ]; then chmod --reference="$2" -- "$provision_new"; else chmod 0644 -- "$provision_new"; fi || return 1 ;;
  esac
  [ -z "$5" ] || chmod -- "$5" "$provision_new" || return 1
  if [ -n "$6" ]; then
    provision_check=$(eval 'set -- "$provision_new"' "
$6" 2>&1) || {
      printf 'validation failed, nothing was replaced: %s\\n' "$provision_check" >&2; return 1; }
  fi
  sync "$provision_new" && provision_keep "$1" "$2" && mv -fT -- "$provision_new" "$2" && trap - EXIT
}
provision_own() {
  provision_keep "$1" "$2" || return 1
  provision_owner "$2" "$3" "$4" "$6" || return 1
  [ -z "$5" ] || chmod -- "$5" "$2"
}
provision_mkdir() {
  [ ! -d "$1" ] || return 0
  provision_parent "$1"
  provision_mkdir "$provision_dir" "$2" "$3" "$4" || return 1
  provision_parent "$1"
  if [ -n "$5" ]; then provision_keep "$5" "$1"; else provision_save "$1"; fi || return 1
  if provision_roots "$2" "$3" && [ -G "$provision_dir" ] && [ ! -g "$provision_dir" ]; then mkdir -m "$4" -- "$1"; return; fi
  mkdir -m 0700 -- "$1" && provision_owner "$1" "$2" "$3" && chmod -- "$4" "$1"
}`;

/** Who may do what with a written file; what is left out stays as it is (0644 for a new file). */
export interface Ownership {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Octal (`0644`) or symbolic, as chmod takes it. */
  readonly mode?: string | undefined;
}

/** The name under which the copy of a replaced path is kept, as `provision_save` works it out. */
export function savedKey(path: string): string {
  return createHash('sha256').update(path).digest('hex');
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.map((part) => quote(part ?? '')).join(' ');
}

/**
 * Script that writes a file atomically: beside the target, owner and mode before the rename, fsynced.
 * @param source sh code that prints the new content to stdout
 * @param validate sh code that gets the new file's path as `$1`; non-zero leaves the old file alone
 */
export function putScript(path: string, source: string, ownership: Ownership, validate?: string): string {
  const { owner, group, mode } = ownership;
  return [
    `provision_new ${quote(path)} ${randomBytes(8).toString('hex')} || exit 1`,
    `{ ${source}\n} >"$provision_new" || { provision_unwritten ${quote(path)}; exit 1; }`,
    `provision_put ${words(savedKey(path), path, owner, group, mode, validate)}`,
  ].join('\n');
}

/** Script that sets owner, group and mode in place, of a link itself with `link`. */
export function ownScript(path: string, { owner, group, mode }: Ownership, link = false): string {
  return `provision_own ${words(savedKey(path), path, owner, group, mode)}${link ? ' -h' : ''} || exit 1`;
}

/** Script that makes a directory and its missing parents, each with the ownership; mode 0755 when not said. */
export function makeDirectoryScript(path: string, { owner, group, mode }: Ownership): string {
  return `provision_mkdir ${words(path, owner, group, mode ?? '0755', savedKey(path))} || exit 1`;
}

// Some shells hand longer words to a program of their own, which may not take them.
const longestWord = 65_536;

/** sh code that prints the given bytes, however hostile; plain text needs no process. */
export function printBytes(content: Uint8Array | string): string {
  const bytes = Buffer.from(content);
  const text = bytes.toString('utf8');
  if (bytes.length <= longestWord && !text.includes('\0') && Buffer.from(text).equals(bytes))
    return `printf %s ${quote(text)}`;
  const base64 = bytes.toString('base64');
  const lines = base64.match(/.{1,76}/g) ?? [];
  return ['base64 -d <<\\provision_end', ...lines, 'provision_end'].join('\n');
}
