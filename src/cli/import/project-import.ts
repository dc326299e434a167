import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { type Problem, ProvisionError } from '../../errors/problem.ts';
import { loadPlaybook } from '../../language/playbook-loader.ts';
import { allFilters, allResources, type Tool } from '../tool.ts';
import { type CarriedSetting, readAnsibleCfg } from './ansible-cfg.ts';
import { type ProjectFiles, type ProjectRole, projectFiles, usualInventories } from './project-files.ts';
import { type Judgement, judge } from './project-judgement.ts';
import { type Requirement, readRequirements } from './requirements.ts';

/** All that is known of a project of Ansible's. */
export interface ImportedProject {
  readonly directory: string;
  readonly inventories: readonly string[];
  /** Playbooks that load as they are. */
  readonly whole: ReadonlySet<string>;
  readonly roles: readonly ProjectRole[];
  readonly judgement: Judgement;
  /** What is accepted, and said to fail on a host that comes to it, or to mean something else. */
  readonly warnings: readonly string[];
  readonly settings: readonly CarriedSetting[];
  readonly requirements: readonly Requirement[];
}

/** Reads a project and loads each of its playbooks and roles; no host is connected to. */
export async function importProject(directory: string, { domains }: Tool): Promise<ImportedProject> {
  const found = projectFiles(directory);
  const cfg =
    found.configuration === undefined
      ? { settings: [], inventories: [], rolesPath: [] }
      : readAnsibleCfg(found.configuration, readFileSync(found.configuration, 'utf8'));
  const named = cfg.inventories.filter((path) => existsSync(path));
  const inventories = named.length > 0 ? named : usualInventories(directory);
  const resources = await allResources(domains);
  const filters = await allFilters(domains);
  const warnings = new Set<string>();
  const load = async (file: string, text?: string): Promise<readonly Problem[]> => {
    try {
      const playbook = await loadPlaybook(file, {
        ...{
          inventories: named,
          rolesPath: cfg.rolesPath,
          extraVars: [],
          limit: undefined,
          tags: [],
          skipTags: [],
          resources,
          filters,
        },
        ...(text !== undefined && { text }),
      });
      for (const warning of [...playbook.warnings, ...playbook.checkWarnings]) warnings.add(warning);
      return [];
    } catch (error) {
      if (error instanceof ProvisionError) return error.problems;
      throw error;
    }
  };
  const problems: Problem[] = [];
  const whole = new Set<string>();
  for (const file of found.playbooks) {
    const own = await load(file);
    if (own.length === 0) whole.add(file);
    problems.push(...own);
  }
  for (const role of found.roles) problems.push(...(await loadRole(role, found, load)));
  return {
    directory,
    inventories,
    whole,
    roles: found.roles,
    judgement: judge(found.tasks, distinct(problems)),
    warnings: [...warnings],
    settings: cfg.settings,
    requirements: found.requirements.flatMap((file) =>
      readRequirements(directory, file, readFileSync(file, 'utf8')),
    ),
  };
}

// Each of its files of tasks, in a playbook that nobody wrote: what a user of the role passes to it, and which other roles have handlers, is not known here.
async function loadRole(
  { name, directory }: ProjectRole,
  { tasks }: ProjectFiles,
  load: (file: string, text: string) => Promise<readonly Problem[]>,
): Promise<readonly Problem[]> {
  const top = join(directory, 'tasks');
  const own = tasks.filter(({ path, kind }) => kind === 'tasks' && path.startsWith(`${top}/`));
  const file = join(dirname(dirname(directory)), `.import-of-${basename(directory)}.yml`);
  const play = {
    name: 'import',
    hosts: 'all',
    roles: [name],
    tasks: own.map(({ path }) => ({ name: path, include_role: { name, tasks_from: relative(top, path) } })),
  };
  const problems = await load(file, JSON.stringify([play]));
  const passed = new Set(['unknown-variable', 'missing-variable', 'undefined-variable', 'unknown-handler']);
  return problems.filter(
    ({ code, at }) => !passed.has(code) && at !== undefined && !at.file.includes('.import-of-'),
  );
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [
    ...new Map(problems.map((problem) => [JSON.stringify([problem.message, problem.at]), problem])).values(),
  ];
}
