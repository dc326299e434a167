import { printFunction } from '../../probes/answer.ts';
import { withoutRoots } from '../../shell/openssl.ts';
import { quote } from '../../shell/quote.ts';
import { grepPattern } from './grep-pattern.ts';

/** What is waited for. */
export interface Wait {
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  readonly search_regex?: string;
  readonly state?: 'started' | 'present' | 'stopped' | 'absent' | 'drained';
  readonly timeout?: number;
  readonly connect_timeout?: number;
  readonly delay?: number;
  readonly sleep?: number;
}

const local = new Set(['127.0.0.1', 'localhost', '::1', '0.0.0.0', '::']);

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

// The kernel's tables of sockets: no connection is made that the service would notice.
function socketTest(port: number, states: string): string {
  const mark = hexPort(port);
  return `grep -q -E '^ *[0-9]+: [0-9A-F]+:${mark} [0-9A-F:]+ (${states}) ' /proc/net/tcp /proc/net/tcp6 2>/dev/null`;
}

// An address of the loopback, or any address, in the kernel's spelling (each 32-bit word in the host's byte order).
const loopback =
  '0100007F|7F000001|00000000|00000000000000000000000000000000|00000000000000000000000001000000|0000000000000000FFFF00000100007F';

function localTest(port: number): string {
  const mark = hexPort(port);
  return `grep -q -E '^ *[0-9]+: (${loopback}):${mark} [0-9A-F:]+ 0A ' /proc/net/tcp /proc/net/tcp6 2>/dev/null`;
}

const connectFunction = `provision_connect() {
  if command -v bash >/dev/null; then timeout "$3" bash -c ': <>"/dev/tcp/$1/$2"' connect "$1" "$2" 2>/dev/null
  elif command -v nc >/dev/null; then nc -z -w "$3" "$1" "$2" >/dev/null 2>&1
  else case $(${withoutRoots} timeout "$3" openssl s_client -connect "$1:$2" </dev/null 2>/dev/null) in *CONNECTED*) ;; *) return 1 ;; esac
  fi
}
if ! command -v bash >/dev/null && ! command -v nc >/dev/null && ! command -v openssl >/dev/null; then
  echo 'lacks bash, nc or openssl'; exit 0
fi`;

function lineTest(expression: string, path: string, shown: '-q' | '-m 1'): string {
  const { pattern, ignorecase } = grepPattern(expression);
  return `grep ${shown} -s -E ${ignorecase ? '-i ' : ''}-e ${quote(pattern)} -- ${path}`;
}

/** sh code that prints the line that was looked for, in base64; undefined where none is, or it is to be gone. */
export function lineScript({ path, search_regex: expression, state }: Wait): string | undefined {
  if (path === undefined || expression === undefined || state === 'stopped' || state === 'absent')
    return undefined;
  return `${printFunction}
provision_print line "$(${lineTest(expression, quote(path), '-m 1')})"`;
}

function testOf(want: Wait): { readonly before: string; readonly test: string } {
  if (want.path !== undefined) {
    const path = quote(want.path);
    return {
      before: '',
      test: want.search_regex === undefined ? `[ -e ${path} ]` : lineTest(want.search_regex, path, '-q'),
    };
  }
  const port = want.port ?? 0;
  const host = want.host ?? '127.0.0.1';
  if (want.state === 'drained') return { before: '', test: `! ${socketTest(port, '01|04|05|08|09')}` };
  if (local.has(host)) return { before: '', test: localTest(port) };
  return {
    before: connectFunction,
    test: `provision_connect ${quote(host)} ${port} ${want.connect_timeout ?? 5}`,
  };
}

/** sh code that looks again and again until it is so or the time is over. */
export function waitScript(want: Wait): string {
  const timeout = want.timeout ?? 300;
  const start = 'provision_start=$(date +%s)';
  const delay = want.delay ? [`sleep ${want.delay}`] : [];
  const elapsed = 'provision_elapsed=$(($(date +%s) - provision_start))';
  if (want.port === undefined && want.path === undefined) {
    return [
      start,
      ...delay,
      `sleep ${timeout}`,
      elapsed,
      'echo "elapsed $provision_elapsed"',
      'echo "reached yes"',
    ].join('\n');
  }
  const gone = want.state === 'stopped' || want.state === 'absent';
  const { before, test } = testOf(want);
  return [
    start,
    ...delay,
    before,
    'while :; do',
    `  if ${gone ? '! ' : ''}${test}; then echo 'reached yes'; break; fi`,
    `  ${elapsed}`,
    `  [ "$provision_elapsed" -lt ${timeout} ] || break`,
    `  sleep ${want.sleep ?? 1}`,
    'done',
    elapsed,
    'echo "elapsed $provision_elapsed"',
  ]
    .filter((line) => line !== '')
    .join('\n');
}
