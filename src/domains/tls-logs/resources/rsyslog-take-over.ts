import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import type { Step } from '../../../resources/step.ts';
import { putScript } from '../../../shell/put.ts';
import { quote } from '../../../shell/quote.ts';
import { rsyslogFiles } from '../probes/rsyslog-files.ts';
import type { ConfigurationFiles } from '../rsyslog-configuration/effective-configuration.ts';
import {
  forwardersTo,
  type TakeOver,
  takenForwarders,
  takenListeners,
  takenStrays,
} from '../rsyslog-configuration/take-over.ts';
import { waitingConfiguration } from '../rsyslog-configuration/waiting-configuration.ts';
import { lineEdits } from './rsyslog-line-edit.ts';

const schema = Type.Object(
  {
    takes: Type.Enum(['forwarders', 'listeners', 'strays'], {
      description:
        'forwarders: what sends to `targets`; listeners: what receives from other hosts; strays: closing braces that close nothing',
    }),
    targets: Type.Array(Type.String(), {
      default: [],
      description: 'names and addresses of the log server',
    }),
    own: Type.Array(hostPath('file of rsyslog that the run writes itself'), {
      description: 'files that are left alone, for they are ours',
    }),
    keep: Type.Array(hostPath('file of rsyslog'), {
      default: [],
      description: 'further files that are left alone',
    }),
    expected: Type.Optional(
      Type.Array(
        Type.Object({
          path: Type.String(),
          did: Type.String(),
          lines: Type.Array(Type.Integer()),
        }),
        {
          description:
            'what a plan shows, as rsyslog_check found it before anything was planned; the host is not asked again',
        },
      ),
    ),
    aside: hostPath('directory in which whole files are kept, under their own paths'),
    waiting: Type.Optional(
      hostPath('file that gets a configuration which sends what waits in the queues of these forwarders'),
    ),
    validate: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'sh code that must succeed before lines of a file become comments; `$1` is that file, `$2` the new one',
      }),
    ),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State extends TakeOver {
  readonly waiting: string | undefined;
}

function stateOf({ takes, targets, own, keep }: Args, all: ConfigurationFiles): State {
  const files = new Map([...all].filter(([file]) => !own.includes(file)));
  if (takes === 'listeners') return { ...takenListeners(files, keep), waiting: undefined };
  if (takes === 'strays') return { ...takenStrays(files, keep), waiting: undefined };
  return {
    ...takenForwarders(files, targets, keep),
    waiting: waitingConfiguration(files, forwardersTo(files, targets, keep)),
  };
}

function expectedState(expected: NonNullable<Args['expected']>): State {
  const files = expected.map(({ path, did, lines }) => ({
    path,
    did,
    lines: lines.map((line) => ({ file: path, line, text: '', lines: [] })),
  }));
  return { files, faults: [], waiting: undefined };
}

function asideStep(path: string, aside: string): Step {
  const target = `${aside}${path}`;
  const script = `provision_save ${quote(path)} || exit 1
(umask 077 && mkdir -p -- ${quote(target.replace(/\/[^/]*$/, ''))}) && mv -f -- ${quote(path)} ${quote(target)}`;
  return { kind: 'script', script };
}

/** Moves what people have set up themselves out of the way: whole files are kept, lines become comments. */
export const rsyslogTakeOver: HostResource<Args, State> = {
  kind: 'host',
  name: 'rsyslog_take_over',
  summary:
    'Set aside what rsyslog on a host sends or receives already, so that it can be put back: whole files, or lines of files that have more',
  schema,
  effect: 'contained',
  paths: ({ aside, expected }) => [
    ...(expected ? expected.map(({ path }) => path) : ['/etc/rsyslog.conf', '/etc/rsyslog.d/']),
    `${aside}/`,
  ],
  probe: (want) =>
    want.expected
      ? asking({}, () => expectedState(want.expected ?? []))
      : asking({ files: rsyslogFiles() }, ({ files }) => stateOf(want, files)),
  refuse: (_want, { faults }) => faults,
  diff: ({ aside }, { files }) =>
    files.map(({ path, did, lines }) => ({
      attribute: path,
      from: did,
      to:
        lines.length === 0
          ? `set aside in ${aside}`
          : `a comment: line ${lines.map(({ line }) => line).join(', ')}`,
    })),
  steps: ({ aside, waiting, validate }, _changes, { files, waiting: queues }) => [
    // First, for it is made of what is moved then.
    ...(waiting !== undefined && queues !== undefined
      ? [
          {
            kind: 'script' as const,
            script: `(umask 077 && mkdir -p -- ${quote(aside)}) || exit 1\n${putScript(waiting, `printf %s ${quote(queues)}`, { mode: '0600' })}`,
          },
        ]
      : []),
    ...files.filter(({ lines }) => lines.length === 0).map(({ path }) => asideStep(path, aside)),
    ...lineEdits(
      files.flatMap(({ lines }) => lines),
      validate,
    ),
  ],
  result: (_want, have, _outputs, before) => ({
    files: (before ?? have).files.map(({ path, did }) => ({ path, did })),
  }),
};
