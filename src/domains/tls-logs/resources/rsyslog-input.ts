import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import type { HostResource, ScriptStep } from '../../../resources/resource.ts';
import { putScript } from '../../../shell/put.ts';
import { quote } from '../../../shell/quote.ts';
import { rsyslogFiles } from '../probes/rsyslog-files.ts';
import { mainFile } from '../rsyslog-configuration/effective-configuration.ts';
import {
  type InputDifference,
  journalOnly,
  type LineChange,
  socketsAgain,
} from '../rsyslog-configuration/socket-input.ts';

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

// Line by line, each only while it is what was seen.
function editScript(file: string, lines: readonly LineChange[], validate: string | undefined): ScriptStep {
  const cases = lines.map(({ line, text, lines: wanted }) => {
    const print = wanted.map((one) => `printf '%s\\n' ${quote(one)}`).join('; ');
    return `  ${line}:${quote(text)}) edits=$((edits + 1)); ${print || ':'} ;;`;
  });
  const source = `number=0 edits=0
while IFS= read -r line || [ -n "$line" ]; do
  number=$((number + 1))
  case $number:$line in
${cases.join('\n')}
  *) printf '%s\\n' "$line" ;;
  esac
done <${quote(file)}
[ "$edits" = ${lines.length} ] || { echo ${quote(`${file} was changed by someone else meanwhile; run again`)} >&2; false; }`;
  const check = validate === undefined ? undefined : `set -- ${quote(file)} "$1"\n${validate}`;
  return { kind: 'script', script: putScript(file, source, {}, check) };
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
  steps: ({ validate }, _changes, { changes }) => {
    const lines = changes.flatMap((change) => change.lines);
    const files = [...new Set(lines.map(({ file }) => file))];
    return files.map((file) => {
      // Two modules of one line are one edit.
      const own = new Map(lines.filter((one) => one.file === file).map((one) => [one.line, one]));
      return editScript(file, [...own.values()], validate);
    });
  },
};
