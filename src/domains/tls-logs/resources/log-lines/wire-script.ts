import { quote } from '../../../../shell/quote.ts';
import { listenScript } from './listen-script.ts';
import { packetSocket } from './packet-socket.ts';

type Wanted = Parameters<typeof listenScript>[0][number] & { readonly port: number };

/*
 * All that reaches or leaves the log server goes by as text, headers as tcpdump prints them, and what has no part of a token
 * is dropped at once: nothing is written to a disk. A token may lie across two packets; one of its halves is whole then.
 * The capture must also read two lines that are sent in the clear over loopback, one before it is said to be ready and one after the
 * listening: else that it read no token means nothing. Port 9 discards.
 */
const functions = `plainly() { logger -n 127.0.0.1 -d -P 9 -- "$control$1" 2>/dev/null; }
capturing() { grep -s ' 0003  *[0-9][0-9]*  *1 ' /proc/net/packet | wc -l; }
capture() {
  before=$(capturing)
  { case $tool in
    tcpdump) timeout "$limit" tcpdump -i any -n -t -q -l -A --immediate-mode -s 65535 -B 32768 '(tcp or udp) and not tcp port 22' 2>&1 & ;;
    perl) timeout "$limit" perl -e "$packets" "$ports" "$patterns" 2>&1 & ;;
    esac
    echo "provision_capture $!"; wait; } | grep -a --line-buffered -E -e "$headers" -e "$patterns" &
  n=0
  while [ "$(capturing)" -le "$before" ] && [ "$n" -lt 50 ] && kill -0 "$!" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
  plainly begins
}
# The same line may go a second way, a little slower. The capture ends when it has read this.
ending() {
  sleep 0.5
  n=0
  while kill -0 "$1" 2>/dev/null && [ "$n" -lt 30 ]; do plainly ends; sleep 0.1; n=$((n + 1)); done
  echo provision_stop
}
watching() {
  said= began= ended= trouble= capture= header= seen=0 bytes=0 dropped=0 from= hits=
  while IFS= read -r line; do
    case $line in
    ready) echo ready ;;
    'arrived '*) printf '%s\\n' "$line"; said="$said$line$provision_line" ;;
    'provision_capture '*) capture=\${line#* } ;;
    provision_stop) kill "\${capture:-none}" 2>/dev/null ;;
    *"$control"begins*) began=yes ;;
    *"$control"ends*) ended=yes; kill "\${capture:-none}" 2>/dev/null ;;
    'tcpdump: verbose '* | 'tcpdump: data link '* | 'tcpdump: listening '*) ;;
    'tcpdump: '* | 'perl: '*) trouble=$line ;;
    *' dropped by kernel') dropped=\${line%% *} ;;
    *) read_one ;;
    esac
  done
}
read_one() {
  hit=
  for half in $halves; do
    case $line in *"\${half#*:}"*) hit=yes hits="$hits \${half%%:*}:$header" ;; esac
  done
  case $hit$line in
  yes*) ;;
  *'IP '*' > '*: | *'IP6 '*' > '*:) ;;
  *'IP '*' > '*': '*) counted \${line#*IP } ;;
  *'IP6 '*' > '*': '*) counted \${line#*IP6 } ;;
  esac
}
# FROM > TO: PROTOCOL ... LENGTH
counted() {
  to=\${3%:}
  case $4 in tcp*) header="$1>$to/tcp" ;; *) header="$1>$to/udp" ;; esac
  for size; do :; done
  case " $ports " in *" \${to##*.} "*) ;; *) return ;; esac
  case $size in '' | *[!0-9]*) return ;; esac
  seen=$((seen + 1)) bytes=$((bytes + size))
  case " $from " in *" \${1%.*} "*) ;; *) from="$from \${1%.*}" ;; esac
}
shown() {
  set -- $from
  addresses=$#
  printf %s "$said" | while IFS= read -r line; do
    set -- $line
    token=$2
    where=
    for hit in $hits; do [ "\${hit%%:*}" != "$token" ] || where="$where,\${hit#*:}"; done
    printf '%s wire=%s;%s;%s;%s;%s;%s;%s %s\\n' "$line" "$tool" "$seen" "$bytes" "$addresses" "$dropped" "$began,$ended" "\${where#,}" "$trouble"
  done
}`;

/**
 * Prints what `listenScript` prints, while all packets are read; then `arrived` again for each token that came, with
 * ` wire=TOOL;PACKETS;BYTES;ADDRESSES;DROPPED;CONTROL;WHERE TROUBLE` behind it. TOOL is `none` where nothing can capture.
 */
export function wireScript(wants: readonly Wanted[], tokens: readonly string[]): string {
  const halves = tokens.flatMap((token) => {
    const middle = Math.ceil(token.length / 2);
    return [`${token}:${token.slice(0, middle)}`, `${token}:${token.slice(-middle)}`];
  });
  // Another word than any token, and as hard to guess.
  const control = `provision-plain-${[...(tokens[0] ?? '')].reverse().join('')}-`;
  const limit = Math.max(...wants.map(({ timeout }) => timeout)) + 20;
  const patterns = [...halves.map((half) => half.replace(/^.*:/, '')), control].join('|');
  return `LC_ALL=C; export LC_ALL
provision_line='
'
ports=${quote([...new Set(wants.map(({ port }) => port))].join(' '))} limit=${limit} control=${quote(control)}
halves=${quote(halves.join(' '))}
patterns=${quote(patterns)}
headers='IP6? [^ ]+ > [^ ]+: .*[ (][1-9][0-9]*\\)?$|^(provision_capture|tcpdump:|perl:) |dropped by kernel'
packets=${quote(packetSocket)}
${functions}
tool=none
for one in tcpdump perl; do command -v "$one" >/dev/null 2>&1 && { tool=$one; break; }; done
{
  [ "$tool" = none ] || capture
  own=$!
  ( ${listenScript(wants, tokens, false)} )
  [ "$tool" = none ] || ending "$own"
} | { watching; shown; }`;
}
