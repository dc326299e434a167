import { relative } from 'node:path';
import { counted } from '../../report/host-list.ts';
import type { ImportedProject } from './project-import.ts';

const shownPlaces = 3;

/** Of all tasks those that are understood, in per cent with one digit; rounded down, for 100 means all. */
export function percentOf(accepted: number, tasks: number): number {
  return tasks === 0 ? 100 : Math.floor((1000 * accepted) / tasks) / 10;
}

/** Whether all of a project runs as it is. */
export function isComplete({ judgement }: ImportedProject): boolean {
  return judgement.obstacles.length === 0;
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** What a person reads of a project. */
export function importLines(project: ImportedProject): readonly string[] {
  const { directory, judgement, whole } = project;
  const short = (path: string) => relative(directory, path) || '.';
  const lines: string[] = [];
  const playbooks = judgement.files.filter(({ kind }) => kind === 'playbook');
  const files = judgement.files.filter(({ tasks, others }) => tasks + others > 0);
  const complete = files.filter(({ path, tasks, accepted, others, kind }) =>
    kind === 'playbook' ? whole.has(path) : tasks === accepted && others === 0,
  );
  const partly = files.filter((file) => !complete.includes(file));
  const row = ({ path, tasks, accepted, others }: (typeof files)[number]): readonly [string, string] => {
    const rest = others > 0 ? `, and ${counted(others, 'problem')} outside of them` : '';
    return [short(path), `${accepted} of ${counted(tasks, 'task')}${rest}`];
  };
  if (complete.length > 0) lines.push('Runs as it is:', ...table(complete.map(row)), '');
  if (partly.length > 0) lines.push('Does not run yet:', ...table(partly.map(row)), '');
  if (judgement.obstacles.length > 0) lines.push('What is in the way, the most frequent first:');
  for (const { message, hint, places, code } of judgement.obstacles) {
    const shown = places.slice(0, shownPlaces).map((place) => short(place));
    const more = places.length > shownPlaces ? `, and ${places.length - shownPlaces} more` : '';
    lines.push(`  ${Math.max(1, places.length)} x ${message} (${code})`);
    if (shown.length > 0) lines.push(`      at ${shown.join(', ')}${more}`);
    if (hint !== undefined) lines.push(`      instead: ${hint}`);
  }
  if (judgement.obstacles.length > 0) lines.push('');
  lines.push(...aboutSettings(project), ...aboutRequirements(project));
  if (project.warnings.length > 0) {
    lines.push('Accepted, with a warning:', ...project.warnings.map((warning) => `  ${warning}`), '');
  }
  const inventory =
    project.inventories.length > 0
      ? project.inventories.map(short).join(', ')
      : 'none found: give one with -i';
  const percent = percentOf(judgement.accepted, judgement.tasks);
  lines.push(
    `${percent} % of ${counted(judgement.tasks, 'task')} run as they are; ${whole.size} of ${counted(playbooks.length, 'playbook')} load whole; ${counted(project.roles.length, 'role')}; inventory: ${inventory}`,
  );
  return lines;
}

function aboutSettings({ settings }: ImportedProject): readonly string[] {
  if (settings.length === 0) return [];
  const carried = settings.flatMap(({ setting }) => setting ?? []);
  const open = settings.filter((one) => one.open);
  const lines: string[] = [];
  if (carried.length > 0)
    lines.push('For provision.yml, from ansible.cfg:', ...carried.map((line) => `  ${line}`), '');
  if (open.length > 0)
    lines.push(
      'Of ansible.cfg to be done by hand:',
      ...open.map(({ line, key, value, note }) => `  line ${line}: ${key} = ${value}: ${note}`),
      '',
    );
  return lines;
}

function aboutRequirements({ requirements }: ImportedProject): readonly string[] {
  const missing = requirements.filter(({ found }) => !found);
  if (missing.length === 0) return [];
  return [
    'Of requirements.yml not installed:',
    ...missing.map(({ kind, name }) => `  ${kind} ${name}`),
    '  next: ansible-galaxy install -r requirements.yml -p roles',
    '',
  ];
}

/** The same as data. */
export function importData(project: ImportedProject, version: string): object {
  const { directory, judgement, whole, settings, requirements, warnings, inventories, roles } = project;
  const short = (path: string) => relative(directory, path) || '.';
  return {
    type: 'import',
    version,
    directory,
    tasks: judgement.tasks,
    accepted: judgement.accepted,
    percent: percentOf(judgement.accepted, judgement.tasks),
    files: judgement.files.map((file) => ({
      ...file,
      path: short(file.path),
      ...(file.kind === 'playbook' && { whole: whole.has(file.path) }),
    })),
    roles: roles.map(({ name }) => name),
    inventories: inventories.map(short),
    problems: judgement.obstacles.map((one) => ({ ...one, places: one.places.map(short) })),
    settings,
    requirements,
    warnings,
  };
}
