import { type ProbeSection, readSection } from '../planner/probe-sections.ts';
import type { HostOutput } from './host-section.ts';
import { scriptOutput } from './section-text.ts';

/** What a host answered to these sections; those that it never came to are not among it. */
export function sectionAnswers(
  sections: readonly ProbeSection[],
  outputs: ReadonlyMap<string, HostOutput>,
): ReturnType<typeof readSection> {
  return sections.flatMap((section) => {
    const output = outputs.get(section.id);
    return output ? readSection(section, scriptOutput(output)) : [];
  });
}
