import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import { httpMark } from './http-answer.ts';

/** A request as it is wanted. */
export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly body_format?: 'raw' | 'json' | 'form-urlencoded';
  readonly src?: string;
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
  readonly creates?: string;
  readonly removes?: string;
}

/** The bytes of a body; undefined where they cannot be written so. */
export function requestBody({ body, body_format }: HttpRequest): string | undefined {
  if (body === undefined || body === null) return '';
  if (body_format === 'json') return typeof body === 'string' ? body : JSON.stringify(body);
  if (typeof body === 'string') return body;
  if (body_format !== 'form-urlencoded')
    return typeof body === 'object' ? JSON.stringify(body) : String(body);
  if (typeof body !== 'object') return undefined;
  const pairs = Array.isArray(body) ? (body as [unknown, unknown][]) : Object.entries(body);
  return new URLSearchParams(
    pairs.flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [String(name), String(one)]),
    ),
  ).toString();
}

function configured(option: string, value: string): string {
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `${option} = "${escaped}"`;
}

function typeOf({ body, body_format, headers }: HttpRequest): readonly string[] {
  const own = Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
  if (own || body === undefined) return [];
  // Without this curl calls any body a form.
  if (body_format === 'json') return ['Content-Type: application/json'];
  return body_format === 'form-urlencoded'
    ? ['Content-Type: application/x-www-form-urlencoded']
    : ['Content-Type:'];
}

/** sh code that asks, and prints the answer in base64; nothing of the request stands on a command line. */
export function requestScript(want: HttpRequest): string {
  const method = (want.method ?? 'GET').toUpperCase();
  const body = requestBody(want) ?? '';
  const follows = ['all', 'yes'].includes(want.follow_redirects ?? 'safe')
    ? true
    : ['safe', 'urllib2'].includes(want.follow_redirects ?? 'safe') && ['GET', 'HEAD'].includes(method);
  const headers = [
    ...Object.entries(want.headers ?? {}).map(
      ([name, value]) => `${name}: ${value === true ? 'True' : value === false ? 'False' : value}`,
    ),
    ...typeOf(want),
    ...(want.force ? ['Cache-Control: no-cache'] : []),
  ];
  const config = [
    configured('url', want.url),
    configured('user-agent', want.http_agent ?? 'ansible-httpget'),
    ...(method === 'HEAD' ? ['head'] : [configured('request', method)]),
    ...headers.map((header) => configured('header', header)),
    ...(follows ? ['location'] : []),
    ...(want.validate_certs === false ? ['insecure'] : []),
    ...(want.url_username === undefined
      ? []
      : [configured('user', `${want.url_username}:${want.url_password ?? ''}`)]),
    ...(want.ca_path === undefined ? [] : [configured('cacert', want.ca_path)]),
    ...(want.client_cert === undefined ? [] : [configured('cert', want.client_cert)]),
    ...(want.client_key === undefined ? [] : [configured('key', want.client_key)]),
    ...(want.unix_socket === undefined ? [] : [configured('unix-socket', want.unix_socket)]),
    ...(want.use_proxy === false ? [configured('noproxy', '*')] : []),
    ...(want.src === undefined ? [] : [configured('data-binary', `@${want.src}`)]),
    ...(want.src === undefined && body !== ''
      ? [configured('data-binary', body.startsWith('@') ? '' : body)]
      : []),
  ];
  const limits = `--max-time ${want.timeout ?? 30} --proto =http,https --proto-redir =http,https`;
  // curl takes a text that begins with @ for the name of a file.
  const plain = want.src === undefined && body.startsWith('@');
  const guard = [
    ...(want.creates === undefined ? [] : [`[ ! -e ${quote(want.creates)} ] || exit 0`]),
    ...(want.removes === undefined ? [] : [`[ -e ${quote(want.removes)} ] || exit 0`]),
  ];
  const options = plain
    ? config.filter((one) => !one.startsWith('data-binary')).concat(configured('data-raw', body))
    : config;
  return [
    ...guard,
    'command -v curl >/dev/null || exit 127',
    `{ { ${printBytes(`${options.join('\n')}\n`)}\n} | { curl -q -sS -i ${limits} -w ${quote(httpMark)} -K - 2>&3; printf '%s %s' "$?" ${quote(want.url)}; }; } 3>&2 | base64 | tr -d '\\n'`,
  ].join('\n');
}
