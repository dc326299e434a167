import { type Static, Type } from 'typebox';
import { absolutePath } from '../../../../resources/argument-schemas.ts';

/** A client, its log server, and the way of a line between them. */
export const logLineSchema = Type.Object(
  {
    listener: Type.String({ minLength: 1, description: 'inventory name of the log server' }),
    sender: Type.String({ minLength: 1, description: 'what messages call the sending host' }),
    name: Type.String({ minLength: 1, description: 'host name under which the line must arrive' }),
    file: absolutePath('file on the log server in which the line must arrive'),
    elsewhere: Type.Optional(
      absolutePath('pattern of the files in which a line may arrive under another name'),
    ),
    selector: Type.String({
      minLength: 1,
      default: '*.*',
      description: 'what the sending host forwards: the line is sent with a priority that passes it',
    }),
    target: Type.String({ minLength: 1, description: 'address of the log server, as its client has it' }),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'its port' }),
    server_name: Type.Optional(
      Type.String({
        minLength: 1,
        description: "name in the server's certificate; without it the name is not looked at",
      }),
    ),
    ca: absolutePath("the client's CA file"),
    certificate: Type.Optional(absolutePath("the client's certificate; without it none is shown")),
    key: Type.Optional(absolutePath('its key')),
    deployed: Type.Optional(
      absolutePath(
        'the certificate on the log server that must be served; without it any that is trusted may be',
      ),
    ),
    service: Type.String({
      minLength: 1,
      default: 'rsyslog',
      description: 'unit of both sides, for its journal',
    }),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 600,
      default: 15,
      description: 'seconds until a line counts as lost',
    }),
  },
  { additionalProperties: false },
);

/** The same with a wait that is not longer: `timeout` of the task. */
export function waitedFor(want: Static<typeof logLineSchema>, seconds: number): Static<typeof logLineSchema> {
  return { ...want, timeout: Math.min(want.timeout, seconds) };
}
