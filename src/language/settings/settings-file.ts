import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ProvisionError } from '../../errors/problem.ts';
import { Loading, pathKind } from '../source/loading/loading.ts';
import { placeProblem } from '../source/schema/prepared-arguments.ts';
import { coerce } from '../source/schema/schema-coercion.ts';
import { schemaProblems } from '../source/schema/schema-problem.ts';
import { settingsSchema } from './settings-schema.ts';

/** Values of provision.yml by their keys, and why a file of this name was not read. */
export interface SettingsFile {
  readonly values: Readonly<Record<string, unknown>>;
  readonly warning?: string;
}

const name = 'provision.yml';

/**
 * The settings of a directory; none where it has no provision.yml, or a playbook of that name.
 * Throws a ProvisionError with everything that is wrong in it.
 */
export function readSettings(directory: string): SettingsFile {
  const file = join(directory, name);
  if (pathKind(file) !== 'file') return { values: {} };
  const loading = new Loading(new Map());
  const root = loading.yaml(file);
  if (root && (root.isList() || root.get('plays'))) return { values: {} };
  // Who can write here could let a run of somebody else go to other hosts.
  if ((statSync(directory).mode & 0o002) !== 0) {
    const warning = `${name} is not read: everybody can write to ${directory}; \`chmod o-w\` it, or give the options`;
    return { values: {}, warning };
  }
  const values =
    root?.value === null
      ? {}
      : coerce(settingsSchema, root?.value, { templated: false, splits: () => false });
  if (root && root.value !== null) {
    const problems = schemaProblems(settingsSchema, values, name, false);
    loading.report(...problems.map((problem) => placeProblem(problem, root)));
  }
  if (loading.problems.length > 0) throw new ProvisionError(loading.problems, loading.sources);
  return { values: values as SettingsFile['values'] };
}
