import type { DomainEntry } from '../../cli/tool.ts';
import { declareCa } from './commands/ca/ca-declaration.ts';
import type { CaRunOptions } from './commands/ca/ca-options.ts';
import { declareCerts } from './commands/certs/certs-declaration.ts';
import { declareDoctor } from './commands/doctor/doctor-declaration.ts';
import { declareInit } from './commands/init/init-declaration.ts';
import { declareSchedule } from './commands/schedule/schedule-declaration.ts';
import { declareStatus } from './commands/status/status-declaration.ts';
import { declareUninstall } from './commands/uninstall/uninstall-declaration.ts';
import { declareVerify } from './commands/verify/verify-declaration.ts';

/** Log lines over TLS, as the command line sees them. */
export const tlsLogsEntry: DomainEntry = {
  name: 'tls-logs',
  commands(program, tool, done) {
    declareInit(program, done);
    declareDoctor(program, tool, done);
    declareStatus(program, tool, done);
    declareCerts(program, tool, done);
    declareVerify(program, tool, done);
    declareSchedule(program, tool, done);
    declareCa(program, done);
    declareUninstall(program, tool, done);
  },
  runOptions: (command) =>
    void command.option(
      '--ca-passphrase-file <file>',
      'opens an encrypted private CA when something is to be issued',
    ),
  async notes() {
    const { tlsLogNotes } = await import('./commands/records/tls-log-notes.ts');
    return tlsLogNotes();
  },
  async load(run) {
    const { tlsLogs } = await import('./domain.ts');
    if (!run) return tlsLogs();
    const { passphraseSource } = await import('./commands/ca/ca-passphrase-source.ts');
    const { caPassphraseFile: file }: CaRunOptions = run.options;
    return tlsLogs(passphraseSource({ ...run, option: '--ca-passphrase-file', file }));
  },
};
