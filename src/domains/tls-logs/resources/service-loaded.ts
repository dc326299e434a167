import { type Static, Type } from 'typebox';
import { Answer } from '../../../probes/answer.ts';
import { clock } from '../../../probes/clock.ts';
import { asking } from '../../../probes/probe.ts';
import { startedAt } from '../../../probes/process-start.ts';
import { unit } from '../../../probes/unit.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { refuseUnit } from '../../../resources/units/unit-change.ts';
import { isStarted, type UnitState, unitName } from '../../../resources/units/unit-state.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { type ChangedFile, changedFiles, newest } from '../probes/changed-files.ts';
import { heldChanges, heldFaults } from './restarts/held-arguments.ts';
import {
  type LoadableCertificate,
  loadableProbe,
  loadedCertificates,
} from './restarts/loaded-certificates.ts';
import { restartArguments, restartNeeds, restartStep } from './restarts/restart-arguments.ts';
import { printStart, readStart } from './restarts/start-time.ts';

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
          'certificates that the service reads at every connection instead: `provision certs` shows them as served',
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
  readonly newest: ChangedFile | undefined;
  readonly certificates: readonly LoadableCertificate[];
}

const text = (seconds: number) => new Date(seconds * 1000).toISOString();

// A pattern may match whatever is below the directory in which it begins; a path may be a file or a directory.
function watched(path: string): readonly string[] {
  const pattern = path.search(/[*?[]/);
  return pattern < 0 ? [path, `${path}/`] : [path.slice(0, path.lastIndexOf('/', pattern) + 1)];
}

// After a restart its output gives the new time.
function startedText(
  want: Args,
  output: ScriptOutput | undefined,
  before: number | undefined,
): string | null {
  const anew = output?.code === 0 ? readStart(new Answer(output, `the service ${want.service}`)) : undefined;
  const started = anew ?? before;
  return started === undefined ? null : text(started);
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
    const loaded = asking(
      {
        unit: unit({ name: unitName(want.service) }),
        files: changedFiles(want.paths, want.paths.flatMap(watched)),
        time: clock(want.paths.flatMap(watched)),
      },
      ({ unit: found, files, time }) => ({
        unit: found,
        started: isStarted(found) && found.began !== undefined ? startedAt(found.began, time) : undefined,
        there: files.length > 0,
        newest: newest(files, time.now),
      }),
    );
    if (!observations)
      return { asks: loaded.asks, read: (answers) => ({ ...loaded.read(answers), certificates: [] }) };
    const certificates = loadableProbe(want);
    const count = loaded.asks.length;
    return {
      asks: [...loaded.asks, ...certificates.asks],
      read: (answers) => ({
        ...loaded.read(answers.slice(0, count)),
        certificates: certificates.read(answers.slice(count)),
      }),
    };
  },
  refuse: (want, { unit, started, there }) => {
    const faults = [...heldFaults(want), ...refuseUnit({ name: want.service, state: 'started' }, unit)];
    if (faults.length > 0) return faults;
    if (!there)
      return [`none of the files that ${want.service} should have read exists: ${want.paths.join(', ')}`];
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
    const to = `started after ${newest.path}, which changed ${text(newest.changed)}`;
    return [{ attribute: 'state', from: `started ${text(started)}`, to }, ...heldChanges(want)];
  },
  steps: (want) => [restartStep(want, printStart(want.service))],
  result: (want, { started, newest }, outputs) => ({
    started: startedText(want, outputs.at(-1), started),
    newest: newest?.path ?? null,
  }),
  observations: ({ service }, have) =>
    have ? loadedCertificates(service, have.started, have.certificates) : [],
};
