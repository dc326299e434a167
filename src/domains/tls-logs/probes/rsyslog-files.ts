import type { Ask, ProbeKind } from '../../../probes/probe.ts';
import { ProbeError, probeFailure } from '../../../probes/probe-error.ts';
import { quote } from '../../../shell/quote.ts';

/** Files by their paths; lines that are comments are empty, but for provision's own marks. */
export type RsyslogFiles = ReadonlyMap<string, string>;

const mostLines = 50_000;

/*
 * Each file that the first one or another includes, once: `file PATH`, then number and text of its lines. It takes no process. Which
 * file is really included, and when, is not decided here. Only `file=` inside an include names one: other parameters name keys.
 */
const functions = `provision_line='
'
show() {
  case "$provision_line$seen" in *"$provision_line$1$provision_line"*) return 0 ;; esac
  seen="$seen$1$provision_line"
  [ -f "$1" ] && [ -r "$1" ] || return 0
  printf 'file %s\\n' "$1"
  number=0 inside=
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1)) left=$((left - 1))
    [ "$left" -ge 0 ] || { echo cut; return 0; }
    bare=\${line#"\${line%%[![:space:]]*}"}
    case $bare in
    '#provision'*) ;;
    '' | '#'*) continue ;;
    *'PRIVATE KEY-----'*) echo secret; return 0 ;;
    esac
    printf '%s %s\\n' "$number" "$line"
    case $bare in
    '$'[Ii][Nn][Cc][Ll][Uu][Dd][Ee][Cc][Oo][Nn][Ff][Ii][Gg]*) want "\${bare#*[[:space:]]}" ;;
    [Ii][Nn][Cc][Ll][Uu][Dd][Ee]*'('*) inside=yes ;;
    esac
    [ -n "$inside" ] || continue
    case $bare in [Ff][Ii][Ll][Ee]*=* | *[[:space:]\\(][Ff][Ii][Ll][Ee]*=*)
      path=\${bare#*[Ff][Ii][Ll][Ee]*=}; path=\${path#*[\\"\\']}; want "\${path%%[\\"\\']*}" ;;
    esac
    case $bare in *')'*) inside= ;; esac
  done <"$1"
}
want() {
  set -- "\${1#"\${1%%[![:space:]]*}"}"
  set -- "\${1%%[[:space:]]*}"
  case $1 in /*/) todo="$todo$1*$provision_line" ;; /*) todo="$todo$1$provision_line" ;; esac
}
walk() {
  seen= todo=$1$provision_line left=${mostLines}
  while [ -n "$todo" ]; do
    pattern=\${todo%%"$provision_line"*} todo=\${todo#*"$provision_line"}
    IFS=$provision_line; set -- $pattern; unset IFS
    for file; do show "$file"; done
  done
  echo end
}`;

const rsyslogFilesKind: ProbeKind<string, RsyslogFiles> = {
  name: 'tls-logs rsyslog files',
  program: (mains) => [functions, ...mains.map((main) => `walk ${quote(main)}`), ':'].join('\n'),
  read(output, mains) {
    const answers = output.stdout.split(/^end\n/m);
    return mains.map((main, index) => {
      const failed = probeFailure(output, `the configuration of rsyslog, ${main}`);
      if (failed) return failed;
      return index < answers.length - 1
        ? readFiles(answers[index] ?? '', main)
        : new ProbeError("the host's answer about the configuration of rsyslog makes no sense");
    });
  },
};

function readFiles(text: string, main: string): RsyslogFiles | ProbeError {
  const files = new Map<string, string[]>();
  let lines: string[] = [];
  for (const one of text.split('\n')) {
    const [, number = '', line = ''] = /^(\d{1,6}) (.*)$/.exec(one) ?? [];
    if (number !== '') {
      if (Number(number) > mostLines) continue;
      while (lines.length < Number(number)) lines.push('');
      lines[Number(number) - 1] = line;
    } else if (one.startsWith('file ')) {
      lines = [];
      files.set(one.slice('file '.length), lines);
    } else if (one === 'cut')
      return new ProbeError(
        `the configuration of rsyslog, ${main}, has more than ${mostLines} lines: it is not read`,
      );
  }
  return new Map([...files].map(([path, all]) => [path, all.join('\n')]));
}

/** Asks for the files of rsyslog's configuration, with what they include; without the main file there are none. */
export function rsyslogFiles(main = '/etc/rsyslog.conf'): Ask<RsyslogFiles> {
  return { kind: rsyslogFilesKind, question: main, paths: [main, '/etc/rsyslog.d/'] };
}
