import type { Problem } from '../../errors/problem.ts';
import type { AnyResource } from '../../resources/resource.ts';
import { connectionOf } from '../evaluate/connection-variables.ts';
import type { Playbook, VariableLayer } from '../model.ts';
import { NameCheck } from './name-check.ts';
import { RegisteredVariables, visits } from './registered-variables.ts';
import { TaskTexts } from './task-texts.ts';
import { TextReader } from './text-reader.ts';

/** What the check comes by: it reads everything that is evaluated later. */
export interface CheckListener {
  /** Each template file. */
  onFile(file: string, text: string): void;
  /** Each name that a template or an expression takes from outside. */
  onMention(name: string): void;
}

/**
 * Every mistake in templates and expressions that can be found without a host: broken syntax, unknown filters, tests
 * and lookups, names that nothing gives a value, and variables that say in vain how to connect.
 */
export function checkVariables(
  playbook: Playbook,
  resources: ReadonlyMap<string, AnyResource>,
  listener: CheckListener,
): readonly Problem[] {
  const reader = new TextReader(playbook.sources, listener.onMention);
  for (const { variables } of layersIn(playbook)) {
    for (const source of variables.values()) reader.templates(source);
  }
  const registered = new RegisteredVariables(playbook);
  const texts = new TaskTexts(playbook, resources, reader, listener.onFile);
  const names = new NameCheck(playbook, registered, reader);
  for (const visit of visits(playbook)) names.check(visit, texts.of(visit));
  const hosts = [...new Set(playbook.plays.flatMap((play) => play.hosts))];
  const connections = hosts.flatMap((host) => connectionOf(playbook, host).problems);
  const all = [...reader.problems, ...names.problems, ...connections];
  const distinct = new Map(all.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values()].sort(byPlace);
}

function byPlace({ at: a }: Problem, { at: b }: Problem): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}

function layersIn(playbook: Playbook): readonly VariableLayer[] {
  const hosts = [...playbook.inventory.hosts.values()].flatMap(({ layers }) => layers);
  const plays = playbook.plays.flatMap(({ vars, roles }) => [
    ...vars,
    ...roles.flatMap((role) => [role.parameters, role.vars, role.defaults]),
  ]);
  const tasks = [...visits(playbook)].flatMap(({ task }) => task.vars);
  return [...new Set([playbook.extraVars, ...hosts, ...plays, ...tasks])];
}
