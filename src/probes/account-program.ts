import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';

/** What one program asks of the name service; names hold no spaces. */
export interface AccountRequest {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Users whose first group is asked by name. */
  readonly primaries: readonly string[];
  /** Users all of whose groups are asked. */
  readonly members: readonly string[];
  /** Users of whose password anything is asked. */
  readonly secrets: readonly string[];
  /** Hashes to compare, each under a key of its own. */
  readonly passwords: readonly { readonly key: string; readonly user: string; readonly hash: string }[];
}

// `provision_lookup DATABASE NAME...` leaves a line `NAME ENTRY` in $provision_all for each that is there, and their names
// in $provision_found: with one call, or one for each where an entry comes that nobody asked for by that name or number.
// `provision_each CODE` runs it for each of these lines, as $provision_line.
const functions = `provision_end='
'
provision_each() {
  provision_rest=$provision_all
  while [ -n "$provision_rest" ]; do
    provision_line=\${provision_rest%%"$provision_end"*}
    case $provision_rest in
    *"$provision_end"*) provision_rest=\${provision_rest#*"$provision_end"} ;;
    *) provision_rest= ;;
    esac
    eval "$1"
  done
}
provision_lookup() {
  provision_database=$1 provision_all= provision_kept= provision_found=' ' provision_strange=
  shift
  [ "$#" -gt 0 ] || return 0
  provision_names=" $* "
  provision_all=$(getent "$provision_database" "$@") || :
  provision_each provision_keep
  if [ "$provision_strange" ]; then
    provision_kept= provision_found=' '
    for provision_name; do
      provision_line=$(getent "$provision_database" "$provision_name") || continue
      provision_kept=$provision_kept$provision_name' '\${provision_line%%"$provision_end"*}$provision_end
      provision_found="$provision_found$provision_name "
    done
  fi
  provision_all=$provision_kept
}
provision_keep() {
  provision_mine= provision_number=
  if [ "$provision_database" != shadow ]; then
    provision_number=\${provision_line#*:*:}
    provision_number=\${provision_number%%:*}
  fi
  for provision_key in "\${provision_line%%:*}" "$provision_number"; do
    case $provision_names in *" $provision_key "*) ;; *) continue ;; esac
    provision_kept=$provision_kept$provision_key' '$provision_line$provision_end
    provision_found="$provision_found$provision_key " provision_mine=yes
  done
  [ "$provision_mine" ] || provision_strange=yes
}`;

const words = (names: readonly string[]) => names.map(quote).join(' ');
const list = (names: readonly string[]) => quote(` ${names.join(' ')} `);

function usersScript(users: readonly string[], primaries: readonly string[]): string {
  return `provision_user() {
  printf 'passwd %s\\n' "$provision_line"
  provision_home=\${provision_line%:*}
  [ ! -d "\${provision_home##*:}" ] || printf 'home %s\\n' "\${provision_line%% *}"
  provision_gid=\${provision_line#*:*:*:}
  case ${list(primaries)} in *" \${provision_line%% *} "*) provision_gids="$provision_gids \${provision_gid%%:*}" ;; esac
}
provision_lookup passwd ${words(users)}
provision_each provision_user
provision_users=$provision_found`;
}

// A new user takes the group that has its name already.
function groupsScript(groups: readonly string[], users: readonly string[]): string {
  return `set -- ${words(groups)}
for provision_name in ${words(users)}; do
  case $provision_users in *" $provision_name "*) ;; *) set -- "$@" "$provision_name" ;; esac
done
provision_lookup group "$@" $provision_gids
provision_each 'printf "group %s\\n" "$provision_line"'`;
}

// One line for each user; an older or smaller id takes only one of them.
function membersScript(members: readonly string[]): string {
  return `set --
for provision_name in ${words(members)}; do
  case $provision_users in *" $provision_name "*) set -- "$@" "$provision_name" ;; esac
done
provision_all= provision_count=0
[ "$#" -lt 2 ] || provision_all=$(id -Gn -- "$@" 2>/dev/null) || provision_all=
provision_each 'provision_count=$((provision_count + 1))'
for provision_name; do
  if [ "$provision_count" = "$#" ]; then
    provision_line=\${provision_all%%"$provision_end"*} provision_all=\${provision_all#*"$provision_end"}
  else provision_line=$(id -Gn -- "$provision_name")
  fi
  printf 'groups %s %s\\n' "$provision_name" "$provision_line"
done`;
}

function secretsScript({ secrets, passwords }: AccountRequest): string {
  const comparisons = passwords.map(
    ({ key, user, hash }) =>
      `  case $provision_name:$provision_hash in ${quote(`${user}:${hash}`)} | ${quote(`${user}:!${hash}`)}) echo 'same ${key}' ;; esac`,
  );
  return `provision_secret() {
  provision_name=\${provision_line%% *} provision_hash=\${provision_line#*:}
  provision_hash=\${provision_hash%%:*}
  case $provision_hash in !*) printf 'locked %s\\n' "$provision_name" ;; esac
${comparisons.join('\n')}
}
provision_lookup shadow ${words(secrets)}
provision_each provision_secret`;
}

/** sh code that prints accounts with one process for each database; a password's hash stays on the host. */
export function accountProgram(request: AccountRequest): string {
  const { users, groups, primaries, members, secrets } = request;
  return [
    systemPath,
    'while read -r provision_key provision_rest provision_uid provision_rest; do',
    '  [ "$provision_key" != Uid: ] || { printf \'id %s\\n\' "$provision_uid"; break; }',
    'done </proc/self/status',
    "! command -v useradd >/dev/null || echo 'tools users'",
    "! command -v groupadd >/dev/null || echo 'tools groups'",
    functions,
    'provision_gids= provision_users=',
    ...(users.length > 0 ? [usersScript(users, primaries)] : []),
    groupsScript(groups, users),
    ...(members.length > 0 ? [membersScript(members)] : []),
    ...(secrets.length > 0 ? [secretsScript(request)] : []),
    ':',
  ].join('\n');
}
