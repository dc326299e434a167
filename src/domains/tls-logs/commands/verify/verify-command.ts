import { runPlaybook } from '../../../../cli/playbook-run.ts';
import type { Terminal } from '../../../../cli/terminal.ts';
import { allResources, type Tool } from '../../../../cli/tool.ts';
import { byName } from '../../../../report/host-list.ts';
import { jsonText } from '../../../../report/json-text.ts';
import { writeFitted, writeLines } from '../../../../report/screen.ts';
import { visibleEvent } from '../../../../report/visible-text.ts';
import { openSurveyRun } from '../survey/survey-run.ts';
import { LineSurvey } from './line-survey.ts';
import { provingPlaybook } from './proving-playbook.ts';
import { type VerificationDocument, verificationExitCode, verificationFormat } from './verify-document.ts';
import type { VerifyOptions } from './verify-options.ts';
import { verificationText } from './verify-text.ts';

type Found = Pick<VerificationDocument, 'clients' | 'unreachable'>;

/** `provision verify`: has every log client send a line, as an apply does at its end, and changes nothing. */
export async function verify(
  file: string,
  { wire = false, ...options }: VerifyOptions,
  tool: Tool,
): Promise<number> {
  const resources = await allResources(tool.domains);
  const dry = { ...options, check: true, diff: false };
  const began = performance.now();
  const finish = (
    found: Found,
    terminal: Terminal,
    hide: (shown: VerificationDocument) => VerificationDocument,
  ) => {
    const document = hide(documentOf(found, file, tool.version));
    print(document, performance.now() - began, options, terminal);
    return document.exitCode;
  };
  return await runPlaybook(file, dry, tool, {
    kept: 'verify',
    part: (playbook) => provingPlaybook(playbook, resources, wire),
    needless: (playbook, terminal) => {
      if (playbook.plays.some(({ tasks }) => tasks.length > 0)) return undefined;
      return finish({ clients: [], unreachable: [] }, terminal, (document) => document);
    },
    open: async (terminal, redactor) => {
      const survey = new LineSurvey(resources);
      return openSurveyRun(terminal, options.quiet ?? false, {
        take: (event) => survey.take(event),
        warning: (event) => {
          const { host, message } = visibleEvent(event);
          return `${host === undefined ? '' : `${host}: `}${message}`;
        },
        waiting: () => 'waiting for lines ...',
        finish: () => finish(survey.found, terminal, (document) => redactor.event(document)),
      });
    },
  });
}

function documentOf(found: Found, playbook: string, version: string): VerificationDocument {
  return {
    type: 'verification',
    format: verificationFormat,
    version,
    playbook,
    checked: new Date().toISOString(),
    clients: found.clients.toSorted((one, other) => byName(one.host, other.host)),
    unreachable: found.unreachable.toSorted((one, other) => byName(one.host, other.host)),
    exitCode: verificationExitCode(found),
  };
}

function print(
  document: VerificationDocument,
  duration: number,
  { json = false }: VerifyOptions,
  { stdout }: Terminal,
): void {
  if (json) writeLines(stdout, [jsonText(document, 2)]);
  else writeFitted(stdout, verificationText(visibleEvent(document), duration, stdout.paint));
}
