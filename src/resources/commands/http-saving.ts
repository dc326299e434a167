import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import { savedKey } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import { type HttpAnswer, readHttpAnswer } from './http-answer.ts';
import { curlCode, followsRedirects, type HttpRequest, requestGuard } from './http-request.ts';

// More than the heads of any answer that makes sense.
const headBytes = 65_536;

/** A request whose answer is written to a file. */
export interface SavedRequest extends HttpRequest {
  readonly dest: string;
}

// A server that knows the file's time need not send it again.
function unlessOlder({ dest }: SavedRequest): string {
  const file = quote(dest);
  const time = `$(LC_ALL=C date -u -r ${file} '+%a, %d %b %Y %H:%M:%S GMT')`;
  return `set --; if [ -f ${file} ]; then set -- -H "If-Modified-Since: ${time}"; fi`;
}

/**
 * sh code that asks for what is at `dest` already, or under which name it goes there, and prints the head of the answer in base64.
 * Where nothing is there it asks nobody.
 */
export function headScript(want: SavedRequest): string {
  return `${requestGuard(want)}
[ -e ${quote(want.dest)} ] || exit 0
${unlessOlder(want)}
${curlCode(want, '-i "$@"')} 2>/dev/null | head -c ${headBytes} | base64 | tr -d '\\n'`;
}

/** The head of the last answer, of output that was cut off behind it; its address is where redirections led. */
export function readHead(want: SavedRequest, output: string): HttpAnswer | undefined {
  let rest = Buffer.from(output, 'base64').toString('latin1');
  let url = want.url;
  let answer: HttpAnswer | undefined;
  for (;;) {
    const end = rest.startsWith('HTTP/') ? rest.indexOf('\r\n\r\n') : -1;
    if (end < 0) return answer;
    const mark = `\nprovision_end 0 0 0 ${url} 0`;
    answer = readHttpAnswer(Buffer.from(rest.slice(0, end + 4) + mark, 'latin1'));
    rest = rest.slice(end + 4);
    const { status, headers } = answer;
    if (status < 200) continue;
    const location = headers.location ?? '';
    if (!followsRedirects(want) || status < 300 || status > 399 || !URL.canParse(location, url))
      return answer;
    url = new URL(location, url).href;
  }
}

// The last part of a path, as what a server says may be anything.
function baseName(path: string): string | undefined {
  const name = posix.basename(path.replaceAll('\0', ''));
  return name === '' || name === '.' || name === '..' ? undefined : name;
}

/** The name under which a directory takes an answer: what the server says, else the end of the address. */
export function answerName(url: string, answer: HttpAnswer | undefined): string {
  const disposition = answer?.headers.content_disposition ?? '';
  const [, quoted, plain] = /;\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? [];
  const said = baseName(quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '');
  if (said !== undefined) return said;
  const end = posix.basename(new URL(url).pathname);
  try {
    return baseName(decodeURIComponent(end)) ?? 'index.html';
  } catch {
    return baseName(end) ?? 'index.html';
  }
}

/** sh code that asks, writes the answer to a file, and prints its head; the body too where it is wanted. */
export function saveScript(
  want: SavedRequest & { readonly return_content?: boolean },
  target: string,
  expected: readonly number[],
  { owner = '', group = '', mode = '' },
): string {
  const wanted = expected.map((one) => ` ${one}`).join('');
  const words = [savedKey(target), target, owner, group, mode, ''].map(quote).join(' ');
  const shown = want.return_content
    ? '*'
    : '*[Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[Tt][Yy][Pp][Ee]:*[Jj][Ss][Oo][Nn]*';
  const list = `[${expected.join(', ')}]`;
  return `command -v curl >/dev/null || { echo 'the host has no curl; install it first' >&2; exit 1; }
provision_new ${quote(target)} ${randomBytes(8).toString('hex')} || exit 1
${unlessOlder(want)}
provision_answer=$(${curlCode(want, '-D - -o "$provision_new" "$@"')})
provision_status=\${provision_answer##*provision_end }
provision_status=\${provision_status%%[!0-9]*}
printf '%s\\n' "$provision_answer"
case "${wanted} " in *" $provision_status "*) ;; *)
  case $provision_status in 000) provision_status=-1 ;; esac
  printf 'Status code was %s and not %s\\n' "$provision_status" ${quote(list)} >&2; exit 1 ;;
esac
[ "$provision_status" != 304 ] || exit 0
case $provision_answer in ${shown}) printf 'provision_body '; base64 <"$provision_new" | tr -d '\\n' ;; esac
provision_put ${words}`;
}

/** What `saveScript` printed. */
export function readSaved({ stdout }: ScriptOutput): HttpAnswer {
  const [head = '', body = ''] = stdout.split(/\nprovision_body (?=[A-Za-z0-9+/=]*$)/);
  const answer = readHttpAnswer(Buffer.from(head));
  return { ...answer, body: Buffer.from(body, 'base64') };
}
