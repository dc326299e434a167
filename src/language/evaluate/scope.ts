import { didYouMean } from '../../errors/did-you-mean.ts';
import type { IncludedTemplate, TemplateEnvironment } from '../../jinja/template/template-environment.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { Undefined } from '../../jinja/values/undefined.ts';
import type { Mapping } from '../../jinja/values/value.ts';
import type { FileChoice, Playbook, Source, VariableLayer } from '../model.ts';
import { chosenFile } from './chosen-file.ts';
import type { HostMemory } from './host-memory.ts';
import { locatedFor } from './located-file.ts';
import {
  factsOf,
  isConnectionVariable,
  isMagic,
  isOpenToAll,
  magicNames,
  magicValue,
  ordinaryValue,
} from './magic-variables.ts';
import type { Reads } from './reads.ts';
import { circleError } from './recursive-variable.ts';
import { type Layers, layersOf } from './scope-layers.ts';
import { NotKnowable, Waits } from './scope-signal.ts';
import { hostvarsView, varsView } from './scope-views.ts';
import type { ScopePlace, ScopeWorld } from './scope-world.ts';
import { evaluateSource } from './source-value.ts';

/** What a scope shares with those of other hosts that it looks into. */
interface Shared {
  /** Variables whose templates are being evaluated, outermost first. */
  readonly open: string[];
  /** The folders of the files that these name, where they have one of their own. */
  readonly folders: (string | undefined)[];
  readonly hosts: Map<string, Scope>;
  /** Those of vars_files whose names are being evaluated. */
  readonly choosing: Set<FileChoice>;
  readonly reads?: Reads;
}

function newShared(reads?: Reads): Shared {
  return { open: [], folders: [], hosts: new Map(), choosing: new Set(), ...(reads && { reads }) };
}

// Names that hostvars has of no host.
const notOwn: ReadonlySet<string> = new Set(['hostvars', 'omit', 'vars']);

/** All names that a task sees on a host, by the order of precedence; values are found when they are asked for. */
export class Scope implements TemplateEnvironment {
  readonly #world: ScopeWorld;
  readonly #place: ScopePlace;
  readonly #layers: Layers;
  readonly #given: readonly VariableLayer[];
  readonly #memory: HostMemory | undefined;
  readonly #known = new Map<string, unknown>();
  readonly #shared: Shared;

  constructor(world: ScopeWorld, place: ScopePlace, shared: Shared = newShared()) {
    const { playbook } = world;
    this.#shared = shared;
    this.#world = world;
    this.#place = place;
    this.#memory = world.memories.get(place.host);
    this.#given = [playbook.extraVars];
    this.#layers = layersOf(playbook.inventory.hosts.get(place.host), place.play, place.task);
  }

  /** The same place with some more values that win over everything. */
  with(more: ReadonlyMap<string, unknown>): Scope {
    const locals = new Map([...this.#place.locals, ...more]);
    return new Scope(this.#world, { ...this.#place, locals }, this.#shared);
  }

  /** The same place, of which is kept what is read. */
  recording(reads: Reads): Scope {
    return new Scope(this.#world, this.#place, newShared(reads));
  }

  get filters(): Playbook['filters'] {
    return this.#world.playbook.filters;
  }

  find(name: string): unknown {
    if (this.#known.has(name)) return this.#known.get(name);
    const value = this.#find(name);
    this.#known.set(name, value);
    this.#shared.reads?.variable(name, value, !isOpenToAll(name));
    return value;
  }

  locate(name: string): string | undefined {
    return locatedFor(this.#place, name);
  }

  glob(pattern: string): readonly string[] {
    return this.#place.files?.glob(pattern) ?? [];
  }

  took(of: unknown, key: string, value: unknown): void {
    this.#shared.reads?.part(of, key, value);
  }

  *names(): Iterable<string> {
    yield* this.#place.locals.keys();
    yield* this.#place.added.keys();
    yield* this.#memory?.values.keys() ?? [];
    for (const { variables } of this.#allLayers) yield* variables.keys();
    for (const fact of Object.keys(factsOf(this.#memory))) yield `ansible_${fact}`;
    yield* magicNames;
  }

  /** What to do about a name that is not there. */
  advice(name: string): string | undefined {
    const { play } = this.#place;
    if (name.startsWith('ansible_') && this.#memory?.facts.size === 0) {
      return play?.gatherFacts === false
        ? 'if it is a fact: remove gather_facts: false from the play'
        : 'if it is a fact: facts of this host are not known';
    }
    return didYouMean(name, this.names());
  }

  include(name: string): IncludedTemplate | undefined {
    return this.#place.files?.template(name);
  }

  render(name: string, variables: Mapping, settings: Mapping): string {
    const { files } = this.#place;
    if (!files) throw new TemplateError("lookup('template') cannot be used here");
    const scope = this.with(new Map(Object.entries(variables)));
    const source = { argument: 'src', folder: 'templates', render: true } as const;
    return Buffer.from(files.source(name, source, scope, settings).content).toString('utf8');
  }

  secret(name: string, make: (known: string | undefined) => string): string {
    const { files } = this.#place;
    if (!files) throw new TemplateError("lookup('password') cannot be used here");
    // A plan writes nothing, and what is evaluated before the first connection may not be meant.
    return files.secret(name, make, !this.#world.check && !this.#world.factsPending);
  }

  command(command: string): string {
    if (!this.#place.files) throw new TemplateError("lookup('pipe') cannot be used here");
    return this.#place.files.command(command);
  }

  file(name: string): string {
    if (!this.#place.files) throw new TemplateError("lookup('file') cannot be used here");
    return this.#place.files.text(name, this.#shared.folders.at(-1));
  }

  /** Evaluates a YAML value with all templates in it. Throws TemplateError with its place. */
  value(source: Source, path: readonly (string | number)[] = []): unknown {
    return evaluateSource(source, path, this, this.#world.playbook.sources);
  }

  /** What hostvars shows of this host: everything that has a value without a play. */
  ownNames(): readonly string[] {
    const names = new Set(this.names());
    for (const name of magicNames) if (this.#magic(name) === undefined) names.delete(name);
    for (const name of notOwn) names.delete(name);
    return [...names];
  }

  /** The same for one name, without looking at all the others. */
  isOwn(name: string): boolean {
    if (notOwn.has(name)) return false;
    if (magicNames.includes(name)) return this.#magic(name) !== undefined;
    return (
      this.#memory?.values.has(name) === true ||
      this.#allLayers.some(({ variables }) => variables.has(name)) ||
      this.#fact(name) !== undefined
    );
  }

  // null is a value too: only undefined goes on to the next level.
  #find(name: string): unknown {
    const magic = isMagic(name) ? this.#magic(name) : undefined;
    if (magic !== undefined) return magic;
    const { locals, added } = this.#place;
    if (locals.has(name)) return locals.get(name) ?? null;
    const given = this.#layered(name, this.#given);
    if (given !== undefined) return given;
    if (added.has(name)) return added.get(name) ?? null;
    const passed = this.#layered(name, this.#layers.aboveMemory);
    if (passed !== undefined) return passed;
    const remembered = this.#remembered(name);
    if (remembered !== undefined) return remembered;
    const near = this.#layered(name, this.#layers.aboveFacts);
    if (near !== undefined) return near;
    const fact = this.#fact(name);
    if (fact !== undefined) return fact;
    const far = this.#layered(name, this.#layers.belowFacts);
    return far !== undefined ? far : ordinaryValue(name, this.#place.host);
  }

  #layered(name: string, layers: readonly VariableLayer[]): unknown {
    for (const layer of layers) {
      const source = layer.variables.get(name);
      if (source && this.#counts(layer)) return this.#evaluated(name, source, layer.files);
    }
    return undefined;
  }

  // What is found while the names of a choice are evaluated is not kept: their files are left out then.
  #counts(layer: VariableLayer): boolean {
    const { choosing } = this.#shared;
    for (const { behind } of choosing) if (behind.has(layer)) return false;
    if (!layer.choice) return true;
    const { file, path } = layer.choice;
    choosing.add(file);
    try {
      return chosenFile(file, new Scope(this.#world, this.#place, this.#shared)) === path;
    } finally {
      choosing.delete(file);
    }
  }

  #evaluated(name: string, source: Source, folder: string | undefined): unknown {
    const { open, folders } = this.#shared;
    const label = this.#place.play ? name : `hostvars['${this.#place.host}'].${name}`;
    if (open.includes(label)) {
      throw circleError(name, [...open.slice(open.indexOf(label)), label], source.at());
    }
    open.push(label);
    folders.push(folder);
    try {
      return this.value(source);
    } catch (error) {
      if (error instanceof TemplateError && error.code === 'undefined-variable')
        return Undefined.because(error);
      throw error;
    } finally {
      open.pop();
      folders.pop();
    }
  }

  #remembered(name: string): unknown {
    const found = this.#memory?.values.get(name);
    if (!found) return undefined;
    if (found.kind === 'pending') throw new Waits(found.task, this.#place.host, name);
    if (found.kind === 'unknown') throw new NotKnowable(found.dependsOn);
    if (found.kind === 'source') return this.#evaluated(name, found.source, undefined);
    if (found.from) this.#shared.reads?.further(found.from);
    return found.value ?? null;
  }

  #fact(name: string): unknown {
    // What tasks have found has its name as it is, too: services, packages.
    if (/^(services|packages)$/.test(name)) return this.#memory?.facts.get(name);
    if (!/^(ansible|getent)_/.test(name)) return undefined;
    if (this.#world.factsPending && !isConnectionVariable(name)) throw new Waits('facts', this.#place.host);
    const facts = this.#memory?.facts;
    return facts?.has(name) ? facts.get(name) : facts?.get(name.slice('ansible_'.length));
  }

  #magic(name: string): unknown {
    const { playbook, check } = this.#world;
    const { host, play, task } = this.#place;
    if (name === 'ansible_facts' && this.#world.factsPending) throw new Waits('facts', this.#place.host);
    return magicValue(name, {
      playbook,
      check,
      hostName: host,
      host: playbook.inventory.hosts.get(host),
      play,
      task,
      memory: this.#memory,
      active: () => (play ? this.#world.activeHosts(play) : []),
      hostvars: () => hostvarsView(playbook.inventory.hosts, (name) => this.#host(name)),
      vars: () => varsView(this),
    });
  }

  get #allLayers(): readonly VariableLayer[] {
    const { aboveMemory, aboveFacts, belowFacts } = this.#layers;
    return [this.#world.playbook.extraVars, ...aboveMemory, ...aboveFacts, ...belowFacts];
  }

  #host(host: string): Scope {
    const known = this.#shared.hosts.get(host);
    if (known) return known;
    const place = { host, play: undefined, task: undefined, locals: new Map(), added: new Map() };
    const scope = new Scope(this.#world, place, this.#shared);
    this.#shared.hosts.set(host, scope);
    return scope;
  }
}
