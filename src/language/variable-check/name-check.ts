import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position, Problem, ProblemCode } from '../../errors/problem.ts';
import type { MemberUse, Mention, NameUse } from '../../jinja/expression/expression-uses.ts';
import { refusedName } from '../../jinja/expression/functions.ts';
import { groupsOf } from '../evaluate/magic-variables.ts';
import type { Playbook, Source } from '../model.ts';
import { type Candidate, Candidates } from './candidates.ts';
import { factAdvice } from './facts.ts';
import { type Declaration, type Finding, joinedFindings, type Missing } from './findings.ts';
import { KnownNames } from './known-names.ts';
import type { RegisteredKeys } from './registered-keys.ts';
import type { RegisteredVariables, Visit } from './registered-variables.ts';
import type { TextsOfTask } from './task-texts.ts';
import { type TaskView, TaskViews } from './task-view.ts';
import type { CheckedText, TextReader } from './text-reader.ts';

interface Site {
  readonly view: TaskView;
  readonly visit: Visit;
  readonly candidates: readonly Candidate[];
  readonly guards: ReadonlySet<string>;
  /** Variables whose own templates are being followed, outermost first. */
  readonly through: readonly string[];
  /** Names that were followed to their end for these hosts, and all was well whoever asks. */
  readonly settled: Set<string>;
  /** No condition or loop guards anything: what is found well here is well for everybody. */
  readonly plain: boolean;
}

/** A problem; where it stands, its reason and advice are worked out only if it is reported, which most are not. */
interface Remark {
  readonly code: ProblemCode;
  readonly message: string;
  readonly why?: string | undefined;
  at(): Position;
  hint?(): string | undefined;
}

/** A finding that may still be dropped. */
interface Pending extends Omit<Finding, 'problem'> {
  readonly remark: Remark;
}

function findingOf({ remark: { code, message, why, ...remark }, ...rest }: Pending): Finding {
  const hint = remark.hint?.();
  const reason = { ...(why !== undefined && { why }), ...(hint !== undefined && { hint }) };
  return { ...rest, problem: { code, message, at: remark.at(), ...reason } };
}

const nothing: ReadonlySet<string> = new Set();

/** Finds names that nothing gives a value on a host that comes to the task. */
export class NameCheck {
  readonly #findings: Pending[] = [];
  readonly #playbook: Playbook;
  readonly #declared: ReadonlyMap<string, Declaration>;
  readonly #known: KnownNames;
  readonly #reader: TextReader;
  readonly #keys: RegisteredKeys;
  readonly #candidates: Candidates;
  readonly #groups: readonly string[];
  readonly #views = new TaskViews();
  /** Counts what makes a name worth following again: what is missing, reported, or leads back to itself. */
  #doubts = 0;
  readonly #foreignProblems = new Map<string, Problem>();
  readonly #doubtful = new Map<string, Problem>();

  /** @param declared variables that roles declare */
  constructor(
    playbook: Playbook,
    registered: RegisteredVariables,
    declared: ReadonlyMap<string, Declaration>,
    reader: TextReader,
    keys: RegisteredKeys,
  ) {
    this.#playbook = playbook;
    this.#declared = declared;
    this.#known = new KnownNames(playbook, registered, declared);
    this.#reader = reader;
    this.#keys = keys;
    this.#groups = Object.keys(groupsOf(playbook));
    this.#candidates = new Candidates(playbook, registered);
  }

  /**
   * What is wrong, one problem for each cause.
   * @param explained names whose lack has a cause that is reported elsewhere
   */
  problems(explained: ReadonlySet<string>): readonly Problem[] {
    const advice = (name: string) => this.#known.adviceOfDeclared(name);
    const findings = this.#findings.filter(({ missing }) => !missing || !explained.has(missing.name));
    return [
      ...this.#foreignProblems.values(),
      ...joinedFindings(findings.map(findingOf), {
        playbook: this.#playbook,
        declared: this.#declared,
        advice,
      }),
    ];
  }

  /** Filters, tests and lookups that are not there, in tasks with a condition only. */
  warnings(): readonly string[] {
    const only = [...this.#doubtful].filter(([key]) => !this.#foreignProblems.has(key));
    return only.map(([, { at, message }]) => {
      const place = at ? `${at.file}:${at.line}: ` : '';
      return `${place}${message}, the task fails on a host on which its condition holds`;
    });
  }

  /** Names that have no value where they are needed. */
  missing(): ReadonlySet<string> {
    return new Set(this.#findings.flatMap(({ missing }) => missing?.name ?? []));
  }

  /** Checks the texts of one task. */
  check(visit: Visit, texts: TextsOfTask): void {
    const view = this.#views.of(visit.play, visit.task);
    // Where all is well on every host of the play, it need not be known which of them come to the task.
    const before = { doubts: this.#doubts, findings: this.#findings.length };
    this.#check(visit, view, this.#candidates.everyone(visit, view), texts);
    if (this.#doubts === before.doubts) return;
    this.#findings.length = before.findings;
    this.#check(visit, view, this.#candidates.of(visit, view), texts);
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

  #text(text: CheckedText, locals: ReadonlySet<string>, site: Site): void {
    const { uses, locate } = text;
    for (const problem of text.foreign) this.#foreign(problem, site);
    for (const use of uses.names) {
      const { name } = use;
      if (site.settled.has(name) || this.#known.isEverywhere(name) || locals.has(name)) continue;
      const guarded = uses.guarded.has(name) || site.guards.has(name);
      if (!guarded) this.#name(use, () => locate(use), locals, site);
    }
    for (const use of uses.members) this.#member(use, locals, () => locate(use), uses.guarded, site);
    for (const mention of uses.hostNames) this.#hostName(mention, () => locate(mention), site);
    for (const mention of uses.groups) {
      if (!this.#groups.includes(mention.name) && !this.#playbook.growth?.mayJoin(mention.name)) {
        const message = `there is no group '${mention.name}'`;
        const hint = () => didYouMean(mention.name, this.#groups);
        this.#report(site, { code: 'unknown-group', message, at: () => locate(mention), hint });
      }
    }
    for (const mention of uses.facts) {
      if (!this.#known.isFact(mention.name)) {
        const message = `there is no fact '${mention.name}'`;
        const hint = () => factAdvice(mention.name);
        this.#report(site, { code: 'unknown-fact', message, at: () => locate(mention), hint });
      }
    }
  }

  // Behind a condition it may never be evaluated: the task fails on a host that comes to it.
  #foreign(problem: Problem, { visit }: Site): void {
    this.#doubts += 1;
    const isConditional = visit.task.when.length > 0;
    (isConditional ? this.#doubtful : this.#foreignProblems).set(JSON.stringify(problem), problem);
  }

  #name(use: NameUse, place: () => Position, locals: ReadonlySet<string>, site: Site): void {
    const { visit, candidates } = site;
    const { name } = use;
    const missing = candidates.filter((candidate) => !this.#known.isKnown(name, visit, candidate));
    if (missing.length === 0 && !site.through.includes(name)) {
      if (!this.#isWhole(name, site)) this.#definitions(name, locals, site);
      return;
    }
    this.#doubts += 1;
    if (missing.length === 0) {
      if (!use.conditional) this.#circle(name, place, site);
      return;
    }
    const everywhere = missing.length === candidates.length;
    if (!everywhere && (use.conditional || !missing.some(({ surely }) => surely))) return;
    const refused = refusedName(name);
    if (refused !== undefined) {
      const message = `'${name}' is not supported`;
      this.#report(site, { code: 'not-supported', message, at: place, hint: () => refused });
      return;
    }
    const why = site.through.length === 0 ? undefined : `it is needed for '${site.through.join("', for '")}'`;
    const hint = () =>
      everywhere
        ? this.#known.advice(name, visit, candidates)
        : `give it a value for ${missing.length === 1 ? 'this host' : 'these hosts'} too, or write ${name} | default(...)`;
    const message = `the variable '${name}' is not defined`;
    const hosts = missing.map(({ host }) => host);
    const problem: Remark = { code: 'unknown-variable', message, at: place, why, hint };
    this.#report(site, problem, { name, hosts, everywhere });
  }

  /** Whether all is well with a name even if nothing guards it; most names are asked about only once. */
  #isWhole(name: string, site: Site): boolean {
    if (!site.plain && site.through.length > 0) return false;
    const before = { doubts: this.#doubts, findings: this.#findings.length };
    this.#definitions(name, nothing, { ...site, guards: nothing, plain: true });
    if (this.#doubts === before.doubts) {
      site.settled.add(name);
      return true;
    }
    if (site.plain) return true;
    this.#doubts = before.doubts;
    this.#findings.length = before.findings;
    return false;
  }

  #circle(name: string, at: () => Position, site: Site): void {
    const circle = [name, ...site.through.slice(0, site.through.indexOf(name) + 1)].reverse();
    const message = `the variable '${name}' is defined by itself: ${circle.join(' -> ')}`;
    const problem: Remark = {
      code: 'recursive-variable',
      message,
      at,
      hint: () => 'give one of them another name',
    };
    this.#report(site, problem, undefined, `circle ${[...new Set(circle)].sort().join(' ')}`);
  }

  // What a variable's own templates use must be there too.
  #definitions(name: string, locals: ReadonlySet<string>, site: Site): void {
    const sources = new Map<Source, Candidate[]>();
    for (const candidate of site.candidates) {
      const source = this.#known.source(name, candidate.layers);
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

  #member(
    use: MemberUse,
    locals: ReadonlySet<string>,
    at: () => Position,
    guarded: ReadonlySet<string>,
    { visit, candidates, guards, ...rest }: Site,
  ): void {
    const { name, path } = use;
    const own = visit.task.register === name && !visit.locals.has(name);
    if (locals.has(name) && !own) return;
    const tested = [path, [...path.slice(0, -1), '*']].map((keys) => [name, ...keys].join('.'));
    if (tested.some((key) => guarded.has(key) || guards.has(key))) return;
    if (candidates.some(({ layers }) => this.#known.source(name, layers))) return;
    const unknown = this.#keys.unknown(use, own && locals.has(name) ? visit.task : undefined);
    if (!unknown) return;
    const { message, why, hint } = unknown;
    const remark: Remark = { code: 'unknown-key', message, why, at, hint: () => hint };
    this.#report({ visit, candidates, guards, ...rest }, remark);
  }

  #hostName({ name }: Mention, place: () => Position, site: Site): void {
    if (this.#known.isOfAHost(name)) return;
    const hint = () => this.#known.adviceOfHosts(name, site.candidates);
    const message = `no host has a variable '${name}'`;
    this.#report(site, { code: 'unknown-variable', message, at: place, hint });
  }

  #report({ visit }: Site, remark: Remark, missing?: Missing, cause: string = remark.message): void {
    this.#doubts += 1;
    this.#findings.push({ remark, visit, cause, ...(missing && { missing }) });
  }
}
