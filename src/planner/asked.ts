import type { Ask, ProbeKind } from '../probes/probe.ts';
import type { Question } from './question.ts';

/** One question as it is asked of a host: equal ones of several tasks are one. */
export interface Asked {
  /** Equal for equal questions by the same user. */
  readonly id: string;
  readonly become: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a list holds questions of every kind.
  readonly kind: ProbeKind<any, unknown>;
  readonly question: unknown;
  /** What the answer depends on: a change there makes it stale. */
  readonly paths: readonly string[];
  /** Seconds until it is ended; only of a kind whose questions have a section each. */
  readonly timeout: number | undefined;
}

// Who asks it does not matter to what is asked.
type WithoutName = Omit<Question, 'key' | 'item'>;

/** Names a question: two that are equal have the same name. */
export function askedId(ask: Ask<unknown>, become: string | undefined, timeout?: number): string {
  const limit = limitOf(ask, timeout);
  const how = limit === undefined ? ask.kind.name : `${ask.kind.name} ${limit}`;
  return `${become ?? ''}\n${how}\n${JSON.stringify(ask.question)}`;
}

// Where questions of several tasks share a section none of them can be ended by itself.
function limitOf({ kind }: Ask<unknown>, timeout: number | undefined): number | undefined {
  return kind.most === 1 ? timeout : undefined;
}

/** What is asked for a task's question. */
export function askedBy({ asks, become, paths, timeout }: WithoutName): readonly Asked[] {
  return asks.map((ask) => ({
    id: askedId(ask, become, timeout),
    timeout: limitOf(ask, timeout),
    become,
    kind: ask.kind,
    question: ask.question,
    paths: ask.paths ?? paths,
  }));
}

/** Each question once; one that several ask depends on what each of them names. */
export function askedOnce(questions: Iterable<WithoutName>): readonly Asked[] {
  const byId = new Map<string, { readonly asked: Asked; readonly paths: Set<string> }>();
  for (const question of questions) {
    for (const asked of askedBy(question)) {
      const known = byId.get(asked.id);
      if (known) for (const path of asked.paths) known.paths.add(path);
      else byId.set(asked.id, { asked, paths: new Set(asked.paths) });
    }
  }
  return [...byId.values()].map(({ asked, paths }) => ({ ...asked, paths: [...paths] }));
}
