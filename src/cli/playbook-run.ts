import { existsSync } from 'node:fs';
import { ProvisionError } from '../errors/problem.ts';
import type { Playbook } from '../language/model.ts';
import { Redactor } from '../report/redaction.ts';
import type { RunReport } from '../report/run-report.ts';
import { shownEvent } from '../report/shown-event.ts';
import type { RunOutcome, RunRequest } from '../runner/request.ts';
import { askVariable } from './asked-variable.ts';
import type { RunOptions } from './command-options.ts';
import { watchInterruption } from './interruption.ts';
import { loadFor } from './loaded-playbook.ts';
import { reportProblems } from './problem-output.ts';
import type { KeptRun } from './records/run-keeping.ts';
import { askSecret, PromptInterrupted } from './secret-prompt.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { allResources, type DomainRun, type Tool } from './tool.ts';

const showCursor = '\u001b[?25h';

/** What a command that runs a playbook makes of the run. */
export interface RunUse {
  /** Of a dry run: go on behind tasks that would fail. */
  readonly survey?: boolean;
  /** The name under which the run is kept; without one it is not. */
  readonly kept?: string;
  /** What of the playbook is run, if not all of it. */
  part?(playbook: Playbook): Playbook;
  /** The exit code when there is nothing to run for. */
  needless?(playbook: Playbook, terminal: Terminal): number | undefined;
  open(terminal: Terminal, redactor: Redactor, playbook: Playbook): Promise<OpenRun>;
}

/** The report of a run that is about to begin. */
export interface OpenRun extends RunReport {
  /** Reports what is left to report; gives the exit code. */
  finish(outcome: RunOutcome): number;
}

/** Loads a playbook and runs it as the options say; returns the exit code: 1 when it could not be run, else `use` decides. */
export async function runPlaybook(
  file: string,
  options: RunOptions,
  tool: Tool,
  use: RunUse,
): Promise<number> {
  const terminal = openTerminal(options.color);
  const since = performance.now();
  const redactor = new Redactor();
  const whole = await loadFor(file, options, tool, terminal, redactor, askVariable(redactor, options));
  const loaded = performance.now();
  if (!whole) return 1;
  options.loaded?.(whole);
  const playbook = use.part?.(whole) ?? whole;
  const needless = use.needless?.(playbook, terminal);
  if (needless !== undefined) return needless;
  try {
    checkSshConfig(options.sshConfig);
    if (options.report) (await import('./records/report-files.ts')).checkReports(options.report);
    const password = options.askBecomePass ? await askSecret('become password: ', '-K') : undefined;
    if (password !== undefined) redactor.add(password);
    const report = await use.open(terminal, redactor, playbook);
    const { run, interrupted } = await runnerFor(options, report, tool);
    const kept = await keeping(use.kept, file, options, tool, report.notice);
    let exitCode = 1;
    const interruption = watchInterruption({
      say: report.notice,
      limit: options.timeout,
      ...(interrupted !== undefined && { first: interrupted }),
      leave: (exitCode) => {
        if (terminal.live) process.stderr.write(showCursor);
        process.exit(exitCode);
      },
    });
    const desk: DomainRun = {
      options,
      aside: report.aside,
      hide: (secret) => redactor.add(secret),
      // The terminal was in the hands of the question: nobody else has seen the Ctrl-C.
      interrupted: () => process.kill(process.pid, 'SIGINT'),
    };
    try {
      const outcome = await run({
        ...requestOf(options, password),
        ...(use.survey && { survey: true }),
        ...(options.timings && { timings: { since, loaded } }),
        playbook,
        connect: connectOf(options, report, redactor),
        resources: await allResources(tool.domains),
        domains: await Promise.all(tool.domains.map((domain) => domain.load(desk))),
        report: (event) => {
          options.watch?.(redactor.event(event));
          report.report(event);
          kept?.take(shownEvent(event, redactor));
        },
        watch: report.watch,
        hide: (secrets) => {
          for (const secret of secrets) redactor.add(secret);
        },
        stop: interruption.stop,
        kill: interruption.kill,
      });
      exitCode = report.finish(outcome);
    } finally {
      await report.end();
      exitCode = (await kept?.end(exitCode)) ?? exitCode;
      interruption.end();
    }
    return exitCode;
  } catch (error) {
    if (error instanceof PromptInterrupted) return 130;
    if (!(error instanceof ProvisionError)) throw redacted(error, redactor);
    const problems = error.problems.map((problem) => redactor.event(problem));
    const shown = new ProvisionError(problems, error.sources);
    reportProblems(shown, { playbook: file, version: tool.version, json: options.json === true }, terminal);
    return 1;
  }
}

// ssh and all that belongs to it: not needed to say what is wrong with a playbook. What a fleet needs: only with --fleet.
async function runnerFor(
  options: RunOptions,
  report: RunReport,
  { version }: Tool,
): Promise<{ readonly run: (request: RunRequest) => Promise<RunOutcome>; readonly interrupted?: string }> {
  if (!options.fleet) return await import('../runner/run.ts');
  const { fleetRunner, interruptedFleet } = await import('./fleet/fleet-runner.ts');
  return { run: fleetRunner(options, report, version), interrupted: interruptedFleet };
}

// What keeps runs is loaded for runs alone.
async function keeping(
  command: string | undefined,
  file: string,
  options: RunOptions,
  tool: Tool,
  say: (line: string) => void,
): Promise<KeptRun | undefined> {
  if (command === undefined) return undefined;
  const { keepRun } = await import('./records/run-keeping.ts');
  const { text, check = false, report: reports = [] } = options;
  const playbook = text === undefined ? file : undefined;
  return await keepRun({ command, playbook, check, reports }, tool, say);
}

// Else every host would be reported as unreachable for the same slip.
function checkSshConfig(file: string | undefined): void {
  if (file === undefined || existsSync(file)) return;
  const hint = `the path is relative to ${process.cwd()}`;
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
    // A report shows diffs, whatever the screen does.
    diff: options.diff === true || options.report !== undefined,
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
    shellTimeout: options.shellTimeout * 1000,
    ...(options.sshConfig !== undefined && { sshConfigFile: options.sshConfig }),
    askPassphrase: (keyFile) =>
      report.aside(async () => {
        const passphrase = await askSecret(`passphrase of ${keyFile}: `, 'an encrypted key');
        if (passphrase !== undefined) redactor.add(passphrase);
        return passphrase === '' ? undefined : passphrase;
      }),
  };
}
