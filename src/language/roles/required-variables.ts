import { nearest } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import type { Inventory, Play, Role, VariableLayer } from '../model.ts';
import type { RoleSchema } from './role-schema.ts';

/** A role of a play, and what may give its variables a value. */
export interface RequiringRole {
  readonly play: Play;
  readonly role: Role;
  readonly schema: RoleSchema;
  /** Layers of the role, the play and the command line, the same for all hosts. */
  readonly shared: readonly VariableLayer[];
  /** Layers outside of the role, those of hosts too. */
  readonly outside: readonly VariableLayer[];
}

/** A variable that a role requires, and hosts that have none. */
interface Lack {
  readonly by: RequiringRole;
  readonly hosts: Set<string>;
  everywhere: boolean;
}

/**
 * Variables that roles require and nothing sets, one problem for each, however many plays use the role.
 * @param registered names that tasks set
 */
export function missingVariables(
  roles: readonly RequiringRole[],
  inventory: Inventory,
  registered: ReadonlySet<string>,
): ReadonlyMap<string, Problem> {
  const lacks = new Map<string, Lack>();
  for (const by of roles) {
    for (const name of by.schema.required) {
      if (registered.has(name) || by.shared.some(({ variables }) => variables.has(name))) continue;
      const without = by.play.hosts.filter(
        (host) => !inventory.hosts.get(host)?.layers.some(({ variables }) => variables.has(name)),
      );
      if (without.length === 0) continue;
      const lack = lacks.get(name) ?? { by, hosts: new Set(), everywhere: true };
      for (const host of without) lack.hosts.add(host);
      if (without.length < by.play.hosts.length) lack.everywhere = false;
      lacks.set(name, lack);
    }
  }
  return new Map([...lacks].map(([name, lack]) => [name, problemOf(name, lack)]));
}

function problemOf(name: string, { by, hosts, everywhere }: Lack): Problem {
  const { play, role, schema, outside } = by;
  const named = [...hosts].slice(0, 5).join(', ');
  const more = hosts.size > 5 ? ` and ${hosts.size - 5} more` : '';
  const description = schema.describes(name);
  const lacking = everywhere ? 'nothing sets it' : `it is not set for ${named}${more}`;
  return {
    code: 'missing-variable',
    message: `the role ${role.name} needs the variable '${name}'`,
    at: play.importedAt ?? role.askedAt,
    why: description === undefined ? lacking : `${lacking}; it is: ${description}`,
    hint: adviceFor(name, schema, outside),
  };
}

function adviceFor(name: string, schema: RoleSchema, outside: readonly VariableLayer[]): string {
  const unknown = outside
    .flatMap(({ variables }) => [...variables])
    .filter(([other]) => !schema.declares(other));
  const near = nearest(
    name,
    unknown.map(([other]) => other),
  );
  const at = unknown.find(([other]) => other === near)?.[1].at();
  return at
    ? `did you mean it by '${near}' in ${at.file}:${at.line}?`
    : `set it in the inventory, in vars of the play, or with -e ${name}=...`;
}
