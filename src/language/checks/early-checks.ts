import type { Position, Problem } from '../../errors/problem.ts';
import { usesOfExpression } from '../../jinja/expression/expression-uses.ts';
import { expressionOf } from '../../jinja/template/template.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { type CheckFinding, findingText, type RoleCheck } from '../../resources/check-finding.ts';
import { conditionExpression, firstFalse } from '../evaluate/condition.ts';
import { FileCache } from '../evaluate/file-cache.ts';
import { checksIn, judgedCheck } from '../evaluate/judged-check.ts';
import { Scope } from '../evaluate/scope.ts';
import { layersOf } from '../evaluate/scope-layers.ts';
import { NotKnowable, Waits } from '../evaluate/scope-signal.ts';
import { TaskFiles } from '../evaluate/task-files.ts';
import type { Play, Playbook, Source, Task, TaskNode } from '../model.ts';
import { isSelected } from '../tag-selection.ts';
import { worldBefore } from '../variable-check/candidates.ts';
import { namesIn, userPlace } from './user-place.ts';

/** What checks of roles say before the first connection. */
export interface EarlyFindings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

interface Found {
  readonly finding: CheckFinding;
  readonly check: Source;
  readonly role: string;
  readonly at: Position;
  readonly hosts: string[];
}

// Those of includes are left to the run: who comes to them is not known from the files alone.
function checkTasks(nodes: readonly TaskNode[]): readonly Task[] {
  return nodes.flatMap((node) => {
    if ('block' in node) return checkTasks(node.block.tasks);
    return node.task.resource === 'role_checks' ? [node.task] : [];
  });
}

/** Gives nothing for what only the run can know, and for names that are reported already. */
function early<T>(judge: () => T): T | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Waits || error instanceof NotKnowable) return undefined;
    if (error instanceof TemplateError && error.code === 'undefined-variable') return undefined;
    throw error;
  }
}

function placeOf(check: Source, playbook: Playbook, play: Play, task: Task, host: string): Position {
  const { refuse, warn, file } = check.value as RoleCheck;
  const condition = refuse ?? warn;
  const names =
    condition === undefined
      ? namesIn(file)
      : usesOfExpression(expressionOf(conditionExpression(condition))).names.map(({ name }) => name);
  const layers = layersOf(playbook.inventory.hosts.get(host), play, task);
  return userPlace(names, playbook.extraVars, layers) ?? check.at();
}

/** Judges the checks of all roles as far as nothing of a host need be known; the rest is judged in the run. */
export function earlyChecks(
  playbook: Playbook,
  { tags, skipTags }: { readonly tags: readonly string[]; readonly skipTags: readonly string[] },
): EarlyFindings {
  const world = worldBefore(playbook);
  const cache = new FileCache(playbook.vault);
  const found = new Map<string, Found>();
  const broken: Problem[] = [];
  const judge = (play: Play, task: Task, host: string): void => {
    const files = new TaskFiles(cache, task.searchPath, playbook.directory);
    const scope = new Scope(world, { host, play, task, added: new Map(), locals: new Map(), files });
    if (early(() => firstFalse(task.when, scope, playbook) ?? 'comes') !== 'comes') return;
    for (const check of checksIn(task.args, 'checks')) {
      try {
        const finding = early(() => judgedCheck(check, { scope, playbook, files }));
        if (!finding) continue;
        const at = placeOf(check, playbook, play, task, host);
        const key = JSON.stringify([finding, at, check.at()]);
        const role = task.role?.name ?? '';
        const one = found.get(key) ?? { finding, check, role, at, hosts: [] };
        found.set(key, one);
        if (!one.hosts.includes(host)) one.hosts.push(host);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        broken.push(error.problem(check.at()));
      }
    }
  };
  for (const play of playbook.plays) {
    for (const task of checkTasks(play.tasks)) {
      if (!isSelected(task.tags, tags, skipTags)) continue;
      for (const host of play.hosts) if (playbook.limited.has(host)) judge(play, task, host);
    }
  }
  const of = (kind: CheckFinding['kind']) =>
    [...found.values()].filter(({ finding }) => finding.kind === kind);
  return {
    problems: [...of('refuse').map(problemOf), ...broken],
    warnings: of('warn').map(({ finding, hosts }) => `${hostList(hosts)}: ${findingText(finding)}`),
  };
}

function hostList(hosts: readonly string[]): string {
  const shown = hosts.length > 5 ? [...hosts.slice(0, 5), `${hosts.length - 5} more`] : hosts;
  return shown.join(', ');
}

function problemOf({ finding, check, role, at, hosts }: Found): Problem {
  const place = check.at();
  return {
    code: 'refused-settings',
    message: finding.message,
    at,
    why: `on ${hostList(hosts)}: the role ${role} checks it in ${place.file}:${place.line}`,
    ...(finding.fix !== undefined && { hint: finding.fix }),
  };
}
