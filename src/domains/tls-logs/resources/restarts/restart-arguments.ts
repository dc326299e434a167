import { type Static, Type } from 'typebox';
import { hostPath } from '../../../../resources/argument-schemas.ts';
import type { Step } from '../../../../resources/step.ts';
import { heldArguments, heldStep } from './held-arguments.ts';
import { restartScript } from './restart-script.ts';

/** Arguments of a restart that waits for what comes before and after it. */
export const restartArguments = {
  service: Type.String({ pattern: '^[A-Za-z0-9:_.\\\\@-]+$', description: 'the service to restart' }),
  ...heldArguments,
  port: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65535,
      description: 'port that it serves: before the restart the connections to it are given time to end',
    }),
  ),
  more_ports: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 65535 }), {
      default: [],
      description: 'further ports whose connections are given time to end',
    }),
  ),
  drain: Type.Integer({
    minimum: 0,
    maximum: 300,
    default: 10,
    description:
      'seconds to wait for that, at most 1 where anybody is not held; then the service is restarted all the same, and who is left is named',
  }),
  certificate: Type.Optional(
    hostPath('the certificate that `port` must serve after the restart; waited for, and failed without'),
  ),
  host: Type.String({
    minLength: 1,
    default: '127.0.0.1',
    description: 'address on the host itself at which `port` is asked for its certificate',
  }),
  timeout: Type.Integer({
    minimum: 1,
    maximum: 300,
    default: 15,
    description: 'seconds to wait for the certificate after the restart',
  }),
};

/** Schema keywords: without a port there is nothing that could serve the certificate. */
export const restartNeeds = { dependentRequired: { certificate: ['port'] } };

const schema = Type.Object(restartArguments);
type RestartArguments = Static<typeof schema>;

/** The restart as a step; `after` is sh code that runs when it has succeeded. */
export function restartStep(want: RestartArguments, after = ''): Step {
  const { service, port, more_ports = [], drain, certificate, host, timeout } = want;
  const script = restartScript({
    service,
    timeout,
    drain: port === undefined ? undefined : { ports: [port, ...more_ports], seconds: drain },
    serves:
      port === undefined || certificate === undefined ? undefined : { service, host, port, certificate },
  });
  return heldStep(want, `${script}\n${after}`);
}
