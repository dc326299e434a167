import { ExpectedError } from '../../errors/expected-error.ts';

/** A stop that is no mistake: it has no stack, for there is one for each name that is not known yet. */
abstract class Signal extends ExpectedError {
  constructor(message: string) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
  }
}

/** Stops an evaluation: a task that has not run yet will set what it needs. */
export class Waits extends Signal {
  readonly on: string;
  /** The host whose task it is. */
  readonly host: string;
  /** The variable that the task sets; undefined for facts. */
  readonly variable: string | undefined;

  constructor(on: string, host: string, variable?: string) {
    super(`waits for ${on}`);
    this.on = on;
    this.host = host;
    this.variable = variable;
  }
}

/** Stops an evaluation in check mode: what it needs is known only after these tasks were really applied. */
export class NotKnowable extends Signal {
  readonly dependsOn: readonly string[];

  constructor(dependsOn: readonly string[]) {
    super(`unknown until applied: ${dependsOn.join(', ')}`);
    this.dependsOn = dependsOn;
  }
}
