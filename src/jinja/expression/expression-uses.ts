import type { Span } from '../values/template-error.ts';
import type { ArgumentNodes, Expression } from './expression-tree.ts';

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

/** A key that is read of a name from outside, or of what is below it. */
export interface MemberUse extends Span {
  readonly name: string;
  /** The keys from the name on, the one that is meant last; `*` stands for one that is computed. */
  readonly path: readonly string[];
}

/** Everything that a template or expression refers to. */
export interface Uses {
  readonly names: readonly NameUse[];
  readonly members: readonly MemberUse[];
  /** Names, and keys of them as `name.key`, that somewhere in the text are tested with `is defined` or given a default. */
  readonly guarded: ReadonlySet<string>;
  readonly filters: readonly Mention[];
  readonly tests: readonly Mention[];
  /** First arguments of lookup(). */
  readonly lookups: readonly Mention[];
  /** Files that lookup('file') names. */
  readonly files: readonly NameUse[];
  /** Variables that lookup('vars') names. */
  readonly variables: readonly Mention[];
  /** Templates that include or import names, with the names that it gives them. */
  readonly includes: readonly (Mention & {
    readonly word: 'include' | 'import';
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

// A slip in the word is reported by itself: what it guards is not missing for that.
const guardTest = /^(un)?def/;
const guardFilters = new Set(['default', 'd']);
// These call other filters or tests by name.
const byFilterName = new Set(['map']);
const byTestName = new Map([
  ['select', 0],
  ['reject', 0],
  ['selectattr', 1],
  ['rejectattr', 1],
]);

/** Collects what expressions refer to, but for names that the text around them defines. */
export class ExpressionUses implements Uses {
  readonly names: NameUse[] = [];
  readonly members: MemberUse[] = [];
  readonly guarded = new Set<string>();
  readonly filters: Mention[] = [];
  readonly tests: Mention[] = [];
  readonly lookups: Mention[] = [];
  readonly files: NameUse[] = [];
  readonly variables: Mention[] = [];
  readonly includes: (Mention & {
    word: 'include' | 'import';
    locals: ReadonlySet<string>;
    optional: boolean;
  })[] = [];
  readonly hostNames: Mention[] = [];
  readonly groups: Mention[] = [];
  readonly facts: Mention[] = [];
  #conditions = 0;

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
        this.#member(node, node.nameAt, guarded, locals);
        if (!guarded) this.#mention(node.object, node.name, node.nameAt, locals);
        this.expression(node.object, locals, guarded);
        return;
      case 'item': {
        const { key, object } = node;
        if (key.type === 'literal') this.#member(node, key, guarded, locals);
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
        this.expression(node.input, locals, guardTest.test(node.name));
        this.#arguments(node.args, locals);
        return;
      case 'unary':
        this.expression(node.operand, locals);
        return;
      case 'binary':
        this.expression(node.left, locals);
        this.maybe(node.operator === 'and' || node.operator === 'or', () =>
          this.expression(node.right, locals),
        );
        return;
      case 'compare':
        for (const part of [node.first, ...node.rest.map(({ right }) => right)])
          this.expression(part, locals);
        // 'key' in x
        for (const { operator, right } of node.rest) {
          const tested = node.first.type === 'literal' ? String(node.first.value) : '*';
          const chain = operator.endsWith('in') && chainOf(right);
          if (chain) this.guarded.add([chain.name, ...chain.path, tested].join('.'));
        }
        return;
      case 'conditional':
        this.expression(node.test, locals);
        this.maybe(true, () => {
          this.expression(node.value, locals);
          if (node.otherwise) this.expression(node.otherwise, locals);
        });
    }
  }

  /** Visits a part that is evaluated only if something else holds. */
  protected maybe(conditional: boolean, visit: () => void): void {
    if (conditional) this.#conditions += 1;
    visit();
    if (conditional) this.#conditions -= 1;
  }

  #call(callee: Expression, args: ArgumentNodes, locals: ReadonlySet<string>): void {
    // What is called on a value is a method, not one of its keys.
    this.expression(callee.type === 'attribute' ? callee.object : callee, locals);
    this.#arguments(args, locals);
    if (callee.type !== 'name' || locals.has(callee.name)) return;
    if (!['lookup', 'query', 'q'].includes(callee.name)) return;
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

  #member(node: Expression, { at, end }: Span, guarded: boolean, locals: ReadonlySet<string>): void {
    const chain = chainOf(node);
    if (!chain || locals.has(chain.name)) return;
    if (guarded) this.guarded.add([chain.name, ...chain.path].join('.'));
    else this.members.push({ ...chain, at, end });
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
}

function chainOf(node: Expression): { readonly name: string; readonly path: readonly string[] } | undefined {
  if (node.type === 'name') return { name: node.name, path: [] };
  if (node.type !== 'attribute' && node.type !== 'item') return undefined;
  const before = chainOf(node.object);
  if (!before) return undefined;
  const { key } = node.type === 'item' ? node : { key: undefined };
  const last = node.type === 'attribute' ? node.name : key?.type === 'literal' ? String(key.value) : '*';
  return { name: before.name, path: [...before.path, last] };
}

/** What an expression refers to. */
export function usesOfExpression(expression: Expression): Uses {
  const collector = new ExpressionUses();
  collector.expression(expression, new Set());
  return collector;
}
