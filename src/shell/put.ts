import { quote } from './quote.ts';

/**
 * Shell functions that every program with steps carries.
 * `provision_save PATH` keeps a copy of a file or link for a rollback (a no-op unless $provision_saved names a
 * directory); real directories are not kept. `provision_keep KEY PATH` does the same under a name that is known already.
 * `provision_new PATH` makes an empty file beside a path and names it in $provision_new.
 * `provision_put PATH OWNER GROUP MODE [VALIDATE]` takes the content of the file $provision_new and renames it into place.
 * `provision_own PATH OWNER GROUP MODE [-h]` sets what is not empty; `-h` means a link itself.
 * `provision_mkdir PATH OWNER GROUP MODE` makes a directory and its parents, each with that ownership.
 */
export const putPrelude = `provision_keep() {
  [ -n "$provision_saved" ] || return 0
  if [ -d "$2" ] && [ ! -L "$2" ]; then return 0; fi
  [ ! -e "$provision_saved/$1.path" ] || return 0
  ( umask 077
    [ -d "$provision_saved" ] || mkdir -p -- "$provision_saved" || exit 1
    if [ -e "$2" ] || [ -L "$2" ]; then cp -a -- "$2" "$provision_saved/$1.copy" || exit 1; fi
    printf '%s' "$2" >"$provision_saved/$1.path" )
}
provision_save() {
  [ -n "$provision_saved" ] || return 0
  if [ -d "$1" ] && [ ! -L "$1" ]; then return 0; fi
  provision_key=$(printf '%s' "$1" | sha256sum)
  provision_keep "\${provision_key%% *}" "$1"
}
provision_parent() {
  provision_dir=\${1%/}
  case $provision_dir in */*) provision_dir=\${provision_dir%/*} ;; *) provision_dir=. ;; esac
  provision_dir=\${provision_dir:-/}
}
provision_new() {
  provision_parent "$1"
  [ -d "$provision_dir" ] || { printf 'the directory %s does not exist\\n' "$provision_dir" >&2; return 1; }
  provision_new=$(mktemp -- "$provision_dir/.provision-XXXXXXXX") || return 1
  trap 'rm -f -- "$provision_new"' EXIT
  trap 'exit 129' HUP INT TERM
}
provision_owner() {
  case $2$3 in
  '') ;;
  *) chown $4 -- "$2\${3:+:$3}" "$1" ;;
  esac
}
provision_put() {
  if [ -e "$1" ]; then chown --reference="$1" -- "$provision_new" || return 1; fi
  provision_owner "$provision_new" "$2" "$3" || return 1
  case $4 in
  [0-7]*) ;; # an octal mode is set at once: a key never has its predecessor's wider mode, not for a moment
  *) if [ -e "$1" ]; then chmod --reference="$1" -- "$provision_new"; else chmod 0644 -- "$provision_new"; fi || return 1 ;;
  esac
  [ -z "$4" ] || chmod -- "$4" "$provision_new" || return 1
  if [ -n "$5" ]; then
    provision_check=$(sh -c "$5" validate "$provision_new" 2>&1) || {
      printf 'validation failed, nothing was replaced: %s\\n' "$provision_check" >&2; return 1; }
  fi
  sync "$provision_new" && provision_save "$1" && mv -fT -- "$provision_new" "$1"
}
provision_own() {
  provision_save "$1" || return 1
  provision_owner "$1" "$2" "$3" "$5" || return 1
  [ -z "$4" ] || chmod -- "$4" "$1"
}
provision_mkdir() {
  [ ! -d "$1" ] || return 0
  provision_parent "$1"
  provision_mkdir "$provision_dir" "$2" "$3" "$4" && provision_save "$1" || return 1
  mkdir -m 0700 -- "$1" && provision_own "$1" "$2" "$3" "$4"
}`;

/** Who may do what with a written file; what is left out stays as it is (0644 for a new file). */
export interface Ownership {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Octal (`0644`) or symbolic, as chmod takes it. */
  readonly mode?: string | undefined;
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
    `provision_new ${quote(path)} || exit 1`,
    `{ ${source}\n} >"$provision_new" || { printf '%s was not written\\n' ${quote(path)} >&2; exit 1; }`,
    `provision_put ${words(path, owner, group, mode, validate)}`,
  ].join('\n');
}

/** Script that sets owner, group and mode in place, of a link itself with `link`. */
export function ownScript(path: string, { owner, group, mode }: Ownership, link = false): string {
  return `provision_own ${words(path, owner, group, mode)}${link ? ' -h' : ''} || exit 1`;
}

/** Script that makes a directory and its missing parents, each with the ownership; mode 0755 when not said. */
export function makeDirectoryScript(path: string, { owner, group, mode }: Ownership): string {
  return `provision_mkdir ${words(path, owner, group, mode ?? '0755')} || exit 1`;
}

/** sh code that prints the given bytes, however hostile. */
export function printBytes(content: Uint8Array | string): string {
  const base64 = Buffer.from(content).toString('base64');
  const lines = base64.match(/.{1,76}/g) ?? [];
  return ['base64 -d <<\\provision_end', ...lines, 'provision_end'].join('\n');
}
