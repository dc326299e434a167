import { type Static, Type } from 'typebox';
import { Answer } from '../../../probes/answer.ts';
import { scriptProbe } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { refuseUnit } from '../../../resources/units/unit-change.ts';
import { isStarted, probeUnit, type UnitState } from '../../../resources/units/unit-state.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { heldChanges, heldFaults } from './restarts/held-arguments.ts';
import {
  type LoadableCertificate,
  loadedCertificates,
  readLoadable,
  tellLoadable,
} from './restarts/loaded-certificates.ts';
import { isThere, type NewestFile, readNewest, tellNewest } from './restarts/newest-file.ts';
import { restartArguments, restartNeeds, restartStep } from './restarts/restart-arguments.ts';
import { readStart, tellStart } from './restarts/start-time.ts';

const schema = Type.Object(
  {
    ...restartArguments,
    paths: Type.Array(hostPath('file, directory or shell pattern'), {
      minItems: 1,
      description:
        'what the service reads when it starts: files, shell patterns, or directories for all below them; a link counts by itself and by what it leads to; absolute paths on the host',
    }),
    read_anew: Type.Optional(
      Type.Array(hostPath('certificate or its directory'), {
        description:
          'certificates that the service reads at every connection instead: `provision certs` tells them as served',
      }),
    ),
  },
  { additionalProperties: false, ...restartNeeds },
);
type Args = Static<typeof schema>;

interface State {
  readonly unit: UnitState;
  /** Seconds as the host's clock counts them now; undefined when the service does not run. */
  readonly started: number | undefined;
  /** Any of the paths is there. */
  readonly there: boolean;
  readonly newest: NewestFile | undefined;
  readonly certificates: readonly LoadableCertificate[];
}

const time = (seconds: number) => new Date(seconds * 1000).toISOString();

// A pattern may match whatever is below the directory in which it begins; a path may be a file or a directory.
function watched(path: string): readonly string[] {
  const pattern = path.search(/[*?[]/);
  return pattern < 0 ? [path, `${path}/`] : [path.slice(0, path.lastIndexOf('/', pattern) + 1)];
}

function parse(unit: UnitState, output: ScriptOutput, want: Args): State {
  const answer = new Answer(output, `the service ${want.service}`);
  if (!unit.systemd) return { unit, started: undefined, there: false, newest: undefined, certificates: [] };
  const started = isStarted(unit) ? readStart(answer) : undefined;
  return {
    unit,
    started,
    there: isThere(answer),
    newest: readNewest(answer),
    certificates: readLoadable(answer, want),
  };
}

// After a restart its output tells the new time.
function startedText(
  want: Args,
  output: ScriptOutput | undefined,
  before: number | undefined,
): string | null {
  const anew = output?.code === 0 ? readStart(new Answer(output, `the service ${want.service}`)) : undefined;
  const started = anew ?? before;
  return started === undefined ? null : time(started);
}

/** A service that was started after the files it reads were last changed. */
export const serviceLoaded: HostResource<Args, State> = {
  kind: 'host',
  name: 'service_loaded',
  summary: 'A service that was started after the files it reads were last changed; restarted when it was not',
  schema,
  effect: 'opaque',
  follows: () => true,
  paths: ({ paths }) => paths.flatMap(watched),
  probe(want, { observations = false }) {
    const unit = probeUnit(want.service, false);
    const files = scriptProbe({
      script: [
        tellStart(want.service),
        tellNewest(want.paths),
        ...(observations ? [tellLoadable(want)] : []),
      ].join('\n'),
      parse: (output) => output,
    });
    return {
      asks: [...unit.asks, ...files.asks],
      read: (answers) => parse(unit.read(answers.slice(0, 1)), files.read(answers.slice(1)), want),
    };
  },
  refuse: (want, { unit, started, there }) => {
    const faults = [...heldFaults(want), ...refuseUnit({ name: want.service, state: 'started' }, unit)];
    if (faults.length > 0) return faults;
    if (!there)
      return [`none of the files is there that ${want.service} is to have read: ${want.paths.join(', ')}`];
    return isStarted(unit) && started === undefined && unit.properties.get('ActiveState') === 'active'
      ? [
          `systemd knows no main process of ${want.service}, so that its start cannot be compared with its files`,
        ]
      : [];
  },
  diff: (want, { unit, started, newest }) => {
    if (started === undefined) {
      const from = unit.properties.get('ActiveState') || 'unknown';
      return [{ attribute: 'state', from, to: 'started' }, ...heldChanges(want)];
    }
    if (!newest || newest.changed <= started) return [];
    const to = `started after ${newest.path}, which changed ${time(newest.changed)}`;
    return [{ attribute: 'state', from: `started ${time(started)}`, to }, ...heldChanges(want)];
  },
  steps: (want) => [restartStep(want, tellStart(want.service))],
  result: (want, { started, newest }, outputs) => ({
    started: startedText(want, outputs.at(-1), started),
    newest: newest?.path ?? null,
  }),
  observations: ({ service }, have) =>
    have ? loadedCertificates(service, have.started, have.certificates) : [],
};
