import { didYouMean } from '../../errors/did-you-mean.ts';
import { applyFilter, applyTest } from '../filters/filters.ts';
import { type CallArguments, Callable } from '../values/callable.ts';
import { callMethod, ownCopy } from '../values/methods.ts';
import { TemplateError, within } from '../values/template-error.ts';
import { defined, nothing, Undefined } from '../values/undefined.ts';
import { isMapping, itemsOf, kindOf, textOf, truthy } from '../values/value.ts';
import { attribute, item, pathText, slice } from './access.ts';
import type { ArgumentNodes, Expression } from './expression-tree.ts';
import type { Frame } from './frame.ts';
import { functionNames } from './functions.ts';
import { binary, comparison, signed } from './operators.ts';

/** Evaluates arguments in the order in which they are written. */
export function evaluateArguments(args: ArgumentNodes, frame: Frame): CallArguments {
  const positional = args.positional.map((node) => evaluate(node, frame));
  const named = new Map(args.named.map(({ name, value }) => [name, evaluate(value, frame)] as const));
  if (args.spread) positional.push(...itemsOf(evaluate(args.spread, frame)));
  if (args.spreadNamed) {
    const mapping = defined(evaluate(args.spreadNamed, frame));
    if (!isMapping(mapping))
      throw new TemplateError(`** needs a mapping, not ${kindOf(mapping)}`, args.spreadNamed);
    for (const [key, value] of Object.entries(mapping)) named.set(key, value);
  }
  return { positional, named };
}

/**
 * The value of an expression; Undefined when it is a name, key or item that is not there.
 * Throws TemplateError with the span of the smallest part that failed.
 */
export function evaluate(node: Expression, frame: Frame): unknown {
  switch (node.type) {
    case 'literal':
      return node.value;
    case 'name':
      return frame.find(node.name, node);
    case 'attribute':
      return taken(frame, evaluate(node.object, frame), node.name, (object) =>
        attribute(object, node.name, node.object, node.nameAt),
      );
    case 'item': {
      const object = evaluate(node.object, frame);
      const key = within(node.key, () => evaluate(node.key, frame));
      return taken(frame, object, key, () =>
        within(node.key, () => item(object, key, node.object, node.key)),
      );
    }
    case 'slice': {
      const [object, start, stop, step] = [node.object, node.start, node.stop, node.step].map(
        (part) => part && evaluate(part, frame),
      );
      return within(node, () => slice(object, start, stop, step));
    }
    case 'list':
      return ownCopy(node.items.map((one) => evaluate(one, frame)));
    case 'mapping':
      return ownCopy(
        Object.fromEntries(
          node.entries.map(([key, value]) => [
            within(key, () => textOf(evaluate(key, frame))),
            evaluate(value, frame),
          ]),
        ),
      );
    case 'filter': {
      const input = node.input && evaluate(node.input, frame);
      const args = evaluateArguments(node.args, frame);
      return within({ at: node.nameAt.at, end: node.end }, () =>
        applyFilter(node.name, input, args, frame.environment.filters),
      );
    }
    case 'test': {
      const input = evaluate(node.input, frame);
      const args = evaluateArguments(node.args, frame);
      return (
        within(node, () => applyTest(node.name, input, args, frame.environment.filters)) !== node.negated
      );
    }
    case 'call':
      return call(node.callee, node.args, node, frame);
    case 'unary': {
      const operand = evaluate(node.operand, frame);
      const { operator } = node;
      return within(node.operand, () => (operator === 'not' ? !truthy(operand) : signed(operator, operand)));
    }
    case 'binary': {
      const left = evaluate(node.left, frame);
      const { operator } = node;
      if (operator === 'and' || operator === 'or') {
        const decided = within(node.left, () => truthy(left)) === (operator === 'or');
        return decided ? left : evaluate(node.right, frame);
      }
      const right = evaluate(node.right, frame);
      return within(node, () => binary(operator, left, right));
    }
    case 'compare': {
      let left = evaluate(node.first, frame);
      for (const { operator, right: rightNode } of node.rest) {
        const right = evaluate(rightNode, frame);
        const before = left;
        if (!within(node, () => comparison(operator, before, right))) return false;
        left = right;
      }
      return true;
    }
    case 'conditional': {
      if (within(node.test, () => truthy(evaluate(node.test, frame)))) return evaluate(node.value, frame);
      return node.otherwise ? evaluate(node.otherwise, frame) : nothing;
    }
  }
}

// Lets the environment hear of a part that was found.
function taken(frame: Frame, object: unknown, key: unknown, take: (object: unknown) => unknown): unknown {
  const value = take(object);
  const { environment } = frame;
  if (environment.took && !(value instanceof Undefined) && !(value instanceof Callable))
    environment.took(object, typeof key === 'string' ? key : '', value);
  return value;
}

const lookups = new Set(['lookup', 'query', 'q']);

function call(callee: Expression, nodes: ArgumentNodes, span: Expression, frame: Frame): unknown {
  const target = evaluate(callee, frame);
  if (target instanceof Undefined) {
    if (callee.type === 'attribute') {
      const object = defined(evaluate(callee.object, frame));
      return within(callee.nameAt, () => callMethod(object, callee.name, evaluateArguments(nodes, frame)));
    }
    if (callee.type !== 'name') throw target.error();
    throw new TemplateError(`there is no function '${callee.name}'`, callee, {
      code: 'unknown-function',
      hint: didYouMean(callee.name, [...functionNames, ...frame.environment.names()]),
    });
  }
  if (!(target instanceof Callable)) {
    const path = pathText(callee);
    throw new TemplateError(`${path ? `'${path}'` : 'it'} is ${kindOf(target)}, not a function`, callee);
  }
  const args = evaluateArguments(nodes, frame);
  const result = within(span, () => target.call(args));
  if (callee.type === 'name' && lookups.has(callee.name)) frame.environment.took?.(undefined, '', result);
  return result === undefined ? null : result;
}
