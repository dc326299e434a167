import { type Static, Type } from 'typebox';
import { clock } from '../../../probes/clock.ts';
import { asking } from '../../../probes/probe.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { type PemAnswer, pem, pemOf } from '../../tls-logs/probes/pem.ts';
import { type ClientAnswer, containerClient, readClient } from '../probes/container-client.ts';
import { type ClientTrust, clientTrust } from '../trust/client-trust.ts';
import { causesIn } from '../trust/tls-causes.ts';
import { dockerFault } from './projects/docker-fault.ts';

const schema = Type.Object(
  {
    project_src: hostPath("the project's directory, in which its compose file lies"),
    service: Type.String({ pattern: '^[A-Za-z0-9._-]+$', description: 'the service that sends' }),
    server: Type.String({
      pattern: '^[A-Za-z0-9._:-]+$',
      description: 'the host in its route; the certificate must be for it',
    }),
    port: Type.Integer({ minimum: 1, maximum: 65535, description: 'the port in its route' }),
    ca_file: Type.Optional(
      hostPath('the CA file that it will be given; what it has now is looked at when left out'),
    ),
    system_roots: Type.Boolean({
      default: true,
      description: 'with `ca_file`: whether it trusts the roots of its image, too',
    }),
    log_seconds: Type.Integer({
      minimum: 0,
      maximum: 3600,
      default: 0,
      description: 'its log of the last so many seconds must show no trouble with TLS',
    }),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  readonly client: ClientAnswer;
  readonly authorities: PemAnswer | undefined;
  readonly trust: ClientTrust;
}

function trustOf(
  want: Args,
  client: ClientAnswer,
  authorities: PemAnswer | undefined,
  host: Date,
): ClientTrust {
  const { ca_file: caFile, server, port } = want;
  const off = client.variables.get('LOGSPOUT_TLS_DISABLE_SYSTEM_ROOTS') === 'true';
  const readsImage = caFile === undefined ? !off : want.system_roots;
  return {
    server: `${server}:${port}`,
    name: server,
    chain: client.chain,
    trouble: client.trouble,
    given: caFile === undefined ? client.files : [{ path: caFile, text: pemOf(authorities) }],
    image: readsImage ? { count: client.rootCount, trusts: client.rootsTrust } : undefined,
    variables: [...client.variables.keys()],
    clocks: { host, here: new Date() },
  };
}

function logged(client: ClientAnswer): readonly string[] {
  return causesIn(client.log).map(
    ({ cause: { cause, fix }, line }) => `the container's log says "${line}": ${cause}: ${fix}`,
  );
}

/** Judges whether a client in a container will believe its server; it never changes anything. */
export const containerTrust: HostResource<Args, State> = {
  kind: 'host',
  name: 'container_trust',
  summary:
    'Fails with every reason why a TLS client in a container refuses its server; roots are looked for inside the container',
  schema,
  effect: 'read',
  watches: true,
  volatile: true,
  probe: (want) =>
    asking(
      {
        authorities: want.ca_file === undefined ? undefined : pem(want.ca_file),
        output: script(want),
        time: clock(),
      },
      ({ authorities, output, time }) => {
        const client = readClient(output, want.service);
        const trust = trustOf(want, client, authorities, new Date(time.now * 1000));
        return { client, authorities, trust };
      },
    ),
  refuse(want, { client, trust }) {
    const isThere = client.container !== '' || want.ca_file !== undefined;
    const faults = dockerFault(client.fault, isThere, want);
    if (faults.length > 0) return faults;
    return [...clientTrust(trust).map(({ message, fix }) => `${message}: ${fix}`), ...logged(client)];
  },
  diff: () => [],
  steps: () => [],
  result: (_want, { client }) => ({ container: client.container, image_roots: client.rootCount }),
};

function script({
  project_src: directory,
  service,
  server: host,
  port,
  log_seconds: logSeconds,
  ca_file,
}: Args) {
  return containerClient({ directory, service, host, port, logSeconds, caFile: ca_file });
}
