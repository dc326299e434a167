import type { DomainEntry } from '../../cli/tool.ts';
import { caCommandLine } from './commands/ca/ca-command-line.ts';
import type { CaRunOptions } from './commands/ca/ca-options.ts';
import { certsCommandLine } from './commands/certs/certs-command-line.ts';
import { scheduleCommandLine } from './commands/schedule/schedule-command-line.ts';

/** Log lines over TLS, as the command line sees them. */
export const tlsLogsEntry: DomainEntry = {
  name: 'tls-logs',
  commands(program, tool, done) {
    certsCommandLine(program, tool, done);
    caCommandLine(program, done);
    scheduleCommandLine(program, tool, done);
  },
  runOptions: (command) =>
    void command.option(
      '--ca-passphrase-file <file>',
      'opens an encrypted private CA when something is to be issued',
    ),
  async load(run) {
    const { tlsLogs } = await import('./domain.ts');
    if (!run) return tlsLogs();
    const { passphraseSource } = await import('./commands/ca/ca-passphrase-source.ts');
    const { caPassphraseFile: file }: CaRunOptions = run.options;
    return tlsLogs(passphraseSource({ ...run, option: '--ca-passphrase-file', file }));
  },
};
