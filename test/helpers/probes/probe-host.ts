import { askedBy, askedOnce } from '../../../src/planner/asked.ts';
import { type ProbeSection, probeSections, readSection } from '../../../src/planner/probe-sections.ts';
import type { Ask } from '../../../src/probes/probe.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import type { ShellHost } from '../resources/shell-host.ts';

type Answers<Asks extends readonly Ask<unknown>[]> = {
  [Index in keyof Asks]: Asks[Index] extends Ask<infer Answer> ? Answer | ProbeError : never;
};

/** The sections of questions that travel together. */
export function sectionsOf(asks: readonly Ask<unknown>[]): readonly ProbeSection[] {
  const question = { key: '', become: undefined, asks, paths: [] };
  return probeSections(askedOnce([question]));
}

/** What a host answers to questions that travel together. */
export async function answers<const Asks extends readonly Ask<unknown>[]>(
  host: ShellHost,
  asks: Asks,
): Promise<Answers<Asks>> {
  const question = { key: '', become: undefined, asks, paths: [] };
  const given = new Map<string, unknown>();
  for (const section of sectionsOf(asks)) {
    const output = await host.run(section.script);
    for (const { asked, given: value } of readSection(section, output)) {
      given.set(asked.id, 'value' in value ? value.value : undefined);
    }
  }
  return askedBy(question).map(({ id }) => given.get(id)) as Answers<Asks>;
}

/** The answer to a single question, which must be no error. */
export async function one<Answer>(host: ShellHost, ask: Ask<Answer>): Promise<Answer> {
  const [answer] = await answers(host, [ask]);
  if (answer instanceof ProbeError) throw answer;
  return answer as Answer;
}
