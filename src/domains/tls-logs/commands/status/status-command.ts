import { setTimeout as sleep } from 'node:timers/promises';
import { runPlaybook } from '../../../../cli/playbook-run.ts';
import type { Terminal } from '../../../../cli/terminal.ts';
import { allResources, type Tool } from '../../../../cli/tool.ts';
import { typedCommand } from '../../../../cli/typed-command.ts';
import { jsonText } from '../../../../report/json-text.ts';
import { writeLines } from '../../../../report/screen.ts';
import { visibleEvent } from '../../../../report/visible-text.ts';
import { openSurveyRun } from '../survey/survey-run.ts';
import { type StatusDocument, statusExitCode, statusFormat } from './status-document.ts';
import type { StatusOptions } from './status-options.ts';
import { statusPlaybook, watches } from './status-playbook.ts';
import { StatusSurvey } from './status-survey.ts';
import { statusText } from './status-text.ts';
import { troublesOf } from './status-troubles.ts';

const usualSeconds = 10;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const clearScreen = '\u001b[H\u001b[2J';

/** `provision status`: looks how log servers and clients are, once or again and again; returns the last exit code. */
export async function status(file: string, options: StatusOptions, tool: Tool): Promise<number> {
  const { watch } = options;
  if (watch === undefined) return await look(file, options, tool, undefined);
  const seconds = watch === true ? usualSeconds : watch;
  const stop = new AbortController();
  const end = (): void => stop.abort();
  // All the time: a run that has shown its screen and ends takes a signal for its own, and does no more with it.
  for (const name of signals) process.on(name, end);
  try {
    for (let again = false; ; again = true) {
      const code = await look(file, { ...options, quiet: again || options.quiet === true }, tool, seconds);
      // A playbook that cannot be read is no better the next time.
      if (code === 130 || code === 124 || code === 1) return code;
      await sleep(seconds * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return 130;
    }
  } finally {
    for (const name of signals) process.off(name, end);
  }
}

async function look(
  file: string,
  { watch: _, ...options }: StatusOptions,
  tool: Tool,
  every: number | undefined,
): Promise<number> {
  const resources = await allResources(tool.domains);
  const watching = new Set([...resources.values()].filter(watches).map(({ name }) => name));
  const began = performance.now();
  const commands = {
    apply: typedCommand('apply', file, options),
    verify: typedCommand('verify', file, options),
    certs: typedCommand('certs', file, options),
  };
  const finish = (
    survey: StatusSurvey,
    terminal: Terminal,
    hide: (document: StatusDocument) => StatusDocument,
  ): number => {
    const { found } = survey;
    const troubles = troublesOf(found, options, commands);
    const document = hide({
      type: 'status',
      format: statusFormat,
      version: tool.version,
      playbook: file,
      checked: new Date().toISOString(),
      ...found,
      troubles,
      exitCode: statusExitCode({ ...found, troubles }),
    });
    print(document, performance.now() - began, terminal, { json: options.json === true, every });
    return document.exitCode;
  };
  return await runPlaybook(file, { ...options, check: true, diff: false }, tool, {
    kept: 'status',
    survey: true,
    part: (playbook) => statusPlaybook(playbook, resources),
    needless: (playbook, terminal) => {
      if (playbook.plays.some(({ tasks }) => tasks.length > 0)) return undefined;
      return finish(new StatusSurvey(new Date()), terminal, (document) => document);
    },
    open: async (terminal, redactor) => {
      const survey = new StatusSurvey(new Date(), watching);
      return openSurveyRun(terminal, options.quiet ?? false, {
        take: (event) => survey.take(event),
        warning: (event) => {
          const { host, message } = visibleEvent(event);
          return `${host === undefined ? '' : `${host}: `}${message}`;
        },
        waiting: ({ hosts }) => `looking at ${hosts.length} hosts ...`,
        finish: () => finish(survey, terminal, (document) => redactor.event(document)),
      });
    },
  });
}

function print(
  document: StatusDocument,
  duration: number,
  { stdout }: Terminal,
  { json, every }: { readonly json: boolean; readonly every: number | undefined },
): void {
  if (json) {
    // Of several documents each is one line.
    writeLines(stdout, [jsonText(document, every === undefined ? 2 : undefined)]);
    return;
  }
  if (every !== undefined && stdout.stream.isTTY) stdout.stream.write(clearScreen);
  const time = document.checked.slice(11, 19);
  const again = every === undefined ? [] : ['', `looked at ${time} UTC, again every ${every} s; Ctrl-C ends`];
  const lines = statusText(visibleEvent(document), duration, stdout);
  writeLines(stdout, [...lines, ...again.map((line) => stdout.paint('dim', line))]);
}
