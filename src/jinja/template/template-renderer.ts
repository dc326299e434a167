import { evaluate, evaluateArguments } from '../expression/expression-evaluation.ts';
import type { Expression, Target } from '../expression/expression-tree.ts';
import type { Frame } from '../expression/frame.ts';
import { isNamespace } from '../expression/functions.ts';
import { applyFilter } from '../filters/filters.ts';
import { bindArguments, type CallArguments, Callable } from '../values/callable.ts';
import { TemplateError, within } from '../values/template-error.ts';
import { Undefined } from '../values/undefined.ts';
import { equal, itemsOf, outputOf, textOf, truthy } from '../values/value.ts';
import type { IncludedTemplate, TemplateEnvironment } from './template-environment.ts';
import type { Body, Parameter, TemplateNode } from './template-tree.ts';

type TemplateFrame = Frame<TemplateEnvironment>;
type Way = 'on' | 'break' | 'continue';
type NodeOf<Type extends TemplateNode['type']> = Extract<TemplateNode, { type: Type }>;

/** Gives a target, or each part of it, its value. */
function assign(target: Target, value: unknown, frame: TemplateFrame): void {
  if (target.type === 'name') frame.set(target.name, value);
  else if (target.type === 'attribute') {
    const object = frame.find(target.object, target);
    if (!isNamespace(object)) {
      const hint = `write {% set ${target.object} = namespace(${target.name}=...) %} before`;
      throw new TemplateError(`attributes of '${target.object}' cannot be set`, target, { hint });
    }
    object[target.name] = value;
  } else {
    const parts = within(target, () => itemsOf(value));
    if (parts.length !== target.items.length) {
      throw new TemplateError(`${target.items.length} names cannot take ${parts.length} values`, target);
    }
    for (const [index, part] of target.items.entries()) assign(part, parts[index], frame);
  }
}

/** Renders nodes into a list of texts. */
class Renderer {
  readonly #out: string[];

  constructor(out: string[]) {
    this.#out = out;
  }

  body(nodes: Body, frame: TemplateFrame): Way {
    for (const node of nodes) {
      const way = this.#node(node, frame);
      if (way !== 'on') return way;
    }
    return 'on';
  }

  #node(node: TemplateNode, frame: TemplateFrame): Way {
    switch (node.type) {
      case 'text':
        this.#out.push(node.text);
        return 'on';
      case 'output': {
        const { expression } = node;
        this.#out.push(within(expression, () => outputOf(evaluate(expression, frame))));
        return 'on';
      }
      case 'if':
        return this.#if(node, frame);
      case 'for':
        return this.#for(node, itemsIn(node.iterable, frame), frame, 0);
      case 'set':
        assign(node.target, evaluate(node.value, frame), frame);
        return 'on';
      case 'set-block':
        assign(node.target, filtered(node.filter, captured(node.body, frame.inner()), frame), frame);
        return 'on';
      case 'with': {
        const inner = frame.inner();
        for (const { target, value } of node.bindings) assign(target, evaluate(value, inner), inner);
        return this.body(node.body, inner);
      }
      case 'macro':
        frame.set(node.name, macro(node.name, node.parameters, node.body, frame));
        return 'on';
      case 'call': {
        const caller = macro('caller', node.parameters, node.body, frame);
        const { call } = node;
        if (call.type !== 'call') return 'on';
        const target = evaluate(call.callee, frame);
        if (!(target instanceof Callable)) throw new TemplateError('only macros can be called', call.callee);
        const args = evaluateArguments(call.args, frame);
        const named = new Map([...args.named, ['caller', caller]]);
        this.#out.push(textOf(within(call, () => target.call({ positional: args.positional, named }))));
        return 'on';
      }
      case 'filter':
        this.#out.push(outputOf(filtered(node.filter, captured(node.body, frame.inner()), frame)));
        return 'on';
      case 'include':
        this.#include(node, frame);
        return 'on';
      case 'import':
        bindImported(node, frame);
        return 'on';
      case 'do':
        evaluate(node.expression, frame);
        return 'on';
      case 'break':
      case 'continue':
        return node.type;
    }
  }

  #if(node: NodeOf<'if'>, frame: TemplateFrame): Way {
    for (const { test, body } of node.branches) {
      if (within(test, () => truthy(evaluate(test, frame)))) return this.body(body, frame);
    }
    return this.body(node.otherwise, frame);
  }

  #for(node: NodeOf<'for'>, all: readonly unknown[], frame: TemplateFrame, depth: number): Way {
    const { condition } = node;
    const kept = condition
      ? all.filter((value) => {
          const inner = frame.inner();
          assign(node.target, value, inner);
          return within(condition, () => truthy(evaluate(condition, inner)));
        })
      : all;
    if (kept.length === 0) return this.body(node.otherwise, frame.inner());
    let seen: readonly unknown[] | undefined;
    const changed = new Callable('changed', ({ positional }) => {
      const same = seen !== undefined && equal(seen, positional);
      seen = positional;
      return !same;
    });
    const again = ({ positional: [items] }: CallArguments): string => {
      if (!node.recursive) throw new TemplateError('only a recursive loop can call itself', node.iterable);
      const out: string[] = [];
      new Renderer(out).#for(node, itemsOf(items), frame, depth + 1);
      return out.join('');
    };
    for (const [index, value] of kept.entries()) {
      const inner = frame.inner();
      assign(node.target, value, inner);
      inner.set('loop', new Callable('loop', again, { ...loopState(kept, index, depth), changed }));
      if (this.body(node.body, inner) === 'break') break;
    }
    return 'on';
  }

  #include(node: NodeOf<'include'>, frame: TemplateFrame): void {
    const found = otherTemplate(node, frame);
    if (found) placedIn(found, () => this.body(found.body, node.withContext ? frame.inner() : frame.bare()));
  }
}

// Undefined only for what an include may do without.
function otherTemplate(
  node: NodeOf<'include' | 'import'>,
  frame: TemplateFrame,
): IncludedTemplate | undefined {
  const { environment } = frame;
  const name = within(node.name, () => evaluate(node.name, frame));
  const names = (Array.isArray(name) ? name : [name]).map(textOf);
  if (!environment.include) throw new TemplateError(`${node.type} works only in template files`, node);
  for (const one of names) {
    const found = environment.include(one);
    if (found) return found;
  }
  if (node.type === 'include' && node.ignoreMissing) return undefined;
  throw new TemplateError(`there is no template '${names.join("' or '")}' to ${node.type}`, node.name, {
    code: 'missing-file',
    hint: 'it is looked for beside the template and in the templates folders',
  });
}

// A mistake that comes up in another template stands there.
function placedIn<Value>({ locate }: IncludedTemplate, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    if (error instanceof TemplateError && error.span) error.place ??= locate(error.span);
    throw error;
  }
}

// What the other template sets and its macros are given names here; its text is not shown.
function bindImported(node: NodeOf<'import'>, frame: TemplateFrame): void {
  const found = otherTemplate(node, frame);
  if (!found) return;
  const inner = node.withContext ? frame.inner() : frame.bare();
  placedIn(found, () => captured(found.body, inner));
  const exported = new Map(
    [...inner.own]
      .filter(([name]) => !name.startsWith('_'))
      .map(([name, value]) => [name, value instanceof Callable ? placedCall(value, found) : value] as const),
  );
  if (node.whole !== undefined) {
    const all = () => {
      throw new TemplateError(`'${node.whole}' is a template, not a macro`, node);
    };
    frame.set(node.whole, new Callable(node.whole, all, Object.fromEntries(exported)));
  }
  for (const { name, as } of node.names) {
    const missing = () => new Undefined(`the template that is imported has no '${name}'`, node);
    frame.set(as, exported.get(name) ?? missing());
  }
}

function placedCall(callable: Callable, found: IncludedTemplate): Callable {
  return new Callable(
    callable.name,
    (args) => placedIn(found, () => callable.call(args)),
    callable.attributes,
  );
}

function loopState(
  items: readonly unknown[],
  index: number,
  depth: number,
): Readonly<Record<string, unknown>> {
  const cycle = new Callable('cycle', ({ positional }) => positional[index % Math.max(1, positional.length)]);
  const { length } = items;
  return {
    index: index + 1,
    index0: index,
    revindex: length - index,
    revindex0: length - index - 1,
    first: index === 0,
    last: index === length - 1,
    length,
    depth: depth + 1,
    depth0: depth,
    previtem: index > 0 ? items[index - 1] : new Undefined('the first item has none before it'),
    nextitem: index < length - 1 ? items[index + 1] : new Undefined('the last item has none behind it'),
    cycle,
  };
}

function itemsIn(iterable: Expression, frame: TemplateFrame): readonly unknown[] {
  return within(iterable, () => itemsOf(evaluate(iterable, frame)));
}

function captured(body: Body, frame: TemplateFrame): string {
  const out: string[] = [];
  new Renderer(out).body(body, frame);
  return out.join('');
}

// The innermost filter has no input of its own: it gets the text of the block.
function filtered(node: Expression | undefined, text: string, frame: TemplateFrame): unknown {
  if (node?.type !== 'filter') return text;
  const input = node.input ? filtered(node.input, text, frame) : text;
  const args = evaluateArguments(node.args, frame);
  return within(node, () => applyFilter(node.name, input, args, frame.environment.filters));
}

function macro(name: string, parameters: readonly Parameter[], body: Body, frame: TemplateFrame): Callable {
  const names = parameters.map((parameter) => `${parameter.name}?`);
  return new Callable(name, (args) => {
    const inner = frame.inner();
    const [rest, more, ...values] = bindMacro(name, names, args);
    for (const [index, parameter] of parameters.entries()) {
      const given = values[index];
      const { otherwise } = parameter;
      const missing = () => new Undefined(`the macro '${name}' was called without '${parameter.name}'`);
      inner.set(parameter.name, given ?? (otherwise ? evaluate(otherwise, inner) : missing()));
    }
    inner.set('varargs', rest);
    const named = more as Map<string, unknown>;
    if (named.has('caller')) inner.set('caller', named.get('caller'));
    inner.set('kwargs', Object.fromEntries([...named].filter(([key]) => key !== 'caller')));
    return captured(body, inner);
  });
}

function bindMacro(name: string, names: readonly string[], args: CallArguments): unknown[] {
  const bound = bindArguments(`the macro '${name}'`, [...names, '*varargs', '**kwargs'], args);
  return [bound[names.length], bound[names.length + 1], ...bound.slice(0, names.length)];
}

/** Renders a parsed template. Throws TemplateError with the span of what failed. */
export function render(body: Body, frame: TemplateFrame): string {
  return captured(body, frame);
}
