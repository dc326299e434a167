import { runPlaybook } from '../../../src/cli/playbook-run.ts';
import type { RunEvent } from '../../../src/runner/events.ts';

/** Runs a playbook in this process as a command does, and gives what who watches it gets. */
export async function watchedRun(file: string): Promise<{
  readonly code: number;
  readonly events: readonly RunEvent[];
  readonly warnings: readonly string[];
}> {
  const events: RunEvent[] = [];
  const options = {
    forks: 1,
    becomeUser: 'root',
    connectTimeout: 5,
    shellTimeout: 5,
    color: false,
    watch: (event: RunEvent) => events.push(event),
  };
  const code = await runPlaybook(
    file,
    options,
    { version: '0', domains: [], settings: {} },
    {
      open: async () => ({
        report: () => undefined,
        notice: () => undefined,
        aside: (other) => other(),
        end: async () => undefined,
        finish: ({ exitCode }) => exitCode,
      }),
    },
  );
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { code, events, warnings };
}
