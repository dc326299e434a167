import { type Static, Type } from 'typebox';
import { hostPath, ownershipArguments } from '../argument-schemas.ts';
import type { SourceFile } from '../resource.ts';

const line = '^[^\\r\\n]*$';

/** What `uri` takes. */
export const uriSchema = Type.Object(
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
      Type.Enum(['raw', 'json', 'form-urlencoded', 'form-multipart'], {
        default: 'raw',
        description: 'how `body` is written',
      }),
    ),
    src: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'the file that is sent: of the control node, looked for in `files/`; with `remote_src` a path on the host',
      }),
    ),
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
    decompress: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'what comes compressed, because `headers` ask for it, is unpacked',
      }),
    ),
    ciphers: Type.Optional(
      Type.Array(Type.String({ pattern: line }), { description: 'TLS ciphers to offer, in their order' }),
    ),
    use_netrc: Type.Optional(
      Type.Boolean({ default: true, description: 'without a name: that of the file `.netrc` on the host' }),
    ),
    use_gssapi: Type.Optional(Type.Boolean({ default: false, description: 'only false' })),
    unredirected_headers: Type.Optional(
      Type.Array(Type.String(), {
        default: [],
        description: 'names of headers that no redirection gets: with `follow_redirects: none` only',
      }),
    ),
    dest: Type.Optional(
      hostPath('where the answer is written; a directory takes it under the name that the server gives'),
    ),
    ...ownershipArguments,
    creates: Type.Optional(hostPath('not asked when this is there')),
    removes: Type.Optional(hostPath('asked only when this is there')),
  },
  { additionalProperties: false },
);

/** Arguments of `uri` as they arrive. */
export type UriArguments = Static<typeof uriSchema> & { readonly source_file?: SourceFile };
