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

  /** A frame with nothing but the environment's names. */
  root(): Frame<Environment> {
    return new Frame(this.environment);
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
