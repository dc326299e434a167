import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { type Problem, ProvisionError } from '../errors/problem.ts';
import { unknownDelegates } from './checks/delegate-hosts.ts';
import { earlyChecks } from './checks/early-checks.ts';
import { selectHosts } from './inventory/host-pattern.ts';
import { loadInventory } from './inventory/inventory-load.ts';
import type { LoadOptions } from './load-options.ts';
import type { Grown, Host, Inventory, Joining, Playbook, RunWords } from './model.ts';
import { readExtraVars } from './playbook/extra-vars.ts';
import { joiningTasks, mayJoin } from './playbook/joining-tasks.ts';
import { tagProblems } from './playbook/known-tags.ts';
import { withLogin } from './playbook/login-defaults.ts';
import { noHostWarnings } from './playbook/no-hosts.ts';
import { buildPlay } from './playbook/play-builder.ts';
import { withPlayConnections } from './playbook/play-connection.ts';
import { playHosts, UnknownHosts, withLocalhost } from './playbook/play-hosts.ts';
import { readPlaybook } from './playbook/playbook-file.ts';
import { startAt } from './playbook/start-at-task.ts';
import { askPrompts } from './playbook/vars-prompt.ts';
import { declaredVariables, roleVariableProblems, typedExtraVars } from './roles/role-variables.ts';
import { Loading, placeKey } from './source/loading/loading.ts';
import { Vault } from './source/vault/vault.ts';
import { rolesWithPlace, withoutOwnChecks } from './tasks/check-list.ts';
import { checkVariables } from './variable-check/variable-check.ts';

function limitedHosts(
  loading: Loading,
  inventory: Inventory,
  { limit, limitName = '--limit ' }: LoadOptions,
  mayJoin: (name: string) => boolean,
): ReadonlySet<string> {
  if (limit === undefined) return new Set(inventory.hosts.keys());
  const { hosts, problems } = selectHosts(inventory, limit);
  for (const problem of problems) {
    if (problem.absent !== undefined && mayJoin(problem.absent)) continue;
    loading.remark({ code: 'unknown-host', ...problem, message: `${limitName}${limit}: ${problem.message}` });
  }
  return new Set(hosts.map(({ name }) => name));
}

function distinct(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}

function rolesPathOf({ rolesPath = [] }: LoadOptions): readonly string[] {
  return rolesPath.map((folder) => resolve(folder.replace(/^~(?=\/|$)/, homedir())));
}

/**
 * Reads and checks a playbook with everything it names; nothing is connected to.
 * Throws a ProvisionError with every problem of all files at once.
 */
export async function loadPlaybook(file: string, options: LoadOptions): Promise<Playbook> {
  const vault = new Vault(options.vaultPasswords ?? [], options.hide ?? (() => {}));
  const loading = new Loading(options.resources, vault, rolesPathOf(options));
  const path = resolve(file);
  const directory = dirname(path);
  const given = readExtraVars(loading, options.extraVars);
  if (options.text !== undefined) loading.parse(path, options.text);
  const written = readPlaybook(loading, path);
  // Of a playbook that could not be read nothing is known that the command line could name.
  const readable = loading.problems.length === 0;
  const asking = written.plays.map(({ node }) => node);
  const answers = await askPrompts(loading, asking, given, options.ask);
  const before = loading.problems.length;
  const { inventory: listed, growing } = loadInventory(
    loading,
    inventoriesOf(options, written.inventory),
    written.inventory,
    directory,
  );
  const sound = loading.problems.length === before;
  const unknown = sound ? new UnknownHosts() : undefined;
  const selected = written.plays.map((play) => ({
    ...play,
    hosts: playHosts(loading, listed, play, given, unknown),
  }));
  if (listed.hosts.size === 0 && selected.some(({ hosts }) => hosts.length > 0)) unknown?.goOnWithout();
  const built = selected.map((play, index) =>
    buildPlay(loading, {
      ...{ ...play, answers, extraVars: given },
      index: index + 1,
      hosts: play.hosts.map(({ name }) => name),
    }),
  );
  const joining = joiningTasks(built);
  const joins = (name: string) => mayJoin(joining, name);
  loading.report(...(unknown?.problems(joins) ?? []));
  loading.warnings.push(...(unknown?.warnings(joins) ?? []));
  const placed = rolesWithPlace(built.map(({ tasks }) => tasks));
  const plays = built.map((play) => ({ ...play, tasks: withoutOwnChecks(play.tasks, placed) }));
  const reachable = (from: Inventory, addressed: readonly (readonly Host[])[]): Inventory => {
    const withLocal = withLocalhost(from, addressed.flat(), plays);
    const connecting = written.plays.map(({ node }, index) => ({
      node,
      hosts: (addressed[index] ?? []).map(({ name }) => name),
    }));
    return withLogin(withPlayConnections(loading, withLocal, connecting), options.login ?? {});
  };
  const inventory = reachable(
    listed,
    selected.map(({ hosts }) => hosts),
  );
  if (sound && listed.hosts.size > 0) loading.remark(...unknownDelegates(plays, inventory, joins));
  const extraVars = typedExtraVars(loading, plays, given);
  const uses = { plays, directory, inventory, extraVars };
  const ofRoles = roleVariableProblems(loading, uses);
  loading.remark(...ofRoles.problems);
  const limits = readable ? options : { ...options, limit: undefined };
  const limited = limitedHosts(loading, inventory, limits, joins);
  const growable = joining.length > 0 ? growing() : undefined;
  const grown = (joined: readonly Joining[]): Grown => {
    const from = growable?.grown(joined) ?? listed;
    const addressed = written.plays.map((play) => playHosts(loading, from, play, given, undefined));
    const now = reachable(from, addressed);
    const hosts = addressed.map((list, index) => [index + 1, list.map(({ name }) => name)] as const);
    return { inventory: now, limited: limitedHosts(loading, now, limits, joins), hosts: new Map(hosts) };
  };
  if (readable)
    loading.remark(
      ...tagProblems(plays, '--tags', options.tags),
      ...tagProblems(plays, '--skip-tags', options.skipTags),
    );
  const awaited =
    joining.length === 0 ? plays : plays.filter(({ index, hosts }) => index === 1 || hosts.length > 0);
  loading.warnings.push(...noHostWarnings({ plays: awaited, inventory, limited }, options.limit));
  const { sources, warnings } = loading;
  const mentioned = new Set<string>();
  const { filters } = options;
  const checkWarnings: string[] = [];
  const playbook = {
    ...{ file, directory, inventory, plays, extraVars, limited, mentioned },
    vault,
    ...(growable && { growth: { with: grown, mayJoin: joins, layers: growable.layers } }),
    words: wordsOf(options, written.inventory),
    ...{ filters, sources, warnings, checkWarnings },
  };
  if (loading.whole) {
    const onFile = (name: string, text: string) => loading.sources.set(name, text);
    const onMention = (name: string) => mentioned.add(name);
    const onWarning = (message: string) => loading.warnings.push(message);
    const declared = declaredVariables(loading, plays);
    const places = new Set(loading.problems.flatMap(({ at }) => (at ? [placeKey(at)] : [])));
    const reported = { names: ofRoles.missing, places };
    const context = { declared, reported, onFile, onMention, onWarning };
    loading.remark(...checkVariables(playbook, options.resources, context));
    const early = earlyChecks(playbook, options);
    loading.remark(...early.problems);
    checkWarnings.push(...early.warnings);
  }
  const { startAtTask } = options;
  const begun = startAtTask === undefined || !readable ? { plays } : startAt(plays, startAtTask);
  if ('problem' in begun) loading.remark(begun.problem);
  if (loading.problems.length > 0 || 'problem' in begun)
    throw new ProvisionError(distinct(loading.problems), sources);
  return { ...playbook, plays: begun.plays };
}

function wordsOf(options: LoadOptions, own: unknown): RunWords {
  const { tags, skipTags, limit, forks = 25, diff = false, verbose = false } = options;
  const sources = inventoriesOf(options, own);
  const inventories = sources.map((source) => (source.includes(',') ? source : resolve(source)));
  return { tags, skipTags, limit, inventories, forks, diff, verbosity: Number(verbose) };
}

// The playbook's own inventory is nearer than what is set for all playbooks.
function inventoriesOf(options: LoadOptions, own: unknown): readonly string[] {
  const { inventories, defaultInventories = [] } = options;
  return inventories.length > 0 || own ? inventories : defaultInventories;
}
