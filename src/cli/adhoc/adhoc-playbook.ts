import type { PlaybookOptions } from '../command-options.ts';

/** The file name that messages show for a playbook that nobody wrote. */
export const adhocFile = 'command line';

/** Options that make one task for the hosts of a pattern the playbook of a run. */
export function adhocOptions<Options extends PlaybookOptions>(
  pattern: string,
  task: Readonly<Record<string, unknown>>,
  options: Options,
): Options {
  const play = { name: 'command line', hosts: 'all', gather_facts: false, tasks: [task] };
  return { ...options, text: JSON.stringify([play]), limit: pattern, limitName: '' };
}
