import { createInterface } from 'node:readline/promises';
import type { RunOptions } from '../../../../cli/command-options.ts';
import { exitCodeOf } from '../../../../cli/exit-code.ts';
import { runPlaybook } from '../../../../cli/playbook-run.ts';
import { openTerminal, type Terminal } from '../../../../cli/terminal.ts';
import type { Tool } from '../../../../cli/tool.ts';
import { openReport } from '../../../../report/run-report.ts';
import { writeFitted } from '../../../../report/screen.ts';
import { uninstallingPlaybook } from './uninstalling-playbook.ts';

/** Options of `provision uninstall`. */
export interface UninstallOptions extends RunOptions {
  /** Do it without asking. */
  readonly yes?: boolean;
}

/** What a run ended with: its exit code, and whether something was, or would be, changed. */
interface Ended {
  readonly exitCode: number;
  readonly changed: boolean;
}

/** `provision uninstall`: shows what would be taken back, asks, and takes it back; returns the exit code. */
export async function uninstall(file: string, options: UninstallOptions, tool: Tool): Promise<number> {
  const terminal = openTerminal(options.color);
  if ([...(options.tags ?? []), ...(options.skipTags ?? [])].length > 0) {
    writeFitted(terminal.stderr, ['uninstall takes back all of it: leave out --tags and --skip-tags']);
    return 1;
  }
  if (options.yes && !options.check) return (await run(file, options, tool)).exitCode;
  if (!options.check && (options.json || !process.stdin.isTTY)) {
    const why = options.json ? '--json leaves no room for a question' : 'there is no terminal to ask on';
    writeFitted(terminal.stderr, [
      `uninstall asks before it changes anything, and ${why}: add --yes to do it, or -C to see what would be done`,
    ]);
    return 1;
  }
  const planned = await run(file, { ...options, check: true }, tool);
  if (options.check || planned.exitCode !== 0 || !planned.changed) return planned.exitCode;
  if (!(await confirmed(terminal))) {
    writeFitted(terminal.stderr, ['nothing was changed']);
    return 1;
  }
  return (await run(file, options, tool)).exitCode;
}

async function run(file: string, options: UninstallOptions, tool: Tool): Promise<Ended> {
  const { json = false, diff = false, verbose = false, quiet = false, check = false } = options;
  let changed = false;
  const exitCode = await runPlaybook(file, options, tool, {
    kept: check ? 'uninstall -C' : 'uninstall',
    part: uninstallingPlaybook,
    needless: (playbook, { stderr }) => {
      if (playbook.plays.length > 0) return undefined;
      writeFitted(stderr, [
        `${file} sets up nothing that can be uninstalled: it has no plays for that, which log-over-tls.yml brings`,
      ]);
      return 1;
    },
    open: async (terminal, redactor) => {
      const live = terminal.live && !json && !quiet;
      const report = await openReport({ ...terminal, json, diff, verbose, quiet, live, redactor });
      return {
        ...report,
        finish: (outcome) => {
          changed = outcome.changed;
          return exitCodeOf(outcome, options.detailedExitcode === true && check);
        },
      };
    },
  });
  return { exitCode, changed };
}

async function confirmed({ stderr }: Terminal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, historySize: 0 });
  lines.once('SIGINT', () => lines.close());
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    writeFitted(stderr, [
      '',
      stderr.paint('bold', 'Take all of this back? Received lines stay. Only yes is taken for an answer.'),
    ]);
    return (await Promise.race([lines.question('> '), ended]))?.trim() === 'yes';
  } finally {
    lines.close();
  }
}
