import { adhocFile, adhocOptions } from '../../../../cli/adhoc/adhoc-playbook.ts';
import type { RunOptions } from '../../../../cli/command-options.ts';
import { runPlaybook } from '../../../../cli/playbook-run.ts';
import { openTerminal, type Terminal } from '../../../../cli/terminal.ts';
import type { Tool } from '../../../../cli/tool.ts';
import { durationText } from '../../../../report/duration-text.ts';
import { byName } from '../../../../report/host-list.ts';
import { jsonText } from '../../../../report/json-text.ts';
import { writeLines } from '../../../../report/screen.ts';
import { visibleEvent } from '../../../../report/visible-text.ts';
import type { RunEvent } from '../../../../runner/events.ts';
import { openSurveyRun } from '../survey/survey-run.ts';
import { doctorExitCode, type Finding } from './doctor-finding.ts';
import { doctorText } from './doctor-text.ts';
import { asRoot, hostFindings } from './host-findings.ts';
import { hostScript } from './host-script.ts';
import { machineFindings } from './machine-findings.ts';
import { lookAtMachine } from './machine-look.ts';

// It changes nothing: it runs in a dry run too.
const task = {
  name: 'look',
  shell: { cmd: hostScript },
  become: true,
  changed_when: false,
  check_mode: false,
};

/** `provision doctor`: looks at this machine, and at the hosts of a playbook; returns the exit code. */
export async function doctor(file: string | undefined, options: RunOptions, tool: Tool): Promise<number> {
  const machine = machineFindings(await lookAtMachine());
  const show = (found: readonly Finding[], { stdout }: Terminal): number => {
    const findings = [...machine, ...found];
    const exitCode = doctorExitCode(findings);
    const document = { type: 'doctor', format: 1, version: tool.version, findings, exitCode };
    writeLines(stdout, options.json ? [jsonText(document, 2)] : doctorText(visibleEvent(findings), stdout));
    return exitCode;
  };
  if (file === undefined) return show([], openTerminal(options.color));
  const inventory = options.inventory ?? [file];
  const looking = { ...adhocOptions(options.limit ?? 'all', task, options), inventory, check: true };
  return await runPlaybook(adhocFile, looking, tool, {
    open: async (terminal, redactor) => {
      const found: Finding[] = [];
      return openSurveyRun(terminal, options.quiet ?? false, {
        take: (event) => found.push(...findingsOf(redactor.event(event))),
        warning: () => undefined,
        waiting: ({ hosts }) => `looking at ${hosts.length} hosts ...`,
        finish: () =>
          show(
            found.toSorted((one, other) => byName(one.host ?? '', other.host ?? '')),
            terminal,
          ),
      });
    },
  });
}

function findingsOf(event: RunEvent): readonly Finding[] {
  switch (event.type) {
    case 'host-connected':
      return [
        {
          host: event.host,
          state: 'ok',
          text: `reached in ${durationText(event.duration)}`,
        },
      ];
    case 'host-unreachable':
      return [lost(event.host, event.message, event.hint, event.code)];
    case 'host-failed':
      return event.problem?.code === 'task-failed'
        ? []
        : [wrong(event.host, event.message, event.problem?.hint)];
    case 'warning':
      return event.host === undefined ? [] : [{ host: event.host, state: 'note', text: event.message }];
    case 'task-result': {
      const { host, status, message = 'no reason was given', output } = event;
      return status === 'ok'
        ? hostFindings(host, output?.stdout ?? String(event.result?.stdout ?? ''))
        : [wrong(host, message, asRoot)];
    }
    default:
      return [];
  }
}

function wrong(host: string, text: string, fix: string | undefined): Finding {
  return { host, state: 'wrong', text, ...(fix !== undefined && { fix }) };
}

// A key that is not trusted, or a login that is refused, is no host that is merely off.
function lost(host: string, text: string, fix: string | undefined, code: string | undefined): Finding {
  const off = ['connect', 'timeout', 'lost', 'name'].includes(code ?? '');
  const next = code === 'unknown-host-key' ? 'provision trust PLAYBOOK shows the key and records it' : fix;
  return { host, state: off ? 'unreachable' : 'wrong', text, ...(next !== undefined && { fix: next }) };
}
