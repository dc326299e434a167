import type { ScriptOutput } from '../shell/script-output.ts';
import type { Asked } from './asked.ts';
import type { RefusedAnswer } from './question.ts';

/** One section of a program that answers questions of one kind for one user. */
export interface ProbeSection {
  readonly id: string;
  readonly script: string;
  readonly become: string | undefined;
  /** What is asked, and how often. */
  readonly label: string;
  readonly asked: readonly Asked[];
  /** Seconds until it is ended. */
  readonly timeout?: number;
}

/** What came back for one question: its answer, or why it could not be asked. */
export type Given = { readonly value: unknown } | RefusedAnswer;

/**
 * Cuts questions into as few sections as possible: those of one user together, and of one kind among them.
 * @param user whose sections come first: the program before them was this user's already
 */
export function probeSections(asked: readonly Asked[], user?: string | undefined): readonly ProbeSection[] {
  const users = new Set(
    [...asked.filter(({ become }) => become === user), ...asked].map(({ become }) => become),
  );
  const sections: ProbeSection[] = [];
  for (const become of users) {
    const own = asked.filter((one) => one.become === become);
    for (const kind of new Set(own.map((one) => one.kind))) {
      const alike = own.filter((one) => one.kind === kind);
      for (let start = 0; start < alike.length; start += kind.most ?? alike.length) {
        const part = alike.slice(start, start + (kind.most ?? alike.length));
        const script = kind.program(part.map(({ question }) => question));
        const label = `ask ${kind.name} (${part.length})`;
        const limit = part.length === 1 ? part[0]?.timeout : undefined;
        const timeout = limit === undefined ? {} : { timeout: limit };
        sections.push({ id: `q.${sections.length}`, script, become, label, asked: part, ...timeout });
      }
    }
  }
  return sections;
}

/** What a section's output says, for each question that it asked. */
export function readSection({ asked }: ProbeSection, output: ScriptOutput): ReturnType<typeof readOutput> {
  return readOutput(asked, output);
}

/** The same of whatever has put the questions. */
export function readOutput(
  asked: readonly Asked[],
  output: ScriptOutput,
): readonly { readonly asked: Asked; readonly given: Given }[] {
  const { refused, endedAfter } = output;
  if (refused !== undefined) {
    const given = endedAfter === undefined ? { refused } : { refused, ended: output };
    return asked.map((one) => ({ asked: one, given }));
  }
  const [first] = asked;
  const values = first?.kind.read(
    output,
    asked.map(({ question }) => question),
  );
  return asked.map((one, index) => ({ asked: one, given: { value: values?.[index] } }));
}
