import { type OpenRun, runPlaybook } from '../../../../cli/playbook-run.ts';
import type { Terminal } from '../../../../cli/terminal.ts';
import { allResources, type Tool } from '../../../../cli/tool.ts';
import { typedCommand } from '../../../../cli/typed-command.ts';
import { byName, counted } from '../../../../report/host-list.ts';
import { jsonText } from '../../../../report/json-text.ts';
import { writeLines } from '../../../../report/screen.ts';
import { visibleEvent } from '../../../../report/visible-text.ts';
import type { AnyResource } from '../../../../resources/resource.ts';
import { quote } from '../../../../shell/quote.ts';
import type { CaRunOptions } from '../ca/ca-options.ts';
import { openSurveyRun } from '../survey/survey-run.ts';
import { CertificateSurvey } from './certificate-survey.ts';
import { certificateTag, certificateTasks } from './certificate-tasks.ts';
import { certificatesExitCode, nextSteps } from './certs-advice.ts';
import { type CertificatesDocument, certificatesFormat, type ShownCertificate } from './certs-document.ts';
import { certificatesTable } from './certs-table.ts';

/** Options of `provision certs`. */
export interface CertsOptions extends CaRunOptions {
  /** Days; undefined: a third of each certificate's life. */
  readonly warnDays?: number;
}

/** `provision certs`: looks at all certificates of a playbook as a dry run does, and shows what is due. */
export async function certs(file: string, options: CertsOptions, tool: Tool): Promise<number> {
  const looking = { ...options, check: true, diff: false };
  const { version, domains } = tool;
  const resources = await allResources(domains);
  const passphrase = options.caPassphraseFile;
  const ca = passphrase === undefined ? [] : ['--ca-passphrase-file', passphrase];
  const tags = (tagged: boolean) => (tagged ? ['--tags', certificateTag] : []);
  return await runPlaybook(file, looking, tool, {
    survey: true,
    kept: 'certs',
    needless: (playbook, terminal) => {
      if (certificateTasks(playbook, resources).some) return undefined;
      const none = { version, playbook: file, certificates: [], unseen: [], stores: [], next: [] };
      print(documentOf(none), options, terminal);
      return 0;
    },
    open: async (terminal, redactor, playbook) => {
      const { tagged } = certificateTasks(playbook, resources);
      const commands = {
        apply: typedCommand('apply', file, options, ...ca, ...tags(tagged)),
        certs: typedCommand('certs', file, options, ...ca),
        renewCa: (directory: string) => `provision ca renew -d ${quote(directory)}`,
      };
      return openSurvey(terminal, options, resources, (survey) => {
        const certificates = survey.certificates(new Date(), options.warnDays).toSorted(byHost);
        const unseen = survey.unseen.toSorted((one, other) => byName(one.host, other.host));
        const seen = { certificates, unseen };
        const stores = survey.stores.toSorted((one, other) => byName(one.host, other.host));
        const next = nextSteps(seen, commands);
        const document = documentOf({ version, playbook: file, ...seen, stores, next });
        return redactor.event(document);
      });
    },
  });
}

// The control node first; hosts answer in any order.
function byHost(one: ShownCertificate, other: ShownCertificate): number {
  return byName(one.host ?? '', other.host ?? '') || byName(one.place, other.place);
}

function documentOf(
  all: Pick<CertificatesDocument, 'version' | 'playbook' | 'certificates' | 'unseen' | 'stores' | 'next'>,
): CertificatesDocument {
  const { version, playbook, ...found } = all;
  return {
    type: 'certificates',
    format: certificatesFormat,
    version,
    playbook,
    checked: new Date().toISOString(),
    ...found,
    due: all.certificates.filter(({ due }) => due.length > 0).length,
    exitCode: certificatesExitCode(all),
  };
}

function openSurvey(
  terminal: Terminal,
  options: CertsOptions,
  resources: ReadonlyMap<string, AnyResource>,
  document: (survey: CertificateSurvey) => CertificatesDocument,
): OpenRun {
  const survey = new CertificateSurvey(resources);
  return openSurveyRun(terminal, options.quiet ?? false, {
    take: (event) => survey.take(event),
    warning: (event) => (event.host === undefined ? visibleEvent(event).message : undefined),
    waiting: ({ hosts }) => `looking at ${counted(hosts.length, 'host')} ...`,
    finish: () => {
      const found = document(survey);
      print(found, options, terminal);
      return found.exitCode;
    },
  });
}

function print(document: CertificatesDocument, options: CertsOptions, { stdout }: Terminal): void {
  const { json = false, verbose = false } = options;
  writeLines(
    stdout,
    json ? [jsonText(document, 2)] : certificatesTable(visibleEvent(document), stdout, verbose),
  );
}
