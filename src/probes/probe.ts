import type { ScriptOutput } from '../shell/script-output.ts';
import { ProbeError } from './probe-error.ts';

/**
 * What can be asked of a host: all questions of one kind in a round trip are answered by as few processes as possible.
 * Programs change nothing, need POSIX sh and coreutils (busybox too), and quote whatever stands in a question.
 */
export interface ProbeKind<Question, Answer> {
  /** Names the kind; unique. */
  readonly name: string;
  /** How many questions one section takes at the most; all of them without it. */
  readonly most?: number;
  /** sh code that answers all the questions; it runs in a subshell of its own with stdin at /dev/null. */
  program(questions: readonly Question[]): string;
  /** The same question as a task with this environment asks it; one that its kind does not care for stays as it is. */
  inEnvironment?(question: Question, environment: Readonly<Record<string, string>>): Question;
  /** A link that an answer shows: what is changed where it leads is changed at its path as well. */
  link?(question: Question, answer: Answer): { readonly path: string; readonly points: string } | undefined;
  /** One answer for each question, in their order; a ProbeError for one that cannot be used. The host is not trusted. */
  read(output: ScriptOutput, questions: readonly Question[]): readonly (Answer | ProbeError)[];
}

/** One question of a kind. */
export interface Ask<Answer> {
  // biome-ignore lint/suspicious/noExplicitAny: a list of asks holds questions of every kind.
  readonly kind: ProbeKind<any, Answer>;
  /** Plain data: questions whose JSON is equal are asked once. */
  readonly question: unknown;
  /** Absolute paths on which the answer depends; those of the resource that asks without it. */
  readonly paths?: readonly string[];
}

/** What a resource wants to know of a host, and what the answers mean together. */
export interface Probe<State> {
  readonly asks: readonly Ask<unknown>[];
  /** Takes the answers in the order of `asks`; throws ProbeError when one makes no sense. */
  read(answers: readonly unknown[]): State;
}

type Asks = { readonly [name: string]: Ask<unknown> | undefined };
type AnswersOf<Named extends Asks> = {
  readonly [Name in keyof Named]:
    | (Named[Name] extends Ask<infer Answer> | undefined ? Answer : never)
    | (undefined extends Named[Name] ? undefined : never);
};

/** A probe of several named questions; one that is undefined is not asked. */
export function asking<Named extends Asks, State>(
  named: Named,
  read: (answers: AnswersOf<Named>) => State,
): Probe<State> {
  const entries = Object.entries(named).flatMap(([name, ask]) => (ask ? [[name, ask] as const] : []));
  return {
    asks: entries.map(([, ask]) => ask),
    read(answers) {
      for (const answer of answers) if (answer instanceof ProbeError) throw answer;
      const byName = Object.fromEntries(entries.map(([name], index) => [name, answers[index]]));
      return read(byName as AnswersOf<Named>);
    },
  };
}
