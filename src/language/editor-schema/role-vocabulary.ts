import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyResource } from '../../resources/resource.ts';
import { readSchema } from '../roles/role-schema.ts';
import { roleDirectories, shippedRoles } from '../roles/role-search.ts';
import { Loading, pathKind } from '../source/loading/loading.ts';
import type { JsonSchema } from '../source/schema/schema-coercion.ts';

/**
 * Variables that roles declare, by name; a role that cannot be read has none.
 * @param playbookDirectory its roles are found too; those that come with provision always are
 */
export function roleVariables(
  resources: ReadonlyMap<string, AnyResource>,
  playbookDirectory: string | undefined,
): Readonly<Record<string, JsonSchema>> {
  const loading = new Loading(resources);
  const places = playbookDirectory === undefined ? [shippedRoles] : roleDirectories(playbookDirectory);
  const roles = places
    .filter((place) => pathKind(place) === 'directory')
    .flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  return Object.assign({}, ...roles.map((role) => readSchema(loading, role)?.schema.properties));
}
