import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { SourceFile } from '../resource.ts';
import { httpMark } from './http-answer.ts';
import { type BodyRequest, type RequestBody, requestBody } from './http-body.ts';

/** A request as it is wanted. */
export interface HttpRequest extends BodyRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly src?: string;
  readonly source_file?: SourceFile;
  readonly url_username?: string;
  readonly url_password?: string;
  readonly follow_redirects?: string;
  readonly validate_certs?: boolean;
  readonly ca_path?: string;
  readonly client_cert?: string;
  readonly client_key?: string;
  readonly unix_socket?: string;
  readonly timeout?: number;
  readonly http_agent?: string;
  readonly use_proxy?: boolean;
  readonly force?: boolean;
  readonly decompress?: boolean;
  readonly ciphers?: readonly string[];
  readonly use_netrc?: boolean;
  readonly creates?: string;
  readonly removes?: string;
}

function configured(option: string, value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `${option} = "${escaped}"`;
}

// As Python's library words a value that is no text.
function headerText(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

function hasHeader({ headers }: HttpRequest, wanted: string): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() === wanted);
}

/** Whether redirections are followed. */
export function followsRedirects({ method = 'GET', follow_redirects = 'safe' }: HttpRequest): boolean {
  if (['all', 'yes'].includes(follow_redirects)) return true;
  return ['safe', 'urllib2'].includes(follow_redirects) && ['GET', 'HEAD'].includes(method.toUpperCase());
}

function headerLines(want: HttpRequest, body: RequestBody): readonly string[] {
  // Without this curl calls any body a form. Of several parts only this body knows the boundary.
  const multipart = want.body_format === 'form-multipart';
  const own = !multipart && hasHeader(want, 'content-type');
  const given = Object.entries(want.headers ?? {}).filter(
    ([name]) => !(multipart && name.toLowerCase() === 'content-type'),
  );
  return [
    ...given.map(([name, value]) => `${name}: ${headerText(value)}`),
    ...(own || (body.type === undefined && body.bytes === '' && want.src === undefined)
      ? []
      : [body.type === undefined ? 'Content-Type:' : `Content-Type: ${body.type}`]),
    ...(want.force ? ['Cache-Control: no-cache'] : []),
  ];
}

// What curl reads from its standard input: nothing of the request stands on a command line.
function configuration(want: HttpRequest, body: RequestBody): readonly string[] {
  const method = (want.method ?? 'GET').toUpperCase();
  const named = want.url_username !== undefined;
  return [
    configured('url', want.url),
    configured('user-agent', want.http_agent ?? 'ansible-httpget'),
    ...(method === 'HEAD' ? ['head'] : [configured('request', method)]),
    ...headerLines(want, body).map((header) => configured('header', header)),
    ...(followsRedirects(want) ? ['location'] : []),
    ...(want.validate_certs === false ? ['insecure'] : []),
    ...(named ? [configured('user', `${want.url_username}:${want.url_password ?? ''}`)] : []),
    ...(named || want.use_netrc === false ? [] : ['netrc-optional']),
    ...(want.ca_path === undefined ? [] : [configured('cacert', want.ca_path)]),
    ...(want.client_cert === undefined ? [] : [configured('cert', want.client_cert)]),
    ...(want.client_key === undefined ? [] : [configured('key', want.client_key)]),
    ...(want.unix_socket === undefined ? [] : [configured('unix-socket', want.unix_socket)]),
    ...(want.use_proxy === false ? [configured('noproxy', '*')] : []),
    ...(want.ciphers === undefined ? [] : [configured('ciphers', want.ciphers.join(':'))]),
    // Only what `headers` ask for comes compressed.
    ...(want.decompress !== false && hasHeader(want, 'accept-encoding') ? ['compressed'] : []),
    ...sentBody(want, body),
  ];
}

function sentBody({ src, source_file }: HttpRequest, { bytes }: RequestBody): readonly string[] {
  // What may be any bytes comes through standard input, see `curlCode`.
  if (source_file) return [configured('data-binary', '@-')];
  if (src !== undefined) return [configured('data-binary', `@${src}`)];
  if (bytes === '') return [];
  // curl takes a text that begins with @ for the name of a file.
  return [configured(bytes.startsWith('@') ? 'data-raw' : 'data-binary', bytes)];
}

/**
 * sh code that asks, and prints what curl prints, with `httpMark` behind it.
 * @param output options of curl, and further words of the shell, that say what is printed
 */
export function curlCode(want: HttpRequest, output: string): string {
  const body = requestBody(want);
  const config = configuration(want, typeof body === 'string' ? { bytes: '' } : body).join('\n');
  const limits = `--max-time ${want.timeout ?? 30} --proto =http,https --proto-redir =http,https`;
  const curl = `curl -q -sS ${output} ${limits} -w ${quote(httpMark)}`;
  const asked = want.source_file
    ? `{ exec 4<&0; { ${printBytes(want.source_file.content)}\n} | ${curl} -K /dev/fd/4 2>&3; }`
    : `${curl} -K - 2>&3`;
  return `{ { ${printBytes(`${config}\n`)}\n} | { ${asked}; printf %s "$?"; }; } 3>&2`;
}

/** sh code that ends, with nothing printed, where `creates` and `removes` spare the question. */
export function requestGuard({ creates, removes }: HttpRequest): string {
  return [
    ...(creates === undefined ? [] : [`[ ! -e ${quote(creates)} ] || exit 0`]),
    ...(removes === undefined ? [] : [`[ -e ${quote(removes)} ] || exit 0`]),
    'command -v curl >/dev/null || exit 127',
  ].join('\n');
}

/** sh code that asks, and prints the answer in base64. */
export function requestScript(want: HttpRequest): string {
  return `${requestGuard(want)}\n${curlCode(want, '-i')} | base64 | tr -d '\\n'`;
}
