import { didYouMean, nearest } from '../../errors/did-you-mean.ts';
import { functionNames } from '../../jinja/expression/functions.ts';
import { isConnectionVariable, magicNames, ordinaryNames } from '../evaluate/magic-variables.ts';
import type { Layers } from '../evaluate/scope-layers.ts';
import type { Playbook, Source, VariableLayer } from '../model.ts';
import type { Candidate } from './candidates.ts';
import { factAdvice, isFact } from './facts.ts';
import type { Declaration } from './findings.ts';
import { type RegisteredVariables, type Visit, withLoop } from './registered-variables.ts';

/** Names that every host has at any time. */
export const always: ReadonlySet<string> = new Set([...magicNames, ...functionNames, ...ordinaryNames]);

function firstOf(name: string, layers: readonly VariableLayer[]): Source | undefined {
  for (const { variables } of layers) {
    const source = variables.get(name);
    if (source) return source;
  }
  return undefined;
}

/** Which names have a value, where it comes from, and what may have been meant by one that has none. */
export class KnownNames {
  readonly #playbook: Playbook;
  readonly #registered: RegisteredVariables;
  readonly #declared: ReadonlyMap<string, Declaration>;
  readonly #sources = new WeakMap<Layers, Map<string, Source | undefined>>();

  /** @param declared variables that roles declare */
  constructor(
    playbook: Playbook,
    registered: RegisteredVariables,
    declared: ReadonlyMap<string, Declaration>,
  ) {
    this.#playbook = playbook;
    this.#declared = declared;
    this.#registered = registered;
  }

  /** Whether every host has the name at any time. */
  isEverywhere(name: string): boolean {
    return always.has(name);
  }

  /** Whether a host that comes to a task has the name, or may have it by then. */
  isKnown(name: string, visit: Visit, { host, layers }: Candidate): boolean {
    if (this.source(name, layers) || this.#mayJoin(name) || this.#registered.isKnown(name, visit, host))
      return true;
    return (
      name.startsWith('ansible_') && !isConnectionVariable(name) && isFact(name.slice('ansible_'.length))
    );
  }

  // A host of a group that tasks make may have its variables.
  #mayJoin(name: string): boolean {
    return this.#playbook.growth?.layers.some(({ variables }) => variables.has(name)) === true;
  }

  /** What the files say of a name; undefined when they say nothing. */
  source(name: string, layers: Layers): Source | undefined {
    const known = this.#sources.get(layers) ?? new Map<string, Source | undefined>();
    this.#sources.set(layers, known);
    if (known.has(name)) return known.get(name);
    const source =
      this.#playbook.extraVars.variables.get(name) ??
      firstOf(name, layers.aboveMemory) ??
      firstOf(name, layers.aboveFacts) ??
      firstOf(name, layers.belowFacts);
    known.set(name, source);
    return source;
  }

  /** Whether hosts may give a fact of this name, or tasks set one. */
  isFact(name: string): boolean {
    return isFact(name) || this.#registered.has(name);
  }

  /** What to do about a name that nothing gives a value. */
  advice(name: string, visit: Visit, candidates: readonly Candidate[]): string | undefined {
    const later = this.#registered.later(name, visit);
    if (later) {
      const task = later.name ?? later.resource;
      return later === visit.task
        ? 'the task itself sets it: it is not known before the task has run'
        : `only a later task sets it: '${task}' in ${later.at.file}:${later.at.line}`;
    }
    if (name === visit.task.loopVar && !visit.task.loop) return 'the task has no loop';
    if (name === 'ansible_loop') return 'add loop_control: {extended: true} to the task that loops';
    if (name.startsWith('ansible_')) return factAdvice(name.slice('ansible_'.length), 'ansible_');
    const layers = candidates.flatMap((candidate) => [
      ...candidate.layers.aboveMemory,
      ...candidate.layers.aboveFacts,
      ...candidate.layers.belowFacts,
    ]);
    const names = [...new Set([this.#playbook.extraVars, ...layers])].flatMap(({ variables }) => [
      ...variables.keys(),
    ]);
    const others = [...this.#declared.keys()].filter((other) => other !== name);
    return didYouMean(
      name,
      new Set([
        ...names,
        ...others,
        ...this.#registered.names(),
        ...withLoop(visit.task, visit.locals),
        ...always,
      ]),
    );
  }

  /** What to do about a variable that a role declares and nothing sets. */
  adviceOfDeclared(name: string): string {
    const layers = [...this.#hostLayers(), ...this.#playbook.plays.flatMap(({ vars }) => vars)];
    const unread = layers
      .flatMap(({ variables }) => [...variables])
      .filter(([other]) => !this.#declared.has(other) && !this.#playbook.mentioned.has(other));
    const near = nearest(
      name,
      unread.map(([other]) => other),
    );
    const at = unread.find(([other]) => other === near)?.[1].at();
    return at
      ? `did you mean it by '${near}' in ${at.file}:${at.line}? Nothing reads that name`
      : `set it in the inventory, in vars of the play, or with -e ${name}=...`;
  }

  /** Whether `hostvars` has the name for some host. */
  isOfAHost(name: string): boolean {
    if (magicNames.includes(name) || this.#registered.has(name)) return true;
    if (name.startsWith('ansible_') && isFact(name.slice('ansible_'.length))) return true;
    return this.#hostLayers().some(({ variables }) => variables.has(name)) || isConnectionVariable(name);
  }

  /** What to do about a name that `hostvars` has for no host. */
  adviceOfHosts(name: string, candidates: readonly Candidate[]): string | undefined {
    if (candidates.some(({ layers }) => this.source(name, layers)))
      return 'hostvars holds inventory variables, facts and registered values, not those of plays and roles';
    const names = this.#hostLayers().flatMap(({ variables }) => [...variables.keys()]);
    return didYouMean(name, [...names, ...this.#registered.names()]);
  }

  #hostLayers(): readonly VariableLayer[] {
    const hosts = [...this.#playbook.inventory.hosts.values()];
    const joining = this.#playbook.growth?.layers ?? [];
    return [this.#playbook.extraVars, ...hosts.flatMap((host) => host.layers), ...joining];
  }
}
