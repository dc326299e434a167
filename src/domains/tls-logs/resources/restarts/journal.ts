import { quote } from '../../../../shell/quote.ts';

const important =
  'tls|ssl|certificate|peer|fingerprint|listen|bind|address already|permission|denied|refused|suspend|no route|resolv|could not|cannot|error|fail|syntax|omfwd|imtcp';
// What follows from another line, or says that all is well.
const idle =
  'shutdown while in init|End Session|SSL_shutdown|no shared curve|Connection initiated|closed due to error|resumed';

/** sh code that prints the newest lines of a unit's journal, of the last seconds, that say why TLS or forwarding does not work. */
export function importantLines(unit: string, seconds: number, count = 8): string {
  return `journalctl -q --no-pager -o short -u ${quote(unit)} --since=-${seconds}s 2>/dev/null | grep -Ei ${quote(important)} | grep -Eiv ${quote(idle)} | tail -n ${count}`;
}
