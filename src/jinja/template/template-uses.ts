import type { Target } from '../expression/expression-tree.ts';
import { ExpressionUses, type Uses } from '../expression/expression-uses.ts';
import type { Body, Parameter, TemplateNode } from './template-tree.ts';

type OtherTemplate = Extract<TemplateNode, { type: 'include' | 'import' }>;

/** Walks a template, keeping apart the names that it defines itself. */
class TemplateUses extends ExpressionUses {
  body(nodes: Body, locals: Set<string>): void {
    for (const node of nodes) if (node.type === 'macro') locals.add(node.name);
    for (const node of nodes) this.#node(node, locals);
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
          this.maybe(true, () => this.body(body, locals));
        }
        this.maybe(true, () => this.body(node.otherwise, locals));
        return;
      case 'for': {
        this.expression(node.iterable, locals);
        const inner = new Set([...locals, ...namesOf(node.target), 'loop']);
        this.maybe(true, () => {
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
        this.maybe(true, () => this.#macro(node.parameters, node.body, locals));
        return;
      case 'call':
        this.expression(node.call, locals);
        this.maybe(true, () => this.#macro(node.parameters, node.body, locals));
        return;
      case 'filter':
        this.expression(node.filter, locals);
        this.body(node.body, new Set(locals));
        return;
      case 'include':
        this.#other(node, node.ignoreMissing, locals);
        return;
      case 'import':
        this.#other(node, false, locals);
        for (const name of node.whole === undefined ? node.names.map(({ as }) => as) : [node.whole])
          locals.add(name);
        return;
    }
  }

  #other(
    { name, type: word, withContext }: OtherTemplate,
    optional: boolean,
    locals: ReadonlySet<string>,
  ): void {
    this.expression(name, locals);
    if (name.type !== 'literal') return;
    const seen = new Set(withContext ? locals : []);
    const mention = { name: String(name.value), at: name.at, end: name.end };
    this.includes.push({ ...mention, word, locals: seen, optional });
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

/** What a template refers to; names that it sets itself do not count, nor those that `locals` gives it. */
export function usesOfTemplate(body: Body, locals: ReadonlySet<string> = new Set()): Uses {
  const collector = new TemplateUses();
  collector.body(body, new Set(locals));
  return collector;
}
