import { quote } from '../shell/quote.ts';

/** What systemd is asked of each unit, beside what names it. */
export const unitProperties = [
  'LoadState',
  'ActiveState',
  'UnitFileState',
  'NeedDaemonReload',
  'Type',
  'RemainAfterExit',
  'FragmentPath',
  'MainPID',
];

const show = `systemctl show -p Id,Names,${unitProperties.join(',')}`;

// All units are asked together; where systemd does not like one of them it says nothing of those behind it.
const shown = `provision_stats() {
  provision_rest=$1
  while :; do
    case $provision_rest in *MainPID=[1-9]*) ;; *) break ;; esac
    provision_rest=\${provision_rest#*MainPID=}
    read -r provision_stat <"/proc/\${provision_rest%%[!0-9]*}/stat" && printf 'stat %s\\n' "$provision_stat"
  done 2>/dev/null
}
if provision_shown=$(${show} -- "$@"); then
  provision_stats "$provision_shown"
  printf 'shown\\n%s\\n' "$provision_shown"
else
  for provision_unit; do
    provision_shown=$(${show} -- "$provision_unit") || :
    provision_stats "$provision_shown"
    printf 'shown %s\\n%s\\n' "$provision_unit" "$provision_shown"
  done
fi`;

// One word for each unit, in order, or else something besides was said: of init scripts, of a unit that is not there.
const enabled = `provision_words=
[ "$#" = 1 ] || provision_words=$(systemctl is-enabled -- "$@" 2>&1) || :
set -f
provision_count=0
for provision_word in $provision_words; do provision_count=$((provision_count + 1)); done
case $provision_count:$provision_words in
*' '*) provision_count=0 ;;
esac
for provision_unit; do
  if [ "$provision_count" = "$#" ]; then
    provision_word=\${provision_words%%"$provision_line"*} provision_words=\${provision_words#*"$provision_line"}
  else provision_word=$(systemctl is-enabled -- "$provision_unit" 2>/dev/null) || :
  fi
  printf 'enablement %s %s\\n' "$provision_unit" "$provision_word"
done`;

// Units on disk that are newer than what systemd has read, those that do not run among them (--all), and what systemd makes units of. Scopes have no files of anybody's: those of
// containers always seem to have changed.
const reload = `case $(systemctl show --all -p NeedDaemonReload '*.service' '*.socket' '*.timer' '*.path' '*.mount' '*.automount' '*.swap' '*.target' '*.slice' '*.device' 2>/dev/null) in *=yes*) echo 'reload yes' ;; esac
for provision_path in /etc/fstab /etc/init.d; do
  if [ -d /run/systemd/generator ] && [ "$provision_path" -nt /run/systemd/generator ]; then echo 'reload yes'; fi
done`;

/** What one program asks of systemd. */
export interface UnitRequest {
  readonly names: readonly string[];
  /** Those of which `systemctl is-enabled` is asked too. */
  readonly enablements: readonly string[];
  /** Whether any unit must be read again. */
  readonly reload: boolean;
}

/**
 * sh code that asks about units with a process or three: whether systemd runs the host, `reload`, `enablement` of units,
 * the line in /proc/PID/stat of their main processes, and last, after `shown`, the properties of all units in order.
 */
export function unitProgram(request: UnitRequest): string {
  const lines = [
    'provision_init=unknown',
    'read -r provision_init </proc/1/comm || :',
    'printf \'init %s\\n\' "$provision_init"',
    'if [ ! -d /run/systemd/system ]; then exit 0; fi',
    "echo 'systemd yes'",
    'export LC_ALL=C',
  ];
  const among = (names: readonly string[], code: string) => {
    if (names.length > 0) lines.push(`set -- ${names.map(quote).join(' ')}`, code);
  };
  if (request.reload) lines.push(reload);
  among(request.enablements, `provision_line='\n'\n${enabled}`);
  among(request.names, shown);
  return [...lines, ':'].join('\n');
}
