import { type Static, Type } from 'typebox';
import { asking } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import { rsyslogFiles } from '../probes/rsyslog-files.ts';
import { type Configured, configured, type Listener } from '../rsyslog-configuration/configured.ts';
import {
  type ConfigurationFiles,
  effectiveConfiguration,
} from '../rsyslog-configuration/effective-configuration.ts';
import { fittedDropIn } from '../rsyslog-configuration/server-place.ts';
import { placeText } from '../rsyslog-configuration/statement.ts';
import {
  movedFile,
  openListeners,
  type TakenFile,
  takenForwarders,
  takenListeners,
  targetHost,
} from '../rsyslog-configuration/take-over.ts';
import { type OpenSocket, readSockets, takenPort } from '../rsyslog-configuration/taken-port.ts';

const port = Type.Object(
  {
    protocol: Type.Enum(['tcp', 'udp'], { description: 'of the port' }),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'its number' }),
    address: Type.Optional(Type.String({ default: '', description: 'empty for every address' })),
    variable: Type.String({ minLength: 1, description: 'variable that names the port, for messages' }),
  },
  { additionalProperties: false },
);

const schema = Type.Object(
  {
    own: Type.Array(hostPath('file of rsyslog that the run writes itself'), {
      description: 'what stands in these files is no obstacle',
    }),
    dest: Type.Optional(hostPath('file in which `content` would go')),
    behind: Type.Optional(hostPath('file in which it would go where it must be read late')),
    content: Type.Optional(
      Type.String({ description: 'configuration that must fit into what is there: modules and inputs' }),
    ),
    leaves: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'what receives from other hosts is to be taken over: its UDP ports are no obstacle, for it goes first',
      }),
    ),
    targets: Type.Array(Type.String(), {
      default: [],
      description: 'names and addresses of the log server: what sends there is to be taken over',
    }),
    keep: Type.Array(hostPath('file of rsyslog'), {
      default: [],
      description: 'files of which nothing is taken over',
    }),
    ports: Type.Array(port, { default: [], description: 'ports that must be free, or be ours' }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  readonly files: ConfigurationFiles;
  readonly found: Configured;
  readonly sockets: readonly OpenSocket[];
  /** Listeners that are to be taken over. */
  readonly leaving: readonly Listener[];
  /** What goes of which file when they are, with what sends to the targets. */
  readonly moves: readonly TakenFile[];
}

// A host on which our own file names the ports has them already: then nothing is started to look.
function socketScript({ own, ports }: Args): string {
  const seen = ports.map(
    ({ port: number }, n) => `case $line in *${quote(` port="${number}"`)}*) p${n}= ;; esac`,
  );
  return `${ports.map((_, n) => `p${n}=1`).join(' ')}
for file in ${own.map(quote).join(' ')}; do
  [ -r "$file" ] || continue
  while IFS= read -r line; do
    ${seen.join('\n    ')}
  done <"$file"
done
[ -z "${ports.map((_, n) => `$p${n}`).join('')}" ] || ! command -v ss >/dev/null || ss -Hltunp`;
}

function drivers({ drivers: all }: Configured): readonly string[] {
  return all.map(({ name, value, at }) => `${placeText(at)} ${name} ${value}`);
}

/** Looks at what rsyslog reads on a host before anything is changed. */
export const rsyslogCheck: HostResource<Args, State> = {
  kind: 'host',
  name: 'rsyslog_check',
  summary:
    'What the configuration of rsyslog on a host loads, opens and sends, and what stands in the way of a listener',
  schema,
  effect: 'read',
  // What is there when the run begins counts, whatever is planned.
  paths: () => [],
  probe: (want) =>
    asking(
      {
        files: rsyslogFiles(),
        sockets: want.ports.length > 0 && want.own.length > 0 ? script(socketScript(want)) : undefined,
      },
      ({ files, sockets }) => {
        const others = new Map([...files].filter(([file]) => !want.own.includes(file)));
        return {
          files: others,
          found: configured(effectiveConfiguration(others)),
          sockets: readSockets(sockets?.stdout ?? ''),
          leaving: want.leaves ? openListeners(others, want.keep) : [],
          moves: [
            ...(want.leaves ? takenListeners(others, want.keep).files : []),
            ...takenForwarders(others, want.targets, want.keep).files,
          ],
        };
      },
    ),
  refuse: ({ dest, behind, content, ports }, { files, found, sockets, leaving }) => [
    ...(dest !== undefined && behind !== undefined && content !== undefined
      ? fittedDropIn(files, { dest, behind, content }).faults
      : []),
    ...ports.flatMap((one) => {
      const stays = found.listeners.filter(
        ({ protocol, at }) =>
          protocol === 'tcp' || !leaving.some((other) => placeText(other.at) === placeText(at)),
      );
      return takenPort({ ...one, address: one.address ?? '' }, stays, sockets);
    }),
  ],
  diff: () => [],
  steps: () => [],
  result: (_want, { found, leaving, moves }) => ({
    modules: found.modules.map(({ name, at }) => ({ name, place: placeText(at) })),
    listeners: found.listeners.map(({ module, protocol, port: number, address, at }) => {
      return { module, protocol, port: number, address, place: placeText(at) };
    }),
    leaving: leaving.map(({ protocol, port: number, at }) => ({
      protocol,
      port: Number(number),
      file: at.file,
      place: placeText(at),
    })),
    moves: moves.map(movedFile),
    forwarders: found.forwarders.map(({ target, ruleset, at }) => ({
      target,
      host: targetHost(target),
      file: at.file,
      ruleset,
      place: placeText(at),
    })),
    sockets: found.sockets.map(({ path, at }) => ({ path, place: placeText(at) })),
    senders: found.senders.map(({ protocol, allowed, at }) => ({ protocol, allowed, place: placeText(at) })),
    drivers: drivers(found),
    user: found.user ?? '',
  }),
};
