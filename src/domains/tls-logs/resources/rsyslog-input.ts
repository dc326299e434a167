import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { rsyslogFiles } from '../probes/rsyslog-files.ts';
import { mainFile } from '../rsyslog-configuration/effective-configuration.ts';
import { type InputDifference, journalOnly, socketsAgain } from '../rsyslog-configuration/socket-input.ts';
import { lineEdits } from './rsyslog-line-edit.ts';

const schema = Type.Object(
  {
    reads: Type.Enum(['journal', 'sockets'], {
      description:
        'journal: no file loads imuxsock or imklog, but for sockets that other files ask for; sockets: they are loaded again as before',
    }),
    validate: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'sh code that must succeed before a file is replaced; `$1` is that file, `$2` the new one',
      }),
    ),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State extends InputDifference {
  /** There is a configuration to look at. */
  readonly there: boolean;
}

/** What rsyslogd reads: the journal and nothing else, or its sockets, whoever loads what reads them. */
export const rsyslogInput: HostResource<Args, State> = {
  kind: 'host',
  name: 'rsyslog_input',
  summary:
    'Let rsyslogd read the journal and nothing else, or the sockets of syslog and the kernel as before',
  schema,
  effect: 'contained',
  paths: () => [mainFile],
  probe: ({ reads }) =>
    asking({ files: rsyslogFiles() }, ({ files }) => ({
      there: files.has(mainFile),
      ...(reads === 'journal' ? journalOnly(files) : socketsAgain(files)),
    })),
  refuse: (_want, { there, faults }) =>
    there ? faults : [`${mainFile} does not exist on the host: install rsyslog first`],
  diff: (_want, { changes }) => changes.map(({ module, from, to }) => ({ attribute: module, from, to })),
  steps: ({ validate }, _changes, { changes }) =>
    lineEdits(
      changes.flatMap((change) => change.lines),
      validate,
    ),
};
