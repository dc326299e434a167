import { didYouMean } from '../../errors/did-you-mean.ts';
import { type Span, TemplateError } from '../values/template-error.ts';
import { Undefined } from '../values/undefined.ts';
import type { ExpressionEnvironment } from './expression-environment.ts';
import { functionNamed, refusedName } from './functions.ts';

/** The names that a part of a template sees: its own, those around it, then the environment's. */
export class Frame<Environment extends ExpressionEnvironment = ExpressionEnvironment> {
  readonly environment: Environment;
  readonly #parent: Frame<Environment> | undefined;
  readonly #own = new Map<string, unknown>();

  constructor(environment: Environment, parent?: Frame<Environment>) {
    this.environment = environment;
    this.#parent = parent;
  }

  /** A frame inside this one: what is set there is not seen here. */
  inner(): Frame<Environment> {
    return new Frame(this.environment, this);
  }

  /** A frame that sees no variables at all. */
  bare(): Frame<Environment> {
    return new Frame(withoutVariables(this.environment));
  }

  /** The names that were set in this frame itself. */
  get own(): ReadonlyMap<string, unknown> {
    return this.#own;
  }

  set(name: string, value: unknown): void {
    this.#own.set(name, value);
  }

  /** The value that the template itself gave the name. */
  local(name: string): unknown {
    for (let frame: Frame<Environment> | undefined = this; frame; frame = frame.#parent) {
      if (frame.#own.has(name)) return frame.#own.get(name);
    }
    return undefined;
  }

  /** The value of a name; Undefined when nothing has it. */
  find(name: string, span: Span): unknown {
    const found = this.local(name) ?? this.environment.find(name);
    if (found !== undefined) return found;
    const provided = functionNamed(name, this.environment);
    if (provided) return provided;
    const advice = refusedName(name);
    if (advice !== undefined) {
      throw new TemplateError(`'${name}' is not supported`, span, { code: 'not-supported', hint: advice });
    }
    const { environment } = this;
    return new Undefined(`the variable '${name}' is not defined`, span, () =>
      environment.advice ? environment.advice(name) : didYouMean(name, environment.names()),
    );
  }
}

// Everything but names reaches the environment as it is.
function withoutVariables<Environment extends ExpressionEnvironment>(environment: Environment): Environment {
  const instead: Partial<ExpressionEnvironment> = {
    find: () => undefined,
    names: () => [],
    advice: noContext,
  };
  return new Proxy(environment, {
    get(target, key) {
      if (Object.hasOwn(instead, key)) return Reflect.get(instead, key);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function noContext(): string {
  return 'write `with context` behind the import or include: without it the other template sees no variables';
}
