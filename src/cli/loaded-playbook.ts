import { ProvisionError } from '../errors/problem.ts';
import type { AskPrompt, Playbook } from '../language/model.ts';
import { loadPlaybook } from '../language/playbook-loader.ts';
import { Redactor } from '../report/redaction.ts';
import type { PlaybookOptions } from './command-options.ts';
import { reportProblems } from './problem-output.ts';
import type { Terminal } from './terminal.ts';
import { allFilters, allResources, type Tool } from './tool.ts';
import { vaultPasswords } from './vault-passwords.ts';

/**
 * Loads a playbook as the options say; reports the problems and gives undefined when there are any.
 * @param redactor is given what was encrypted
 * @param ask puts the questions of vars_prompt, where their answers matter
 */
export async function loadFor(
  file: string,
  options: PlaybookOptions,
  { version, domains, settings }: Tool,
  terminal: Terminal,
  redactor = new Redactor(),
  ask?: AskPrompt,
): Promise<Playbook | undefined> {
  try {
    const passwords = await vaultPasswords(options);
    for (const { password } of passwords) redactor.add(password);
    return await loadPlaybook(file, {
      vaultPasswords: passwords,
      hide: (secret) => redactor.add(secret),
      inventories: options.inventory ?? [],
      extraVars: options.extraVars ?? [],
      defaultInventories: defaultInventories(settings),
      rolesPath: rolesPath(settings),
      text: options.text,
      ask,
      limit: options.limit,
      limitName: options.limitName,
      startAtTask: options.startAtTask,
      login: { user: options.user, privateKey: options.privateKey },
      ...('forks' in options && typeof options.forks === 'number' && { forks: options.forks }),
      ...('diff' in options && { diff: options.diff === true }),
      verbose: options.verbose,
      tags: options.tags ?? [],
      skipTags: options.skipTags ?? [],
      resources: await allResources(domains),
      filters: await allFilters(domains),
    });
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    const problems = error.problems.map((problem) => redactor.event(problem));
    reportProblems(
      new ProvisionError(problems, error.sources),
      { playbook: file, version, json: options.json === true },
      terminal,
    );
    return undefined;
  }
}

/** Inventories for playbooks that have none: PROVISION_INVENTORY, else what provision.yml names. */
export function defaultInventories(
  settings: Tool['settings'],
  environment: NodeJS.ProcessEnv = process.env,
): readonly string[] {
  const { PROVISION_INVENTORY: named } = environment;
  if (named !== undefined && named !== '') return [named];
  const { inventory } = settings;
  return Array.isArray(inventory) ? inventory : [];
}

/** Folders of roles that provision.yml names. */
function rolesPath({ roles_path: named }: Tool['settings']): readonly string[] {
  return Array.isArray(named) ? named : [];
}
