import { quote } from '../../../../shell/quote.ts';
import { explainScript } from './journal-causes.ts';

const important =
  'tls|ssl|certificate|peer|fingerprint|listen|bind|address already|permission|denied|refused|disallowed|suspend|no route|resolv|could not|cannot|error|fail|syntax|omfwd|imtcp';
// What follows from another line, or says that all is well.
const idle =
  'shutdown while in init|End Session|SSL_shutdown|no shared curve|Connection initiated|closed due to error|resumed';
// What decides, however much else was logged behind it.
const deciding = [
  'disallowed sender',
  'not permitted',
  'ddress already in use',
  'ermission denied',
  'certificate has expired',
  'unsuitable certificate purpose',
];

// Two lines of input for each of the journal's: what it says without time, numbers and addresses, and the line itself. Of equal ones the
// last is printed, with their number.
const fold = `fold() {
  n=0
  while IFS= read -r key && IFS= read -r line; do
    i=0
    while [ "$i" -lt "$n" ] && eval "[ \\"\\$k$i\\" != \\"\\$key\\" ]"; do i=$((i + 1)); done
    if [ "$i" = "$n" ]; then eval "k$n=\\$key l$n=\\$line c$n=1"; n=$((n + 1))
    else eval "l$i=\\$line c$i=\\$((c$i + 1))"; fi
  done
  decide
  skip=$((n - $1))
  for i in $rest; do if [ "$skip" -gt 0 ]; then skip=$((skip - 1)); else one "$i"; fi; done
}
one() {
  eval "line=\\$l$1 count=\\$c$1"
  [ "$count" = 1 ] || line="$line ($count times)"
  explain "$line"
}
# Prints what decides, and keeps the numbers of the others.
decide() {
  i=0 rest=
  while [ "$i" -lt "$n" ]; do
    eval "line=\\$l$i"
    case $line in
    ${deciding.map((word) => `*${quote(word)}*`).join(' | ')}) one "$i" ;;
    *) rest="$rest $i" ;;
    esac
    i=$((i + 1))
  done
}`;

const apart =
  'h;s/^[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]* [^ ]* [^ ]*: //;s/0x[0-9a-f]*/N/g;s/[0-9][0-9]*/N/g;G';

/**
 * sh code that prints the lines of a unit's journal, of the last seconds, that say why TLS or forwarding does not work: first what decides, then
 * the newest of the others. What was said more than once is one line. Of a line that is known it says what it means, and what to do.
 */
export function importantLines(unit: string, seconds: number, count = 8): string {
  return `{ ${explainScript}
${fold}
journalctl -q --no-pager -o short -u ${quote(unit)} --since=-${seconds}s 2>/dev/null | grep -Ei ${quote(important)} | grep -Eiv ${quote(idle)} | tail -n 500 | sed ${quote(apart)} | fold ${count}; }`;
}
