import { existsSync } from 'node:fs';
import { ProvisionError } from '../errors/problem.ts';
import { Redactor } from '../report/redaction.ts';
import { openReport, type RunReport } from '../report/run-report.ts';
import type { RunRequest } from '../runner/request.ts';
import type { RunOptions } from './command-options.ts';
import { exitCodeOf } from './exit-code.ts';
import { watchInterruption } from './interruption.ts';
import { loadFor } from './playbook-loading.ts';
import { tellProblems } from './problem-output.ts';
import { askSecret, PromptInterrupted } from './secret-prompt.ts';
import { openTerminal } from './terminal.ts';

const showCursor = '\u001b[?25h';

/** `provision apply` and `provision plan`: loads the playbook, runs it, reports; returns the exit code. */
export async function apply(file: string, options: RunOptions, version: string): Promise<number> {
  const terminal = openTerminal(options.color);
  const playbook = await loadFor(file, options, version, terminal);
  if (!playbook) return 1;
  const redactor = new Redactor();
  try {
    // ssh and all that belongs to it: not needed to tell what is wrong with a playbook.
    const { run } = await import('../runner/run.ts');
    checkSshConfig(options.sshConfig);
    const password = options.askBecomePass ? await askSecret('sudo password: ', '-K') : undefined;
    if (password !== undefined) redactor.add(password);
    const { json = false, diff = false, verbose = false, quiet = false } = options;
    const live = terminal.live && !json && !quiet;
    const report = await openReport({ ...terminal, json, diff, verbose, quiet, live, redactor });
    const interruption = watchInterruption({
      say: report.notice,
      leave: () => {
        if (live) process.stderr.write(showCursor);
        process.exit(130);
      },
    });
    try {
      const outcome = await run({
        ...requestOf(options, password),
        playbook,
        connect: connectOf(options, report, redactor),
        report: report.report,
        hide: (secrets) => {
          for (const secret of secrets) redactor.add(secret);
        },
        stop: interruption.stop,
        kill: interruption.kill,
      });
      return exitCodeOf(outcome, options.detailedExitcode === true);
    } finally {
      await report.end();
      interruption.end();
    }
  } catch (error) {
    if (error instanceof PromptInterrupted) return 130;
    if (!(error instanceof ProvisionError)) throw redacted(error, redactor);
    const problems = error.problems.map((problem) => redactor.event(problem));
    const told = new ProvisionError(problems, error.sources);
    tellProblems(told, { playbook: file, version, json: options.json === true }, terminal);
    return 1;
  }
}

// Else every host would be told to be unreachable for the same slip.
function checkSshConfig(file: string | undefined): void {
  if (file === undefined || existsSync(file)) return;
  const hint = `the path counts from ${process.cwd()}`;
  throw new ProvisionError([
    { code: 'missing-file', message: `--ssh-config ${file}: there is no such file`, hint },
  ]);
}

function redacted(error: unknown, redactor: Redactor): unknown {
  if (!(error instanceof Error)) return error;
  error.message = redactor.text(error.message);
  if (error.stack !== undefined) error.stack = redactor.text(error.stack);
  return error;
}

function requestOf(
  options: RunOptions,
  password: string | undefined,
): Pick<RunRequest, 'check' | 'diff' | 'forks' | 'tags' | 'skipTags' | 'become'> {
  return {
    check: options.check === true,
    diff: options.diff === true,
    forks: options.forks,
    tags: options.tags ?? [],
    skipTags: options.skipTags ?? [],
    become: {
      enabled: options.become === true,
      user: options.becomeUser,
      ...(password !== undefined && { password }),
    },
  };
}

function connectOf(options: RunOptions, report: RunReport, redactor: Redactor): RunRequest['connect'] {
  return {
    connectTimeout: options.connectTimeout * 1000,
    ...(options.sshConfig !== undefined && { sshConfigFile: options.sshConfig }),
    askPassphrase: (keyFile) =>
      report.aside(async () => {
        const passphrase = await askSecret(`passphrase of ${keyFile}: `, 'an encrypted key');
        if (passphrase !== undefined) redactor.add(passphrase);
        return passphrase === '' ? undefined : passphrase;
      }),
  };
}
