import { Type } from 'typebox';
import type { ControlResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'the host, maybe with a port behind it: `web1:2222`' }),
    groups: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'groups in which it is from now on; any other argument is a variable of the host',
      }),
    ),
  },
  { additionalProperties: true, propertyNames: { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' } },
);

interface Arguments {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly [variable: string]: Json | readonly string[] | undefined;
}

/** Adds a host to the inventory for the rest of the run; the first host of the play does it for all. */
export const addHost: ControlResource<Arguments> = {
  kind: 'control',
  name: 'add_host',
  summary: 'Add a host to the inventory for the rest of the run, where later plays find it',
  schema,
  argumentAliases: { name: ['host', 'hostname'], groups: ['group', 'groupname'] },
  evaluate({ name: written, groups = [], ...others }) {
    const { name, port } = nameAndPort(written);
    const variables = {
      ...(port !== undefined && { ansible_ssh_port: port }),
      ...(others as { readonly [name: string]: Json }),
    };
    const result = { add_host: { host_name: name, groups: [...groups], host_vars: variables } };
    return { status: 'changed', result, joins: { host: name, groups, parents: [], variables } };
  },
};

// An address of IPv6 has several colons and no port, unless it stands in brackets.
function nameAndPort(written: string): { readonly name: string; readonly port?: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(written) ?? [];
  return port === undefined ? { name: written } : { name: bracketed ?? plain ?? '', port: Number(port) };
}
