import type { ScriptOutput } from '../shell/script-output.ts';
import type { AnyResource } from './resource.ts';
import type { DomainStep } from './step.ts';

/** The host on which a step of a domain is made. */
interface StepHost {
  /** Runs a snippet there at once; all steps before it have been made. */
  run(script: string): Promise<ScriptOutput>;
}

/** Makes the steps of one kind: the control node's part of a change. */
export interface StepExecutor<Made extends DomainStep = DomainStep> {
  readonly kind: Made['kind'];
  /** Gives the script that finishes the step on the host, together with what follows it, or how the step failed. */
  run(step: Made, host: StepHost): Promise<{ readonly script: string } | ScriptOutput>;
}

/** What a domain does for one run. */
export interface DomainWork {
  // biome-ignore lint/suspicious/noExplicitAny: a list holds executors of every kind.
  readonly executors: readonly StepExecutor<any>[];
  /** Frees what the executors hold, when the run ends. */
  end(): void;
}

/**
 * A pure function that templates call as a filter: `value | name(argument)`. What it is given is read only as far as it looks:
 * of `hostvars` what it does not read need not be known. It throws for what makes no sense.
 */
export type DomainFilter = (value: unknown, args: readonly unknown[]) => unknown;

/** A field of work that the engine knows nothing about: its resources, and what their steps need of the control node. */
export interface Domain {
  /** Begins the kinds of its steps. */
  readonly name: string;
  readonly resources: readonly AnyResource[];
  /** By their names in templates, which begin like the domain's variables. */
  readonly filters?: Readonly<Record<string, DomainFilter>>;
  begin(): DomainWork;
}
