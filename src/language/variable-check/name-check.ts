import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position, Problem } from '../../errors/problem.ts';
import { functionNames, refusedName } from '../../jinja/expression/functions.ts';
import type { Mention, NameUse } from '../../jinja/template/name-uses.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { Undefined } from '../../jinja/values/undefined.ts';
import { firstFalse } from '../evaluate/condition.ts';
import type { HostMemory, HostValue } from '../evaluate/evaluation.ts';
import { noItem } from '../evaluate/loop.ts';
import { groupsOf, isConnectionVariable, magicNames, ordinaryNames } from '../evaluate/magic-variables.ts';
import { Scope, type ScopeWorld } from '../evaluate/scope.ts';
import type { Layers } from '../evaluate/scope-layers.ts';
import { NotKnowable, Waits } from '../evaluate/scope-signal.ts';
import type { Playbook, Source, VariableLayer } from '../model.ts';
import { factAdvice, isFact } from './facts.ts';
import type { RegisteredNames, Visit } from './registered-variables.ts';
import type { TextsOfTask } from './task-texts.ts';
import { type TaskView, TaskViews } from './task-view.ts';
import type { CheckedText, TextReader } from './text-reader.ts';

/** A host that may come to a task, and whether it surely does. */
interface Candidate {
  readonly host: string;
  readonly surely: boolean;
  readonly layers: Layers;
}

interface Site {
  readonly view: TaskView;
  readonly visit: Visit;
  readonly candidates: readonly Candidate[];
  readonly guards: ReadonlySet<string>;
  /** Variables whose own templates are being looked at, outermost first. */
  readonly through: readonly string[];
  /** Names that were followed to their end for these hosts, and all was well whoever asks. */
  readonly settled: Set<string>;
  /** Nothing is vouched for by a condition or a loop: what is found well here is well for everybody. */
  readonly plain: boolean;
}

const nothing: ReadonlySet<string> = new Set();
const always = new Set([...magicNames, ...functionNames, ...Object.keys(ordinaryNames)]);

/** Finds names that nothing gives a value on a host that comes to the task. */
export class NameCheck {
  readonly problems: Problem[] = [];
  readonly #playbook: Playbook;
  readonly #registered: RegisteredNames;
  readonly #reader: TextReader;
  readonly #world: ScopeWorld;
  readonly #groups: readonly string[];
  readonly #views = new TaskViews();
  /** Counts what makes a name worth following again: what is missing, reported, or leads back to itself. */
  #doubts = 0;

  constructor(playbook: Playbook, registered: RegisteredNames, reader: TextReader) {
    this.#playbook = playbook;
    this.#registered = registered;
    this.#reader = reader;
    this.#groups = Object.keys(groupsOf(playbook));
    const values = new Map(
      registered.names().map((name): [string, HostValue] => [name, { kind: 'pending', task: name }]),
    );
    const hosts = [...playbook.inventory.hosts.keys()];
    const memories = new Map(hosts.map((host): [string, HostMemory] => [host, { facts: new Map(), values }]));
    this.#world = { playbook, memories, check: false, factsPending: true, activeHosts: (play) => play.hosts };
  }

  /** Checks the texts of one task. */
  check(visit: Visit, texts: TextsOfTask): void {
    const view = this.#views.of(visit.play, visit.task);
    // Where all is well on every host of the play, it need not be known which of them come to the task.
    const before = { doubts: this.#doubts, problems: this.problems.length };
    this.#check(visit, view, this.#everyone(visit, view), texts);
    if (this.#doubts === before.doubts) return;
    this.problems.length = before.problems;
    this.#check(visit, view, this.#candidates(visit, view), texts);
  }

  #check(
    visit: Visit,
    view: TaskView,
    candidates: readonly Candidate[],
    { texts, guards }: TextsOfTask,
  ): void {
    if (candidates.length === 0) return;
    const settled = view.settled(candidates.map(({ host }) => host));
    const site = { visit, view, candidates, guards, through: [], settled, plain: false };
    for (const { text, locals } of texts) this.#text(text, locals, site);
  }

  #everyone({ play, task }: Visit, view: TaskView): readonly Candidate[] {
    return play.hosts
      .filter((host) => this.#playbook.limited.has(host))
      .map((host) => ({ host, surely: true, layers: view.layers(this.#playbook, host, play, task) }));
  }

  // A condition that is false from the inventory alone keeps the host away from the task.
  #candidates({ play, task, locals }: Visit, view: TaskView): readonly Candidate[] {
    const unknown = [...locals].map((name) => [name, new Undefined(`'${name}' is not known yet`)] as const);
    const places = new Map<string, unknown>([...unknown, ...noItem(task)]);
    const local = [...places.keys()];
    const judge = (host: string): 'comes' | 'may come' | 'stays away' => {
      const place = { host, play, task, added: new Map(), locals: places };
      try {
        const condition = firstFalse(task.when, new Scope(this.#world, place), this.#playbook);
        return condition === undefined ? 'comes' : 'stays away';
      } catch (error) {
        if (error instanceof TemplateError || error instanceof Waits || error instanceof NotKnowable)
          return 'may come';
        throw error;
      }
    };
    return play.hosts.flatMap((host): Candidate[] => {
      if (!this.#playbook.limited.has(host)) return [];
      const verdict = view.verdict(host, local, task.when, () => judge(host));
      if (verdict === 'stays away') return [];
      return [{ host, surely: verdict === 'comes', layers: view.layers(this.#playbook, host, play, task) }];
    });
  }

  #text(text: CheckedText, locals: ReadonlySet<string>, site: Site): void {
    const { uses, locate } = text;
    for (const use of uses.names) {
      const guarded = uses.guarded.has(use.name) || site.guards.has(use.name);
      if (!guarded && !locals.has(use.name)) this.#name(use, () => locate(use), locals, site);
    }
    for (const mention of uses.hostNames) this.#hostName(mention, () => locate(mention), site);
    for (const mention of uses.groups) {
      if (!this.#groups.includes(mention.name)) {
        const message = `there is no group '${mention.name}'`;
        this.#report('unknown-group', message, locate(mention), didYouMean(mention.name, this.#groups));
      }
    }
    for (const mention of uses.facts) {
      if (!isFact(mention.name) && !this.#registered.has(mention.name)) {
        const message = `there is no fact '${mention.name}'`;
        this.#report('unknown-fact', message, locate(mention), factAdvice(mention.name));
      }
    }
  }

  #name(use: NameUse, place: () => Position, locals: ReadonlySet<string>, site: Site): void {
    const { visit, candidates, settled } = site;
    const { name } = use;
    if (always.has(name) || settled.has(name)) return;
    const missing = candidates.filter((candidate) => !this.#isKnown(name, visit, candidate));
    if (missing.length === 0 && !site.through.includes(name)) {
      if (!this.#isWhole(name, site)) this.#definitions(name, locals, site);
      return;
    }
    this.#doubts += 1;
    if (missing.length === 0) {
      if (!use.conditional) this.#circle(name, place(), site);
      return;
    }
    const everywhere = missing.length === candidates.length;
    if (!everywhere && (use.conditional || !missing.some(({ surely }) => surely))) return;
    const advice = refusedName(name);
    if (advice !== undefined) {
      this.#report('not-supported', `'${name}' is not supported`, place(), advice);
      return;
    }
    const where = everywhere ? '' : ` for ${missing.map(({ host }) => host).join(', ')}`;
    const why = site.through.length === 0 ? undefined : `it is needed for '${site.through.join("', for '")}'`;
    const hint = everywhere
      ? this.#advice(use, site)
      : `give it a value for ${missing.length === 1 ? 'this host' : 'these hosts'} too, or write ${name} | default(...)`;
    this.#report('unknown-variable', `the variable '${name}' is not defined${where}`, place(), hint, why);
  }

  /** Whether all is well with a name even if nobody vouches for anything; most names are asked about only once. */
  #isWhole(name: string, site: Site): boolean {
    if (!site.plain && site.through.length > 0) return false;
    const before = { doubts: this.#doubts, problems: this.problems.length };
    this.#definitions(name, nothing, { ...site, guards: nothing, plain: true });
    if (this.#doubts === before.doubts) {
      site.settled.add(name);
      return true;
    }
    if (site.plain) return true;
    this.#doubts = before.doubts;
    this.problems.length = before.problems;
    return false;
  }

  #circle(name: string, at: Position, { through }: Site): void {
    const circle = [name, ...through.slice(0, through.indexOf(name) + 1)].reverse().join(' -> ');
    const message = `the variable '${name}' is defined by itself: ${circle}`;
    this.#report('recursive-variable', message, at, 'give one of them another name');
  }

  #isKnown(name: string, visit: Visit, { host, layers }: Candidate): boolean {
    if (this.#source(name, layers) || this.#registered.isKnown(name, visit, host)) return true;
    return (
      name.startsWith('ansible_') && !isConnectionVariable(name) && isFact(name.slice('ansible_'.length))
    );
  }

  #source(name: string, { aboveMemory, aboveFacts, belowFacts }: Candidate['layers']): Source | undefined {
    const layers: readonly VariableLayer[] = [
      this.#playbook.extraVars,
      ...aboveMemory,
      ...aboveFacts,
      ...belowFacts,
    ];
    return layers.find(({ variables }) => variables.has(name))?.variables.get(name);
  }

  // What a variable's own templates use must be there too.
  #definitions(name: string, locals: ReadonlySet<string>, site: Site): void {
    const sources = new Map<Source, Candidate[]>();
    for (const candidate of site.candidates) {
      const source = this.#source(name, candidate.layers);
      if (source) sources.set(source, [...(sources.get(source) ?? []), candidate]);
    }
    const through = [name, ...site.through];
    for (const [source, some] of sources) {
      const texts = this.#reader.templates(source);
      if (texts.length === 0) continue;
      const all = some.length === site.candidates.length;
      const candidates = all ? site.candidates : some;
      const settled = all ? site.settled : site.view.settled(some.map(({ host }) => host));
      for (const text of texts) this.#text(text, locals, { ...site, candidates, settled, through });
    }
  }

  #hostName({ name }: Mention, place: () => Position, site: Site): void {
    if (magicNames.includes(name) || this.#registered.has(name)) return;
    if (name.startsWith('ansible_') && isFact(name.slice('ansible_'.length))) return;
    const hosts = [...this.#playbook.inventory.hosts.values()];
    const layers = [this.#playbook.extraVars, ...hosts.flatMap((host) => host.layers)];
    if (layers.some(({ variables }) => variables.has(name)) || isConnectionVariable(name)) return;
    const elsewhere = site.candidates.some((candidate) => this.#source(name, candidate.layers));
    const names = [...layers.flatMap(({ variables }) => [...variables.keys()]), ...this.#registered.names()];
    const hint = elsewhere
      ? 'hostvars holds inventory variables, facts and registered values, not those of plays and roles'
      : didYouMean(name, names);
    this.#report('unknown-variable', `no host has a variable '${name}'`, place(), hint);
  }

  #advice({ name }: NameUse, { visit, candidates }: Site): string | undefined {
    const later = this.#registered.later(name, visit);
    if (later) {
      const task = later.name ?? later.resource;
      return later === visit.task
        ? 'the task itself gives it its value, which is not known before it ran'
        : `only a later task gives it a value: '${task}' in ${later.at.file}:${later.at.line}`;
    }
    if (name === visit.task.loopVar && !visit.task.loop) return 'the task has no loop';
    if (name.startsWith('ansible_')) return factAdvice(name.slice('ansible_'.length), 'ansible_');
    const layers = candidates.flatMap((candidate) => [
      ...candidate.layers.aboveMemory,
      ...candidate.layers.aboveFacts,
      ...candidate.layers.belowFacts,
    ]);
    const names = [...new Set([this.#playbook.extraVars, ...layers])].flatMap(({ variables }) => [
      ...variables.keys(),
    ]);
    return didYouMean(name, new Set([...names, ...this.#registered.names(), ...always]));
  }

  #report(code: string, message: string, at: Position, hint: string | undefined, why?: string): void {
    this.#doubts += 1;
    this.problems.push({
      code,
      message,
      at,
      ...(why !== undefined && { why }),
      ...(hint !== undefined && { hint }),
    });
  }
}
