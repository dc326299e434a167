import { durationText } from '../../report/duration-text.ts';
import { padTo } from '../../report/fitted-text.ts';
import type { RunOptions } from '../command-options.ts';
import { runPlaybook } from '../playbook-run.ts';
import type { Tool } from '../tool.ts';
import { adhocFile, adhocOptions } from './adhoc-playbook.ts';
import { openAdhocEvents } from './adhoc-report.ts';

const task = {
  name: 'ping',
  debug: { msg: '{{ ansible_facts.distribution }} {{ ansible_facts.distribution_version }}' },
};

/** `provision ping`: opens each host as a run does, with its login and sudo, and changes nothing; returns the exit code. */
export async function ping(pattern: string, options: RunOptions, tool: Tool): Promise<number> {
  const looking = { ...adhocOptions(pattern, task, options), check: true };
  return await runPlaybook(adhocFile, looking, tool, {
    open: async (terminal, redactor, playbook) => {
      const width = Math.max(0, ...[...playbook.limited].map((name) => name.length));
      const times = new Map<string, number>();
      const report = await openAdhocEvents(terminal, redactor, options, ({ host, message = '' }) => {
        const time = durationText(times.get(host) ?? 0).padStart(7);
        return [`${padTo(host, width)}  ${terminal.stdout.paint('green', 'ok')}  ${time}  ${message}`];
      });
      return {
        ...report,
        report: (event) => {
          if (event.type === 'host-connected') times.set(event.host, event.duration);
          report.report(event);
        },
      };
    },
  });
}
