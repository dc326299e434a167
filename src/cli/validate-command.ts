import type { Playbook, TaskNode } from '../language/model.ts';
import { counted } from '../report/host-list.ts';
import { ndjsonLine } from '../report/ndjson.ts';
import { writeFitted, writeLines } from '../report/screen.ts';
import { visibleText } from '../report/visible-text.ts';
import { eventFormat } from '../runner/events.ts';
import type { PlaybookOptions, RunOptions } from './command-options.ts';
import { loadFor } from './loaded-playbook.ts';
import { playbookListing } from './playbook-listing.ts';
import { openTerminal } from './terminal.ts';
import type { Tool } from './tool.ts';

/** Options of a command that connects to no host. */
type ValidateOptions = PlaybookOptions & Pick<RunOptions, 'listHosts' | 'listTasks' | 'listTags'>;

/** `provision validate`: loads the playbook and all it uses, and reports what it found; returns the exit code. */
export async function validate(file: string, options: ValidateOptions, tool: Tool): Promise<number> {
  const terminal = openTerminal(options.color);
  const { stdout, stderr } = terminal;
  const playbook = await loadFor(file, options, tool, terminal);
  if (!playbook) return 1;
  for (const warning of [...playbook.warnings, ...playbook.checkWarnings]) {
    writeFitted(stderr, [`${stderr.paint('yellow', 'warning:')} ${visibleText(warning)}`]);
  }
  const listing = playbookListing(playbook, options, stdout.paint);
  if (listing) {
    writeLines(stdout, listing.map(visibleText));
    return 0;
  }
  const { plays, tasks, hosts } = sizeOf(playbook);
  if (options.json) {
    const event = {
      type: 'validation',
      format: eventFormat,
      version: tool.version,
      playbook: file,
      valid: true,
    } as const;
    stdout.stream.write(ndjsonLine({ ...event, plays, tasks, hosts }));
    return 0;
  }
  const size = [counted(plays, 'play'), counted(tasks, 'task'), counted(hosts, 'host')].join(', ');
  stdout.stream.write(`${file}: ${size}: ${stdout.paint('green', 'ok')}\n`);
  return 0;
}

function sizeOf({ plays, limited }: Playbook): {
  readonly plays: number;
  readonly tasks: number;
  readonly hosts: number;
} {
  const hosts = new Set(plays.flatMap((play) => play.hosts).filter((host) => limited.has(host)));
  const tasks = plays.reduce((sum, play) => sum + countTasks(play.tasks), 0);
  return { plays: plays.length, tasks, hosts: hosts.size };
}

function countTasks(nodes: readonly TaskNode[]): number {
  return nodes.reduce((sum, node) => {
    // Loading puts the flushes of handlers between the tasks: nobody wrote them.
    if ('task' in node) return node.task.resource === 'meta' ? sum : sum + 1;
    const { tasks, rescue, always } = node.block;
    return sum + countTasks([...tasks, ...rescue, ...always]);
  }, 0);
}
