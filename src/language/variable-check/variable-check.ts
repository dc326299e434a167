import type { Problem } from '../../errors/problem.ts';
import type { AnyResource } from '../../resources/resource.ts';
import { connectionOf } from '../evaluate/connection-variables.ts';
import type { Playbook, VariableLayer } from '../model.ts';
import { placeKey } from '../source/loading/loading.ts';
import { connectionSlips } from './connection-slips.ts';
import { byPlace, type Declaration } from './findings.ts';
import { idleHandlers } from './idle-handlers.ts';
import { misspeltVariables, readNames } from './misspelt-variables.ts';
import { NameCheck } from './name-check.ts';
import { RegisteredKeys } from './registered-keys.ts';
import { RegisteredVariables, visits } from './registered-variables.ts';
import { TaskTexts } from './task-texts.ts';
import { TextReader } from './text-reader.ts';

/** What the check is given, and whom it reports to what it comes by: it reads everything that is evaluated later. */
export interface CheckContext {
  /** Variables that roles declare. */
  readonly declared: ReadonlyMap<string, Declaration>;
  /** What is known to be wrong already. */
  readonly reported: Reported;
  /** Each template file. */
  onFile(file: string, text: string): void;
  /** Each name that a template or an expression takes from outside. */
  onMention(name: string): void;
  /** What has no effect. */
  onWarning(message: string): void;
}

/** Problems of variables that are reported already. */
interface Reported {
  /** Variables that a role needs and nobody sets. */
  readonly names: ReadonlySet<string>;
  /** Where something is wrong, by placeKey. */
  readonly places: ReadonlySet<string>;
}

/**
 * Every mistake in templates and expressions that can be found without a host: broken syntax, unknown filters, tests
 * and lookups, names that nothing gives a value, and connection variables that have no effect.
 */
export function checkVariables(
  playbook: Playbook,
  resources: ReadonlyMap<string, AnyResource>,
  context: CheckContext,
): readonly Problem[] {
  const { declared, reported } = context;
  const reader = new TextReader(playbook, context.onMention);
  for (const { variables, choice } of layersIn(playbook)) {
    for (const source of [...variables.values(), ...(choice?.file.names ?? [])]) reader.templates(source);
  }
  const registered = new RegisteredVariables(playbook);
  const texts = new TaskTexts(playbook, resources, reader, context.onFile);
  const names = new NameCheck(
    playbook,
    registered,
    declared,
    reader,
    new RegisteredKeys(registered, resources),
  );
  const idle = idleHandlers(playbook);
  for (const visit of visits(playbook)) {
    const found = texts.of(visit);
    if (!idle.has(visit.task)) names.check(visit, found);
  }
  const hosts = [...new Set(playbook.plays.flatMap((play) => play.hosts))];
  const connections = hosts.flatMap((host) => connectionOf(playbook, host).problems);
  const { slips, unknown } = connectionSlips(playbook);
  for (const message of [...unknown, ...names.warnings()]) context.onWarning(message);
  const read = readNames(playbook, registered, names.missing());
  const misspelt = misspeltVariables(playbook, { declared: new Set(declared.keys()), read }).filter(
    ({ problem }) => !problem.at || !reported.places.has(placeKey(problem.at)),
  );
  // Whose name is misspelt where it is set is missing where it is read: that is one mistake.
  const explained = new Set([...reported.names, ...misspelt.map(({ meant }) => meant)]);
  const all = [
    ...reader.problems,
    ...names.problems(explained),
    ...connections,
    ...slips,
    ...misspelt.map(({ problem }) => problem),
  ];
  const distinct = new Map(all.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values()].sort(byPlace);
}

function layersIn(playbook: Playbook): readonly VariableLayer[] {
  const hosts = [...playbook.inventory.hosts.values()].flatMap(({ layers }) => layers);
  const plays = playbook.plays.flatMap(({ vars, roles }) => [
    ...vars,
    ...roles.flatMap((role) => [role.parameters, role.vars, role.entryVars, role.defaults]),
  ]);
  const tasks = [...visits(playbook)].flatMap(({ task }) => task.vars);
  const joining = playbook.growth?.layers ?? [];
  return [...new Set([playbook.extraVars, ...hosts, ...joining, ...plays, ...tasks])];
}
