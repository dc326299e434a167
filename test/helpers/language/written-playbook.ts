import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Problem, ProvisionError } from '../../../src/errors/problem.ts';
import { Evaluator, type TaskContext } from '../../../src/language/evaluate/evaluator.ts';
import type { HostMemory, HostValue } from '../../../src/language/evaluate/host-memory.ts';
import type { Playbook, Task, TaskNode } from '../../../src/language/model.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { filters, resources } from '../resources/all-resources.ts';

// Writes files into a directory of their own, gone when the test ends; gives the path of `site.yml`.
function written(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'provision-evaluate-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return join(directory, 'site.yml');
}

/** Loads `site.yml` of the given files. */
export function load(
  files: Readonly<Record<string, string>>,
  extraVars: readonly string[] = [],
): Promise<Playbook> {
  const file = written(files);
  const none = { inventories: [], limit: undefined, tags: [], skipTags: [] };
  return loadPlaybook(file, { ...none, extraVars, resources, filters });
}

/** The problems that loading `site.yml` must end with, with positions as `line:column+length`. */
export async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly Problem[]> {
  try {
    await load(files);
  } catch (error) {
    if (error instanceof ProvisionError) return error.problems;
    throw error;
  }
  return [];
}

// All tasks of a list, those in blocks too.
function tasksIn(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if ('task' in node) return [node.task];
    const { tasks, rescue, always } = node.block;
    return tasksIn([...tasks, ...rescue, ...always]);
  });
}

/** What each host remembers. */
export function memoriesOf(
  playbook: Playbook,
  known: Readonly<
    Record<string, { facts?: Record<string, unknown>; values?: Record<string, HostValue> }>
  > = {},
): ReadonlyMap<string, HostMemory> {
  const hosts = [...playbook.inventory.hosts.keys()];
  return new Map(
    hosts.map((host) => {
      const { facts = {}, values = {} } = known[host] ?? {};
      return [host, { facts: new Map(Object.entries(facts)), values: new Map(Object.entries(values)) }];
    }),
  );
}

/** A playbook's evaluator, and a way to evaluate its tasks by number. */
export function evaluating(playbook: Playbook, memories = memoriesOf(playbook), check = false) {
  const evaluator = new Evaluator(playbook, memories, resources, { check });
  const [play] = playbook.plays;
  if (!play) throw new Error('no play');
  const tasks = tasksIn(play.tasks);
  const at = (index: number): Task => {
    const task = tasks[index];
    if (!task) throw new Error(`no task ${index}`);
    return task;
  };
  const context = (host: string): TaskContext => ({ host, play, added: new Map() });
  return {
    evaluator,
    at,
    context,
    evaluate: (index: number, host = 'h1') => evaluator.evaluate(at(index), context(host)),
  };
}
