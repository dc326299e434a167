import { nearest } from '../../errors/did-you-mean.ts';
import type { Position, Problem } from '../../errors/problem.ts';
import { isTemplate } from '../../jinja/values/template-marks.ts';
import { selectHosts } from '../inventory/host-pattern.ts';
import { implicitLocalhost, localNames } from '../inventory/inventory.ts';
import type { Host, Inventory, Play, VariableLayer } from '../model.ts';
import type { Loading } from '../source/loading/loading.ts';
import type { YamlNode } from '../source/yaml/yaml-node.ts';
import { allTasks, nodesOf } from '../task-walk.ts';

const simple = /\{\{\s*([A-Za-z_]\w*)\s*(?:\|\s*default\(\s*(?:'([^']*)'|"([^"]*)")\s*\)\s*)?\}\}/g;

/** `hosts` may name extra variables, the only ones known before there are hosts: `{{ target | default('all') }}`. */
function rendered(
  loading: Loading,
  text: string,
  node: YamlNode,
  extraVars: VariableLayer,
): string | undefined {
  const unknown: string[] = [];
  const result = text.replaceAll(simple, (_, name: string, single?: string, double?: string) => {
    const value = extraVars.variables.get(name)?.value ?? single ?? double;
    if (value === undefined) unknown.push(name);
    return String(value ?? '');
  });
  if (unknown.length === 0 && !isTemplate(result)) return result;
  const meant = unknown[0] && nearest(unknown[0], extraVars.variables.keys());
  loading.report({
    code: 'unknown-variable',
    message: unknown[0]
      ? `'hosts' uses the variable '${unknown[0]}', which is not set`
      : "'hosts' is too complicated a template",
    at: node.position,
    why: 'before there are hosts, only variables from the command line are known',
    hint: meant
      ? `did you mean '${meant}'?`
      : unknown[0]
        ? `pass it with -e ${unknown[0]}=..., or add | default('...')`
        : "use {{ name }} or {{ name | default('...') }}",
  });
  return undefined;
}

/** A play as written, and where the user's playbook imports it, when it comes with provision. */
interface HostsPlay {
  readonly node: YamlNode;
  readonly importedAt: Position | undefined;
}

interface UnknownHost {
  readonly problem: Problem;
  readonly places: Set<string>;
  readonly absent: string | undefined;
}

/** Hosts and groups that plays name and the inventory lacks: each is one problem, however many plays name it. */
export class UnknownHosts {
  readonly #found = new Map<string, UnknownHost>();
  readonly #ignored: { readonly message: string; readonly absent: string | undefined }[] = [];

  /**
   * @param named where a play names it
   * @param absent the host or group, if it is one
   */
  add(problem: Problem, named: Position, absent: string | undefined): void {
    const found = this.#found.get(problem.message) ?? { problem, places: new Set(), absent };
    this.#found.set(problem.message, found);
    found.places.add(placeText(named));
  }

  /** A playbook that addresses others goes on without these: where there is no inventory nobody could have listed them. */
  goOnWithout(): void {
    for (const [key, { problem, absent }] of this.#found) {
      if (absent === undefined || !problem.at) continue;
      this.#found.delete(key);
      this.ignore(unlisted(problem.at, problem.message), absent);
    }
  }

  /** Notes what a play goes on without. */
  ignore(message: string, absent: string | undefined): void {
    this.#ignored.push({ message, absent });
  }

  /** @param mayJoin whether tasks of the playbook may bring a host or group of that name */
  warnings(mayJoin: (name: string) => boolean): readonly string[] {
    return this.#ignored.flatMap(({ message, absent }) =>
      absent !== undefined && mayJoin(absent) ? [] : [message],
    );
  }

  /** @param mayJoin as above */
  problems(mayJoin: (name: string) => boolean): readonly Problem[] {
    const missing = [...this.#found.values()].filter(
      ({ absent }) => absent === undefined || !mayJoin(absent),
    );
    return missing.map(({ problem, places }) => {
      const others = [...places].filter((place) => !problem.at || place !== placeText(problem.at));
      if (others.length === 0) return problem;
      const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
      const too = others.length < places.size ? ' too' : '';
      return { ...problem, why: `named in ${others.slice(0, 3).join(', ')}${more}${too}` };
    });
  }
}

function unlisted(at: Position, message: string): string {
  return `${placeText(at)}: ${message}, the play goes on without it`;
}

function placeText({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

// What is shuffled comes as the inventory has it: that is one of the orders that were asked for.
function ordered(hosts: readonly Host[], order: unknown): readonly Host[] {
  const byName = [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (order === 'sorted') return byName;
  if (order === 'reverse_sorted') return byName.reverse();
  return order === 'reverse_inventory' ? [...hosts].reverse() : hosts;
}

/** Hosts of a play; `unknown` is given those that are not there, unless the inventory is too broken to say. */
export function playHosts(
  loading: Loading,
  inventory: Inventory,
  { node, importedAt }: HostsPlay,
  extraVars: VariableLayer,
  unknown: UnknownHosts | undefined,
): readonly Host[] {
  const value = node.get('hosts');
  if (!value || value.value === null) return [];
  const parts = value.isList() ? value.items() : [value];
  const texts = parts.map((part) => ({
    part,
    text: rendered(loading, String(part.value ?? ''), part, extraVars),
  }));
  const known = texts.flatMap(({ text }) => (text === undefined ? [] : [text]));
  if (known.length < texts.length) return [];
  for (const { part, text } of unknown ? texts : []) {
    for (const problem of selectHosts(inventory, text ?? '').problems) {
      const at = importedAt ?? part.position;
      if (problem.ignored) unknown?.ignore(unlisted(at, problem.message), problem.absent);
      else
        unknown?.add(
          { code: 'unknown-host', at, message: problem.message, ...(problem.hint && { hint: problem.hint }) },
          part.position,
          problem.absent,
        );
    }
  }
  return ordered(selectHosts(inventory, known.join(',')).hosts, node.get('order')?.value);
}

/** The inventory with the control node in it, when plays or delegations name it without the inventory doing so. */
export function withLocalhost(
  inventory: Inventory,
  hosts: readonly Host[],
  plays: readonly Play[],
): Inventory {
  const delegates = [...allTasks(nodesOf(plays))].flatMap(({ delegateTo }) =>
    delegateTo ? [delegateTo.value] : [],
  );
  const named = delegates.filter((name) => localNames.includes(String(name)));
  // A template may turn out to be localhost.
  const possible = delegates.some(isTemplate) ? ['localhost'] : [];
  const wanted = [...hosts.map(({ name }) => name), ...named.map(String), ...possible];
  const missing = [...new Set(wanted)].filter(
    (name) => localNames.includes(name) && !inventory.hosts.has(name),
  );
  if (missing.length === 0) return inventory;
  const added = missing.map((name) => [name, implicitLocalhost(name, inventory)] as const);
  return { ...inventory, hosts: new Map([...inventory.hosts, ...added]) };
}
