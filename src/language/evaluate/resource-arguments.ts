import { ExpectedError } from '../../errors/expected-error.ts';
import type { Problem } from '../../errors/problem.ts';
import { evaluateExpression } from '../../jinja/template/template.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { isMapping, type Mapping, omit, textOf } from '../../jinja/values/value.ts';
import type { AnyResource, TaskPlace } from '../../resources/resource.ts';
import { isOnHost, sourceName } from '../../resources/source-name.ts';
import type { Playbook, Source, Task } from '../model.ts';
import { prepareArguments } from '../source/schema/prepared-arguments.ts';
import { conditionExpression, conditionText, holds } from './condition.ts';
import { connectionOf, isControlNode } from './connection-variables.ts';
import { checksIn, judgedCheck } from './judged-check.ts';
import type { Scope } from './scope.ts';
import { placed } from './source-value.ts';
import type { TaskFiles } from './task-files.ts';

/** Arguments that their resource's schema refuses. */
export class WrongArguments extends ExpectedError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.problems = problems;
  }
}

/** What evaluating arguments needs to know. */
export interface ArgumentsContext {
  readonly playbook: Playbook;
  readonly scope: Scope;
  readonly files: TaskFiles;
}

/** The file of an include, or the words of a meta task. */
export function plainArguments(task: Task, scope: Scope): unknown {
  if (task.resource === 'meta') return task.args.value;
  const value = scope.value(task.args);
  return isMapping(value) ? { ...value, file: textOf(value.file) } : { file: textOf(value) };
}

/**
 * A task's arguments for its resource: evaluated, checked against the schema, files read and rendered.
 * Throws TemplateError or WrongArguments.
 */
export function resourceArguments(resource: AnyResource, task: Task, context: ArgumentsContext): unknown {
  const { args } = task;
  if (task.lateValues) return args.value;
  const kept =
    resource.kind === 'control'
      ? [
          ...(resource.conditions ?? []),
          ...(resource.expressions ?? []),
          ...(resource.checks === undefined ? [] : [resource.checks]),
        ]
      : [];
  const evaluated = evaluatedBut(args, kept, context.scope);
  const prepared = prepareArguments(resource, evaluated, args);
  if (prepared.problems.length > 0) throw new WrongArguments(prepared.problems);
  if (!isMapping(prepared.args)) return prepared.args;
  if (resource.kind === 'control') return decided(resource, args, prepared.args, context);
  if (resource.kind !== 'host') return prepared.args;
  const own = withControlPaths(resource, withSource(resource, args, prepared.args, context), context);
  return resource.placed ? { ...own, task_place: placeOf(task, context) } : own;
}

function evaluatedBut(args: Source, kept: readonly string[], scope: Scope): unknown {
  const { value } = args;
  if (kept.length === 0 || !isMapping(value)) return scope.value(args);
  const entries = Object.entries(value).map(([key, part]) => [
    key,
    kept.includes(key) ? part : scope.value(args, [key]),
  ]);
  return Object.fromEntries(entries.filter(([, part]) => part !== omit));
}

function decided(
  resource: Extract<AnyResource, { kind: 'control' }>,
  source: Source,
  args: Mapping,
  { scope, playbook, files }: ArgumentsContext,
): Mapping {
  const result: Record<string, unknown> = { ...args };
  if (resource.checks !== undefined) {
    const found = checksIn(source, resource.checks).map((check) =>
      judgedCheck(check, { scope, playbook, files }),
    );
    result[resource.checks] = found.filter((one) => one !== undefined);
  }
  for (const key of resource.conditions ?? []) {
    if (!Object.hasOwn(args, key)) continue;
    const given = args[key];
    const many = isMapping(source.value) && Array.isArray(source.value[key]);
    const list = Array.isArray(given) ? given : [given];
    result[key] = list.map((condition, index) => ({
      condition: conditionText({ value: condition, at: () => source.at() }),
      holds: holds(source, many ? [key, index] : [key], scope, playbook),
    }));
  }
  for (const key of resource.expressions ?? []) {
    const text = args[key];
    if (typeof text === 'string')
      result[key] = { expression: text.trim(), value: shown(source, key, text, scope, playbook) };
  }
  return result;
}

function shown(source: Source, key: string, text: string, scope: Scope, playbook: Playbook): unknown {
  try {
    return placed(source, [key], text, playbook.sources, () =>
      evaluateExpression(conditionExpression(text), scope),
    );
  } catch (error) {
    if (error instanceof TemplateError && error.code === 'undefined-variable')
      return 'VARIABLE IS NOT DEFINED!';
    throw error;
  }
}

function placeOf({ delegateTo }: Task, { scope, playbook }: ArgumentsContext): TaskPlace {
  const host = String(scope.find('inventory_hostname'));
  const { kind, port } = connectionOf(playbook, host);
  const rsync = scope.find('ansible_rsync_path');
  const delegate = delegateTo && textOf(scope.value(delegateTo));
  return {
    host,
    directory: playbook.directory,
    local: kind === 'local',
    ...(port !== undefined && { port }),
    ...(delegate !== undefined && !isControlNode(playbook, delegate) && { delegate }),
    ...(typeof rsync === 'string' && { rsync }),
  };
}

function withControlPaths(
  { controlPaths = [] }: Extract<AnyResource, { kind: 'host' }>,
  args: Mapping,
  { files }: ArgumentsContext,
): Mapping {
  const found = controlPaths.flatMap((argument) => {
    const name = args[argument];
    return typeof name === 'string' ? [[argument, files.place(name, 'files')] as const] : [];
  });
  return found.length > 0 ? { ...args, control_paths: Object.fromEntries(found) } : args;
}

function withSource(
  resource: Extract<AnyResource, { kind: 'host' }>,
  source: Source,
  args: Mapping,
  { scope, files, playbook }: ArgumentsContext,
): Mapping {
  const wanted = resource.source;
  const name = wanted && sourceName(wanted, args[wanted.argument]);
  if (!wanted || name === undefined) return args;
  if (isOnHost(wanted, (argument, value) => args[argument] === value)) return args;
  return placed(source, [wanted.argument], '', playbook.sources, () => {
    const tree = wanted.tree && files.tree(name, wanted.folder);
    return tree
      ? { ...args, source_tree: tree }
      : { ...args, source_file: files.source(name, wanted, scope, args) };
  });
}
