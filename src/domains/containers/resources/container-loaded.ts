import { type Static, Type } from 'typebox';
import { clock } from '../../../probes/clock.ts';
import { asking } from '../../../probes/probe.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { Change, HostResource, Observation } from '../../../resources/resource.ts';
import { firstFingerprint } from '../../tls-logs/certificates/certificate.ts';
import { certificatePlace } from '../../tls-logs/certificates/certificate-place.ts';
import { certificateSeen } from '../../tls-logs/ledger/certificate-observation.ts';
import { type ServiceObservation, serviceSeen } from '../../tls-logs/ledger/service-observation.ts';
import { type ChangedFile, changedFiles, newest } from '../../tls-logs/probes/changed-files.ts';
import { type PemAnswer, pem, pemOf } from '../../tls-logs/probes/pem.ts';
import { type RunAnswer, readRun, serviceRun } from '../probes/service-run.ts';
import { dockerFault } from './projects/docker-fault.ts';
import { restartScript } from './projects/restart-script.ts';

const schema = Type.Object(
  {
    project_src: hostPath("the project's directory, in which its compose file lies"),
    service: Type.String({ pattern: '^[A-Za-z0-9._-]+$', description: 'the service' }),
    paths: Type.Array(hostPath('file or directory on the host'), {
      minItems: 1,
      description:
        'what its container reads when it starts, as it lies on the host: the container is restarted when it started before the last change',
    }),
    certificate: Type.Optional(
      hostPath('the certificate among them, which `provision certs` shows as the one in use'),
    ),
    issued: Type.Optional(hostPath('where that certificate is copied from, for `provision certs`')),
    port: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description:
          'port in the container that must present `certificate`; the container is restarted when it presents another',
      }),
    ),
    sends_to: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description:
          'port of the server to which its container sends: `provision status` says when it has no connection to one',
      }),
    ),
    timeout: Type.Integer({
      minimum: 1,
      maximum: 900,
      default: 120,
      description: 'seconds from its start until the port presents it',
    }),
  },
  { additionalProperties: false, dependentRequired: { port: ['certificate'], issued: ['certificate'] } },
);
type Args = Static<typeof schema>;

interface State {
  readonly run: RunAnswer;
  readonly newest: ChangedFile | undefined;
  /** Seconds, by the host's clock. */
  readonly now: number;
  readonly deployed: PemAnswer | undefined;
  readonly issued: PemAnswer | undefined;
}

// A path may be a file or a directory.
function watched({ paths }: Pick<Args, 'paths'>): readonly string[] {
  return paths.flatMap((path) => [path, `${path}/`]);
}

function portsOf({ service, port, sends_to: sendsTo }: Args) {
  return { service, port, sendsTo };
}

const text = (seconds: number) => new Date(seconds * 1000).toISOString();

// It has not had its time yet to open the port.
function isStarting({ timeout }: Args, { run, now }: State): boolean {
  return run.started !== undefined && !run.tls.open && now - run.started < timeout;
}

function stale({ run: { started }, newest: last }: State): Change | undefined {
  if (started === undefined || !last || last.changed <= started) return undefined;
  const to = `started after ${last.path}, which changed ${text(last.changed)}`;
  return { attribute: 'container', from: `started ${text(started)}`, to };
}

function presents(want: Args, have: State): Change | undefined {
  const { port } = want;
  const { tls } = have.run;
  const wanted = firstFingerprint(pemOf(have.deployed) ?? '') ?? '';
  if (port === undefined || (wanted !== '' && tls.served === wanted)) return undefined;
  const silent = isStarting(want, have) ? 'starting' : tls.open ? 'no TLS' : 'nothing listens';
  const from = tls.served === '' ? silent : `certificate ${tls.served}`;
  const to = wanted === '' ? `TLS with ${want.certificate}` : `certificate ${wanted}`;
  return { attribute: `port ${port}`, from, to };
}

function inUse(
  { service, port }: Args,
  have: State,
): { readonly chain: string } | { readonly trouble: string } {
  const { run, newest: last } = have;
  if (run.started === undefined)
    return {
      trouble:
        run.ids.length === 0 ? `${service} has no container` : `${service} does not run: ${run.status}`,
    };
  if (port === undefined) {
    if (!last || last.changed <= run.started) return { chain: pemOf(have.deployed) ?? '' };
    return {
      trouble: `${service} uses an earlier one: it was started ${text(run.started)}, and ${last.path} changed ${text(last.changed)}`,
    };
  }
  return run.tls.served === ''
    ? { trouble: `port ${port} of ${service} presents no certificate` }
    : { chain: run.tls.chain };
}

function troubleOf(want: Args, have: State): string | undefined {
  const { service } = want;
  const { ids, status, started } = have.run;
  if (ids.length === 0) return `${service} has no container`;
  if (started === undefined) return `${service} does not run: its container is ${status}`;
  const read = stale(have);
  if (read) return `${service} has not read its files: ${read.from}, and should have ${read.to}`;
  const shown = presents(want, have);
  if (shown) return `${shown.attribute} of ${service}: ${shown.from}, and not ${shown.to}`;
  return want.sends_to !== undefined && have.run.links?.length === 0
    ? `${service} has no connection to port ${want.sends_to}: what containers print waits in Docker's log files`
    : undefined;
}

function serviceOf(want: Args, have: State): ServiceObservation {
  const { ids, status, started, links = [], disk } = have.run;
  const trouble = troubleOf(want, have);
  return serviceSeen({
    service: want.service,
    state: ids.length === 0 ? 'no container' : status,
    ...(started !== undefined && { started: text(started) }),
    ...(links.length > 0 && { lastData: Math.round(Math.min(...links)) }),
    ...(disk && { disk: { ...disk } }),
    ...(trouble !== undefined && { trouble }),
  });
}

function observations(want: Args, have: State): readonly Observation[] {
  const { certificate, issued } = want;
  // Where docker does not answer nothing is known of the service.
  const service = have.run.fault === '' ? [serviceOf(want, have)] : [];
  if (certificate === undefined) return service;
  const place = certificatePlace(certificate);
  return [
    ...service,
    ...(issued === undefined
      ? []
      : [certificateSeen({ place, stage: 'issued', chain: pemOf(have.issued) ?? '' })]),
    certificateSeen({ place, stage: 'deployed', chain: pemOf(have.deployed) ?? '' }),
    certificateSeen({ place, stage: 'served', ...inUse(want, have) }),
  ];
}

/** A container that has read its files as they are; a restart that was missed is made up for. */
export const containerLoaded: HostResource<Args, State> = {
  kind: 'host',
  name: 'container_loaded',
  summary:
    'A container of a Compose service that was started after the files it reads were last changed; restarted when it was not',
  schema,
  effect: 'opaque',
  watches: true,
  follows: () => true,
  paths: ({ paths, certificate }) => [
    ...watched({ paths }),
    ...(certificate === undefined ? [] : [certificate]),
  ],
  probe: (want) =>
    asking(
      {
        output: serviceRun({ directory: want.project_src, ...portsOf(want) }),
        files: changedFiles(want.paths, watched(want)),
        time: clock(watched(want)),
        deployed: want.certificate === undefined ? undefined : pem(want.certificate),
        issued: want.issued === undefined ? undefined : pem(want.issued),
      },
      ({ output, files, time, deployed, issued }) => ({
        run: readRun(output, portsOf(want)),
        newest: newest(files, time.now),
        now: time.now,
        deployed,
        issued,
      }),
    ),
  refuse: (want, { run }) => dockerFault(run.fault, run.ids.length > 0, want),
  diff(want, have) {
    const { status, started } = have.run;
    if (started === undefined) return [{ attribute: 'container', from: status, to: 'running' }];
    return [stale(have), presents(want, have)].filter((change) => change !== undefined);
  },
  steps: (want, _changes, have) => [
    {
      kind: 'script',
      script: restartScript({
        directory: want.project_src,
        service: want.service,
        port: want.port,
        certificate: want.certificate,
        seconds: want.timeout,
        restarts: stale(have) !== undefined || !isStarting(want, have),
      }),
    },
  ],
  result: (want, { run }) => ({ service: want.service, containers: run.ids.map((id) => id.slice(0, 12)) }),
  observations: (want, have) => (have ? observations(want, have) : []),
};
