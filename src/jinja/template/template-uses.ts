import type { Target } from '../expression/expression-tree.ts';
import { ExpressionUses, type Uses } from '../expression/expression-uses.ts';
import type { Body, Parameter, TemplateNode } from './template-tree.ts';

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

/** What a template refers to; names that it sets itself do not count, nor those that `locals` gives it. */
export function usesOfTemplate(body: Body, locals: ReadonlySet<string> = new Set()): Uses {
  const collector = new TemplateUses();
  collector.body(body, new Set(locals));
  return collector;
}
