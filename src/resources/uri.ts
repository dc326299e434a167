import { type Static, Type } from 'typebox';
import { exists } from '../probes/exists.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { hostPath } from './argument-schemas.ts';
import { type HttpAnswer, readHttpAnswer } from './commands/http-answer.ts';
import { requestBody, requestScript } from './commands/http-request.ts';
import type { HostResource, Json } from './resource.ts';

const line = '^[^\\r\\n]*$';

const schema = Type.Object(
  {
    url: Type.String({ pattern: '^https?://[^\\s\\u0000]+$', description: 'http or https address' }),
    method: Type.Optional(
      Type.String({ pattern: '^[A-Za-z]+$', default: 'GET', description: 'what is asked' }),
    ),
    status_code: Type.Optional(
      Type.Array(Type.Integer(), { default: [200], description: 'answers that are no failure' }),
    ),
    return_content: Type.Optional(
      Type.Boolean({ default: false, description: 'the result has the whole answer as `content`' }),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Union([Type.String({ pattern: line }), Type.Number(), Type.Boolean()]),
        {
          description: 'headers of the request; never on a command line',
        },
      ),
    ),
    body: Type.Optional(Type.Unknown({ description: 'what is sent, written as `body_format` says' })),
    body_format: Type.Optional(
      Type.Enum(['raw', 'json', 'form-urlencoded'], { default: 'raw', description: 'how `body` is written' }),
    ),
    src: Type.Optional(hostPath('with remote_src: the file that is sent')),
    remote_src: Type.Optional(Type.Boolean({ default: false, description: '`src` lies on the host' })),
    url_username: Type.Optional(
      Type.String({ pattern: '^[^:\\r\\n]*$', description: 'name to log in with' }),
    ),
    url_password: Type.Optional(Type.String({ pattern: line, description: 'password to log in with' })),
    force_basic_auth: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'accepted: name and password are sent at once in any case',
      }),
    ),
    follow_redirects: Type.Optional(
      Type.Enum(['all', 'yes', 'safe', 'urllib2', 'none', 'no'], {
        default: 'safe',
        description: 'safe follows for GET and HEAD only',
      }),
    ),
    validate_certs: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'false takes any certificate of the server: only for tests',
      }),
    ),
    ca_path: Type.Optional(hostPath('file with the CAs to believe')),
    client_cert: Type.Optional(hostPath('certificate to show')),
    client_key: Type.Optional(hostPath('its key')),
    unix_socket: Type.Optional(hostPath('socket to connect to in place of the host of `url`')),
    timeout: Type.Optional(Type.Integer({ default: 30, minimum: 1, description: 'seconds for all of it' })),
    http_agent: Type.Optional(
      Type.String({
        pattern: line,
        default: 'ansible-httpget',
        description: 'who asks, as the header User-Agent says',
      }),
    ),
    use_proxy: Type.Optional(
      Type.Boolean({ default: true, description: 'false: whatever the environment says' }),
    ),
    force: Type.Optional(Type.Boolean({ default: false, description: 'no answer out of a cache' })),
    creates: Type.Optional(hostPath('not asked when this is there')),
    removes: Type.Optional(hostPath('asked only when this is there')),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly answer: HttpAnswer | undefined;
  /** Why nobody was asked. */
  readonly spared: string | undefined;
  readonly curl: boolean;
}

function isRead({ method = 'GET' }: Arguments): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());
}

function expected(want: Arguments, { status }: HttpAnswer): boolean {
  return (want.status_code ?? [200]).includes(status);
}

function complaint(want: Arguments, answer: HttpAnswer): string {
  const { status, reason, code } = answer;
  const list = `[${(want.status_code ?? [200]).join(', ')}]`;
  const cause = status < 0 ? `Request failed: curl ended with ${code}` : `HTTP Error ${status}: ${reason}`;
  return `Status code was ${status} and not ${list}: ${cause}`;
}

function resultOf(
  want: Arguments,
  { answer, spared }: State,
  failed: boolean,
): { readonly [key: string]: Json } {
  if (!answer) return { msg: spared ?? 'check mode: nothing was sent', status: 0, url: want.url };
  const type = answer.headers.content_type ?? '';
  const text = answer.body.toString('utf8');
  let json: Json | undefined;
  try {
    json = /\bjson\b/.test(type) ? JSON.parse(text) : undefined;
  } catch {
    json = undefined;
  }
  return {
    ...answer.headers,
    ...(json !== undefined && { json }),
    ...((want.return_content || failed) && { content: text }),
    cookies: answer.cookies,
    cookies_string: Object.entries(answer.cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; '),
    status: answer.status,
    url: answer.url || want.url,
    redirected: answer.redirected,
    elapsed: answer.elapsed,
    msg: failed ? complaint(want, answer) : `OK (${answer.headers.content_length ?? 'unknown'} bytes)`,
  };
}

/** Asks a web service. */
export const uri: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'uri',
  summary: 'Ask a web service from the host, and register its answer',
  schema,
  argumentAliases: { url_username: ['user'], url_password: ['password'] },
  effect: 'read',
  volatile: true,
  follows: () => true,
  probe(want, { observations }) {
    const { creates, removes } = want;
    // A plan sends nothing that may change something.
    const silent = observations === true && !isRead(want);
    const asks = {
      made: creates === undefined ? undefined : exists(creates, undefined),
      needed: removes === undefined ? undefined : exists(removes, undefined),
      output: silent ? undefined : script(requestScript(want)),
    };
    return asking(asks, ({ made, needed, output }) => {
      const spared = made
        ? `skipped, since '${creates}' exists`
        : needed === false
          ? `skipped, since '${removes}' does not exist`
          : undefined;
      const curl = output?.code !== 127;
      const answered = output && curl && spared === undefined && output.stdout !== '';
      return {
        curl,
        spared,
        answer: answered ? readHttpAnswer(Buffer.from(output.stdout, 'base64')) : undefined,
      };
    });
  },
  refuse(want, have) {
    if (typeof requestBody(want) !== 'string') return ['body: form-urlencoded needs a mapping or a text'];
    if (want.src !== undefined && !want.remote_src)
      return [
        "src: only a file of the host can be sent, with `remote_src: true`; body takes lookup('file', ...)",
      ];
    if (!have.curl) return ['the host has no curl; install it first'];
    const { answer } = have;
    return answer && !expected(want, answer) ? [complaint(want, answer)] : [];
  },
  diff: () => [],
  steps: () => [],
  failedResult: (want, have) => resultOf(want, have, true),
  result: (want, have) => resultOf(want, have, false),
};
