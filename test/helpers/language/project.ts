import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ProvisionError } from '../../../src/errors/problem.ts';
import type { LoadOptions } from '../../../src/language/load-options.ts';
import type { Playbook, Task, TaskNode } from '../../../src/language/model.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { testResources } from './test-resources.ts';

// Names that tests use without caring for their values.
const defined = {
  'host_vars/localhost.yml': 'a: 1\nb: 1\nx: i\nu: root\ns: s\nany: x\ninner: 1\nouter: 1\nlist: []\n',
};

/** Files of a test, gone with it. */
function project(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'provision-load-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, text] of Object.entries({ ...defined, ...files })) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

/** Loads `playbook.yml` of some files. */
export function load(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
  name = 'playbook.yml',
): Promise<Playbook> {
  const none = {
    inventories: [],
    extraVars: [],
    limit: undefined,
    tags: [],
    skipTags: [],
    filters: new Map(),
  };
  return loadPlaybook(join(project(files), name), { ...none, resources: testResources, ...options });
}

/** The messages of a load that fails. */
export async function messages(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<readonly string[]> {
  try {
    await load(files, options);
  } catch (error) {
    if (error instanceof ProvisionError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

/** All tasks of a list in order, blocks opened. */
export function flat(nodes: readonly TaskNode[] | undefined): readonly Task[] {
  return (nodes ?? []).flatMap((node) => {
    if ('task' in node) return [node.task];
    return [node.block.tasks, node.block.rescue, node.block.always].flatMap(flat);
  });
}

/** Tasks of the first play that are not flushes. */
export function tasksOf(playbook: Playbook): readonly Task[] {
  return flat(playbook.plays[0]?.tasks).filter(({ id }) => !id.includes('.flush.'));
}
