import type { ArgumentNodes, Expression, Target } from '../expression/expression-tree.ts';
import type { Span } from '../values/template-error.ts';
import type { Body, Parameter, TemplateNode } from './template-tree.ts';

/** A name that a template takes from outside. */
export interface NameUse extends Span {
  readonly name: string;
  /** Stands where it is evaluated only if something else holds. */
  readonly conditional: boolean;
}

/** A name that must be on a list of known ones. */
export interface Mention extends Span {
  readonly name: string;
}

/** Everything that a template or expression refers to. */
export interface Uses {
  readonly names: readonly NameUse[];
  /** Names that somewhere in the text are tested with `is defined` or given a default. */
  readonly guarded: ReadonlySet<string>;
  readonly filters: readonly Mention[];
  readonly tests: readonly Mention[];
  /** First arguments of lookup(). */
  readonly lookups: readonly Mention[];
  /** Files that lookup('file') names. */
  readonly files: readonly NameUse[];
  /** Variables that lookup('vars') names. */
  readonly variables: readonly Mention[];
  /** Templates that include names, with the names that it gives them. */
  readonly includes: readonly (Mention & {
    readonly locals: ReadonlySet<string>;
    readonly optional: boolean;
  })[];
  /** Names after `hostvars[...]`, unless they have a default. */
  readonly hostNames: readonly Mention[];
  /** Names after `groups`, unless they have a default. */
  readonly groups: readonly Mention[];
  /** Names after `ansible_facts`, unless they have a default. */
  readonly facts: readonly Mention[];
}

const guardTests = new Set(['defined', 'undefined']);
const guardFilters = new Set(['default', 'd']);
// These call other filters or tests by name.
const byFilterName = new Set(['map']);
const byTestName = new Map([
  ['select', 0],
  ['reject', 0],
  ['selectattr', 1],
  ['rejectattr', 1],
]);

/** Walks a parsed text, keeping apart what it defines itself. */
class NameCollector {
  readonly names: NameUse[] = [];
  readonly guarded = new Set<string>();
  readonly filters: Mention[] = [];
  readonly tests: Mention[] = [];
  readonly lookups: Mention[] = [];
  readonly files: NameUse[] = [];
  readonly variables: Mention[] = [];
  readonly includes: (Mention & { locals: ReadonlySet<string>; optional: boolean })[] = [];
  readonly hostNames: Mention[] = [];
  readonly groups: Mention[] = [];
  readonly facts: Mention[] = [];
  #conditions = 0;

  body(nodes: Body, locals: Set<string>): void {
    for (const node of nodes) if (node.type === 'macro') locals.add(node.name);
    for (const node of nodes) this.#node(node, locals);
  }

  expression(node: Expression, locals: ReadonlySet<string>, guarded = false): void {
    switch (node.type) {
      case 'literal':
        return;
      case 'name': {
        const { name, at, end } = node;
        if (locals.has(name)) return;
        if (guarded) this.guarded.add(name);
        this.names.push({ name, at, end, conditional: this.#conditions > 0 || guarded });
        return;
      }
      case 'list':
        for (const item of node.items) this.expression(item, locals);
        return;
      case 'mapping':
        for (const part of node.entries.flat()) this.expression(part, locals);
        return;
      case 'attribute':
        if (!guarded) this.#mention(node.object, node.name, node.nameAt, locals);
        this.expression(node.object, locals, guarded);
        return;
      case 'item': {
        const { key, object } = node;
        if (!guarded && key.type === 'literal') this.#mention(object, String(key.value), key, locals);
        this.expression(object, locals, guarded);
        this.expression(key, locals);
        return;
      }
      case 'slice':
        this.expression(node.object, locals, guarded);
        for (const part of [node.start, node.stop, node.step]) if (part) this.expression(part, locals);
        return;
      case 'call':
        this.#call(node.callee, node.args, locals);
        return;
      case 'filter':
        this.filters.push({ name: node.name, ...node.nameAt });
        if (node.input) this.expression(node.input, locals, guardFilters.has(node.name));
        this.#named(node.name, node.args);
        this.#arguments(node.args, locals);
        return;
      case 'test':
        this.tests.push({ name: node.name, ...node.nameAt });
        this.expression(node.input, locals, guardTests.has(node.name));
        this.#arguments(node.args, locals);
        return;
      case 'unary':
        this.expression(node.operand, locals);
        return;
      case 'binary':
        this.expression(node.left, locals);
        this.#maybe(node.operator === 'and' || node.operator === 'or', () =>
          this.expression(node.right, locals),
        );
        return;
      case 'compare':
        for (const part of [node.first, ...node.rest.map(({ right }) => right)])
          this.expression(part, locals);
        return;
      case 'conditional':
        this.expression(node.test, locals);
        this.#maybe(true, () => {
          this.expression(node.value, locals);
          if (node.otherwise) this.expression(node.otherwise, locals);
        });
    }
  }

  #maybe(conditional: boolean, visit: () => void): void {
    if (conditional) this.#conditions += 1;
    visit();
    if (conditional) this.#conditions -= 1;
  }

  #call(callee: Expression, args: ArgumentNodes, locals: ReadonlySet<string>): void {
    // What is called on a value is a method, not one of its keys.
    this.expression(callee.type === 'attribute' ? callee.object : callee, locals);
    this.#arguments(args, locals);
    if (callee.type !== 'name' || callee.name !== 'lookup' || locals.has('lookup')) return;
    const [lookup, sought] = args.positional;
    if (lookup?.type !== 'literal') return;
    const name = String(lookup.value);
    this.lookups.push({ name, at: lookup.at, end: lookup.end });
    if (sought?.type !== 'literal') return;
    const mention = { name: String(sought.value), at: sought.at, end: sought.end };
    const kind = name.replace(/^ansible\.builtin\./, '');
    if (kind === 'file') this.files.push({ ...mention, conditional: this.#conditions > 0 });
    if (kind === 'vars') this.variables.push(mention);
  }

  // map('upper') and select('defined') name other filters and tests.
  #named(name: string, { positional }: ArgumentNodes): void {
    const place = byFilterName.has(name) ? 0 : byTestName.get(name);
    const word = place === undefined ? undefined : positional[place];
    if (word?.type !== 'literal' || typeof word.value !== 'string') return;
    const mention = { name: word.value.replace(/^ansible\.builtin\./, ''), at: word.at, end: word.end };
    (byFilterName.has(name) ? this.filters : this.tests).push(mention);
  }

  #mention(object: Expression, name: string, span: Span, locals: ReadonlySet<string>): void {
    const mention = { name, at: span.at, end: span.end };
    const isFree = (node: Expression, wanted: string): boolean =>
      node.type === 'name' && node.name === wanted && !locals.has(wanted);
    if (isFree(object, 'groups')) this.groups.push(mention);
    if (isFree(object, 'ansible_facts')) this.facts.push(mention);
    const inHostvars = object.type === 'item' || object.type === 'attribute';
    if (inHostvars && isFree(object.object, 'hostvars')) this.hostNames.push(mention);
  }

  #arguments(args: ArgumentNodes, locals: ReadonlySet<string>): void {
    for (const value of args.positional) this.expression(value, locals);
    for (const { value } of args.named) this.expression(value, locals);
    if (args.spread) this.expression(args.spread, locals);
    if (args.spreadNamed) this.expression(args.spreadNamed, locals);
  }

  #node(node: TemplateNode, locals: Set<string>): void {
    switch (node.type) {
      case 'output':
      case 'do':
        this.expression(node.expression, locals);
        return;
      case 'if':
        for (const { test, body } of node.branches) {
          this.expression(test, locals);
          this.#maybe(true, () => this.body(body, locals));
        }
        this.#maybe(true, () => this.body(node.otherwise, locals));
        return;
      case 'for': {
        this.expression(node.iterable, locals);
        const inner = new Set([...locals, ...namesOf(node.target), 'loop']);
        this.#maybe(true, () => {
          if (node.condition) this.expression(node.condition, inner);
          this.body(node.body, inner);
          this.body(node.otherwise, new Set(locals));
        });
        return;
      }
      case 'set':
        this.expression(node.value, locals);
        for (const name of namesOf(node.target)) locals.add(name);
        return;
      case 'set-block':
        if (node.filter) this.expression(node.filter, locals);
        this.body(node.body, new Set(locals));
        for (const name of namesOf(node.target)) locals.add(name);
        return;
      case 'with': {
        const inner = new Set(locals);
        for (const { target, value } of node.bindings) {
          this.expression(value, inner);
          for (const name of namesOf(target)) inner.add(name);
        }
        this.body(node.body, inner);
        return;
      }
      case 'macro':
        this.#maybe(true, () => this.#macro(node.parameters, node.body, locals));
        return;
      case 'call':
        this.expression(node.call, locals);
        this.#maybe(true, () => this.#macro(node.parameters, node.body, locals));
        return;
      case 'filter':
        this.expression(node.filter, locals);
        this.body(node.body, new Set(locals));
        return;
      case 'include': {
        this.expression(node.name, locals);
        if (node.name.type !== 'literal') return;
        const seen = new Set(node.withContext ? locals : []);
        const mention = { name: String(node.name.value), at: node.name.at, end: node.name.end };
        this.includes.push({ ...mention, locals: seen, optional: node.ignoreMissing });
        return;
      }
    }
  }

  #macro(parameters: readonly Parameter[], body: Body, locals: ReadonlySet<string>): void {
    const inner = new Set([...locals, 'varargs', 'kwargs', 'caller']);
    for (const { name, otherwise } of parameters) {
      if (otherwise) this.expression(otherwise, inner);
      inner.add(name);
    }
    this.body(body, inner);
  }
}

function namesOf(target: Target): readonly string[] {
  if (target.type === 'tuple') return target.items.flatMap(namesOf);
  return target.type === 'name' ? [target.name] : [];
}

/** What an expression refers to. */
export function usesOfExpression(expression: Expression): Uses {
  const collector = new NameCollector();
  collector.expression(expression, new Set());
  return collector;
}

/** What a template refers to; names that it sets itself do not count, nor those that `locals` gives it. */
export function usesOfTemplate(body: Body, locals: ReadonlySet<string> = new Set()): Uses {
  const collector = new NameCollector();
  collector.body(body, new Set(locals));
  return collector;
}
