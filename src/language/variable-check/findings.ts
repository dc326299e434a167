import type { Position, Problem } from '../../errors/problem.ts';
import type { Playbook } from '../model.ts';
import { displayPath } from '../source/loading/loading.ts';
import { type Visit, visits } from './registered-variables.ts';

/** What a role says of a variable that it declares. */
export interface Declaration {
  readonly role: string;
  readonly description: string | undefined;
}

/** A variable without a value, and which of the hosts that come to the task lack it. */
export interface Missing {
  readonly name: string;
  readonly hosts: readonly string[];
  /** They are all that come to it. */
  readonly everywhere: boolean;
}

/** Something that is wrong with a name at one place. */
export interface Finding {
  readonly problem: Problem & { readonly at: Position };
  readonly visit: Visit;
  /** Findings of the same cause are one problem. */
  readonly cause: string;
  readonly missing?: Missing;
}

/** What joining findings needs to know. */
export interface Joining {
  readonly playbook: Playbook;
  readonly declared: ReadonlyMap<string, Declaration>;
  /** What to do about a variable that a role declares and nothing sets. */
  advice(name: string): string;
}

/** Order of files, lines and columns. */
export function byPlace({ at: a }: Problem, { at: b }: Problem): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
}

function placeText({ problem: { at } }: Finding): string {
  return `${at.file}:${at.line}:${at.column}`;
}

// Roles, and playbooks that come with provision, are asked for by a file of the user.
function ownFiles(playbook: Playbook): (file: string) => boolean {
  const imported = new Set<string>();
  const directories = new Set<string>();
  for (const { play, task } of visits(playbook)) {
    if (play.importedAt) imported.add(play.at.file);
    if (task.role) directories.add(`${displayPath(task.role.directory)}/`);
  }
  return (file) => !imported.has(file) && ![...directories].some((directory) => file.startsWith(directory));
}

function distinctPlaces(group: readonly Finding[]): readonly Finding[] {
  const places = new Map(group.map((finding) => [placeText(finding), finding]));
  return [...places.values()].sort((a, b) => byPlace(a.problem, b.problem));
}

function messageOf({ problem, missing }: Finding, group: readonly Finding[]): string {
  if (!missing || group.every((finding) => finding.missing?.everywhere)) return problem.message;
  const hosts = [...new Set(group.flatMap((finding) => finding.missing?.hosts ?? []))];
  const shown = hosts.slice(0, 5).join(', ');
  return `${problem.message} for ${shown}${hosts.length > 5 ? ` and ${hosts.length - 5} more` : ''}`;
}

function withOthers(problem: Problem, others: readonly Finding[]): Problem {
  if (others.length === 0) return problem;
  const shown = others.slice(0, 3).map(placeText).join(', ');
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  const same = `the same in ${shown}${more}`;
  return { ...problem, why: problem.why === undefined ? same : `${problem.why}; ${same}` };
}

// What a role wants of the user is reported where the user asks for the role, in the role's own words.
function wanted(
  { visit, missing }: Finding,
  { role, description }: Declaration,
  places: readonly Finding[],
  message: string,
  advice: string,
): Problem {
  const says = description === undefined ? '' : `role ${role}: ${description}; `;
  const [first] = places;
  const where = first ? placeText(first) : '';
  const needed =
    places.length === 1 ? `needed in ${where}` : `needed in ${places.length} places, first in ${where}`;
  return {
    code: 'unknown-variable',
    message,
    at: visit.play.importedAt ?? visit.task.role?.askedAt ?? visit.task.at,
    why: says + needed,
    hint: missing?.everywhere ? advice : 'give it a value for these hosts too',
  };
}

/** One problem for each cause, however many places suffer from it: in the user's own file where that can be. */
export function joinedFindings(findings: readonly Finding[], joining: Joining): readonly Problem[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    groups.set(finding.cause, [...(groups.get(finding.cause) ?? []), finding]);
  }
  if (groups.size === 0) return [];
  const isOwn = ownFiles(joining.playbook);
  return [...groups.values()].flatMap((group) => {
    const places = distinctPlaces(group);
    const own = places.find(({ problem }) => isOwn(problem.at.file));
    const first = own ?? places[0];
    if (!first) return [];
    const message = messageOf(first, group);
    const name = first.missing?.name ?? '';
    const declaration = joining.declared.get(name);
    if (declaration && !own) {
      const earliest = group.reduce((a, b) => (b.visit.order < a.visit.order ? b : a));
      return [wanted(earliest, declaration, places, message, joining.advice(name))];
    }
    const others = places.filter((place) => place !== first);
    return [withOthers({ ...first.problem, message }, others)];
  });
}
