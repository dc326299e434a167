import { basename } from 'node:path';
import { didYouMean, nearest } from '../../errors/did-you-mean.ts';
import type { Problem } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import type { Inventory, Play, Role, Source, VariableLayer } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import { coerce } from '../source/schema/schema-coercion.ts';
import { schemaProblems } from '../source/schema/schema-problem.ts';
import { allTasks, nodesOf } from '../task-walk.ts';
import { registeredNames } from '../tasks/registered-names.ts';
import { missingVariables, type RequiringRole } from './required-variables.ts';
import { type RoleSchema, roleSchema } from './role-schema.ts';
import { knownRoles } from './role-search.ts';

/** A built playbook, as far as variables of roles are concerned. */
export interface RoleUses {
  readonly plays: readonly Play[];
  /** Where the playbook lies: its roles/ and the project's decide what a role's name can be. */
  readonly directory: string;
  readonly inventory: Inventory;
  readonly extraVars: VariableLayer;
}

/** What the tasks of a play have with them, those of includes too. */
interface PlayParts {
  readonly roles: readonly Role[];
  readonly vars: readonly VariableLayer[];
}

const known = new WeakMap<Play, PlayParts>();

function partsOf(play: Play): PlayParts {
  const parts = known.get(play);
  if (parts) return parts;
  const tasks = [...allTasks(play.tasks)];
  const roles = new Set([...play.roles, ...tasks.flatMap(({ role }) => role ?? [])]);
  const made = { roles: [...roles], vars: [...new Set(tasks.flatMap(({ vars }) => vars))] };
  known.set(play, made);
  return made;
}

function prefixOf(role: string): string {
  return `${(role.split(/[/.]/).at(-1) ?? role).replaceAll('-', '_')}_`;
}

/** Layers that anybody may set a role's variables in, beside the role itself and its parameters. */
function outsideLayers(play: Play, { inventory, extraVars }: RoleUses): readonly VariableLayer[] {
  const hosts = play.hosts.flatMap((name) => inventory.hosts.get(name)?.layers ?? []);
  return [...new Set([...hosts, ...play.vars, ...partsOf(play).vars, extraVars])];
}

// What the role itself has by this name is no slip, though nobody described it.
function misspelt(name: string, role: Role, schema: RoleSchema): boolean {
  const own = [role.defaults, role.vars].some(({ variables }) => variables.has(name));
  return !own && nearest(name, schema.names) !== undefined;
}

function undeclared(role: Role, schema: RoleSchema, name: string, source: Source, origin: string): Problem {
  const hint = didYouMean(name, schema.names) ?? `the role declares its variables in ${schema.at.file}`;
  const message = `the role ${role.name} has no variable '${name}'`;
  return {
    code: 'unknown-variable',
    message,
    at: source.at(),
    why: `it is set in ${origin}, where it has no effect`,
    hint,
  };
}

function valueProblems(role: Role, schema: RoleSchema, name: string, source: Source): readonly Problem[] {
  const found = schemaProblems(schema.values, { [name]: source.value }, `the role ${role.name}`, true);
  return found.map(({ path, onKey: _, hint, ...rest }) => {
    const fitted = coerce(schema.values, { [name]: source.value }, { templated: true });
    const fits = schemaProblems(schema.values, fitted, '', true).length === 0;
    const loosely = fits && typeof source.value === 'string' ? 'write it without quotes' : undefined;
    const said = hint ?? loosely;
    const why = rest.why ?? `the role ${role.name} declares it so in ${schema.at.file}`;
    return { ...rest, at: source.at(...path.slice(1)), why, ...(said && { hint: said }) };
  });
}

/** What checking the roles of one load shares. */
interface RoleCheck extends RoleUses {
  readonly loading: Loading;
  readonly schemas: ReadonlyMap<string, RoleSchema>;
  /** Prefixes of the variables of all roles that can be found. */
  readonly prefixes: readonly string[];
}

/** What is wrong with the variables of roles. */
export interface RoleVariableProblems {
  readonly problems: readonly Problem[];
  /** Required variables that nothing sets, or that are misspelt where they are set. */
  readonly missing: ReadonlySet<string>;
}

/** What checking one role of a play against what it declares gives. */
interface RoleVerdict {
  readonly problems: readonly Problem[];
  /** Declared variables that those were most likely meant to be that the role does not know. */
  readonly meant: readonly string[];
  readonly requiring: RequiringRole | undefined;
}

function checkRole(play: Play, role: Role, uses: RoleCheck): RoleVerdict {
  const { loading, schemas, extraVars } = uses;
  const schema = schemas.get(role.directory);
  if (!schema) return { problems: [], meant: [], requiring: undefined };
  const prefix = prefixOf(role.name);
  const others = uses.prefixes.filter((other) => other.length > prefix.length && other.startsWith(prefix));
  const isOurs = (name: string) => name.startsWith(prefix) && !others.some((other) => name.startsWith(other));
  const anywhere = [...schemas.values()];
  const problems: Problem[] = [];
  const meant: string[] = [];
  const check = (layer: VariableLayer, concerns: (name: string) => boolean): void => {
    for (const [name, source] of layer.variables) {
      if (schema.declares(name)) {
        const key = ['value', role.directory, role.name, name].join('\0');
        problems.push(...loading.once(source, key, () => valueProblems(role, schema, name, source)));
      } else if (concerns(name) && (schema.whole || misspelt(name, role, schema))) {
        problems.push(undeclared(role, schema, name, source, layer.origin));
        meant.push(nearest(name, schema.names) ?? '');
      }
    }
  };
  check(role.defaults, () => true);
  check(role.vars, () => false);
  for (const layer of [role.entryVars, role.parameters])
    check(layer, (name) => !anywhere.some((other) => other.declares(name)));
  const outside = outsideLayers(play, uses);
  for (const layer of outside) check(layer, isOurs);
  const shared = [
    role.defaults,
    role.vars,
    role.entryVars,
    role.parameters,
    extraVars,
    ...play.vars,
    ...partsOf(play).vars,
  ];
  return { problems, meant, requiring: { play, role, schema, shared, outside } };
}

function schemasOf(loading: Loading, plays: readonly Play[]): ReadonlyMap<string, RoleSchema> {
  const schemas = new Map<string, RoleSchema>();
  for (const directory of new Set(
    plays.flatMap((play) => partsOf(play).roles).map((role) => role.directory),
  )) {
    const schema = loading.once(loading, `schema\0${directory}`, () => roleSchema(loading, directory));
    if (schema) schemas.set(directory, schema);
  }
  return schemas;
}

/** Variables that the roles of a playbook declare, by name. */
export function declaredVariables(
  loading: Loading,
  plays: readonly Play[],
): ReadonlyMap<string, { readonly role: string; readonly description: string | undefined }> {
  const schemas = [...schemasOf(loading, plays)];
  return new Map(
    schemas.flatMap(([directory, schema]) =>
      schema.names.map((name) => [name, { role: basename(directory), description: schema.describes(name) }]),
    ),
  );
}

/** Problems of variables that the roles of a playbook declare otherwise or do not know. */
export function roleVariableProblems(loading: Loading, uses: RoleUses): RoleVariableProblems {
  const nodes = nodesOf(uses.plays);
  const check = {
    ...uses,
    loading,
    schemas: schemasOf(loading, uses.plays),
    prefixes: knownRoles(uses.directory, loading.rolesPath).map(prefixOf),
  };
  const verdicts = uses.plays.flatMap((play) =>
    partsOf(play).roles.map((role) => checkRole(play, role, check)),
  );
  const requiring = verdicts.flatMap((verdict) => verdict.requiring ?? []);
  const missing = missingVariables(requiring, uses.inventory, registeredNames(nodes));
  // A variable that is misspelt where it is set has been reported there.
  const meant = new Set(verdicts.flatMap((verdict) => verdict.meant));
  const unset = [...missing].flatMap(([name, problem]) => (meant.has(name) ? [] : [problem]));
  return {
    problems: [...verdicts.flatMap(({ problems }) => problems), ...unset],
    missing: new Set([...missing.keys(), ...meant]),
  };
}

/** Extra variables as roles declare them: `-e port=514` is text, a role that wants a number gets one. */
export function typedExtraVars(
  loading: Loading,
  plays: readonly Play[],
  extraVars: VariableLayer,
): VariableLayer {
  const schemas = [...schemasOf(loading, plays).values()];
  const variables = [...extraVars.variables].map(([name, source]): [string, Source] => {
    const schema = schemas.find((one) => one.declares(name));
    if (!schema || typeof source.value !== 'string' || isTemplate(source.value)) return [name, source];
    const fitted = coerce(schema.values, { [name]: source.value }, { templated: false });
    return [name, { value: (fitted as Record<string, unknown>)[name], at: (...path) => source.at(...path) }];
  });
  return { ...extraVars, variables: new Map(variables) };
}
