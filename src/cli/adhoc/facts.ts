import { byName } from '../../report/host-list.ts';
import { jsonText } from '../../report/json-text.ts';
import type { Paint } from '../../report/paint.ts';
import { writeLines } from '../../report/screen.ts';
import type { Json } from '../../resources/resource.ts';
import type { RunOptions } from '../command-options.ts';
import { runPlaybook } from '../playbook-run.ts';
import type { Tool } from '../tool.ts';
import { adhocFile, adhocOptions } from './adhoc-playbook.ts';
import { openAdhocReport } from './adhoc-report.ts';

const task = { name: 'facts', setup: {} };

/** `provision facts`: what templates know of hosts as `ansible_facts`; returns the exit code. */
export async function facts(pattern: string, options: RunOptions, tool: Tool): Promise<number> {
  const looking = { ...adhocOptions(pattern, task, options), check: true };
  return await runPlaybook(adhocFile, looking, tool, {
    open: async (terminal, redactor) => {
      const found = new Map<string, Json>();
      const { stdout } = terminal;
      const { json = false } = options;
      const report = openAdhocReport(terminal, redactor, {
        quiet: options.quiet ?? false,
        bare: true,
        lines: ({ host, result }) => {
          const all = result?.ansible_facts ?? {};
          found.set(host, all);
          return json ? [] : [stdout.paint('bold', host), ...factLines(all, stdout.paint, '  ')];
        },
      });
      return {
        ...report,
        finish: ({ exitCode }) => {
          const sorted = [...found].toSorted(([one], [other]) => byName(one, other));
          if (json) writeLines(stdout, [jsonText(Object.fromEntries(sorted), 2)]);
          return exitCode;
        },
      };
    },
  });
}

/** Facts as lines of YAML, sorted by name. */
function factLines(value: Json, paint: Paint, indent: string): readonly string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return [`${indent}${JSON.stringify(value)}`];
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, part]) => {
      const key = `${indent}${paint('cyan', `${name}:`)}`;
      if (part === null || typeof part !== 'object') return [`${key} ${String(part)}`];
      const nested = Object.values(part).some((inner) => typeof inner === 'object' && inner !== null);
      if (Array.isArray(part) && !nested) return [`${key} ${part.map(String).join(', ')}`];
      if (Array.isArray(part)) return [`${key} ${JSON.stringify(part)}`];
      return [key, ...factLines(part, paint, `${indent}  `)];
    });
}
