import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import { notBoth } from './argument-schemas.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    seconds: Type.Optional(Type.Integer({ maximum: 86_400, description: 'how long, at most a day' })),
    minutes: Type.Optional(Type.Integer({ maximum: 1440, description: 'how long, at most a day' })),
    prompt: Type.Optional(Type.String({ description: 'why; it is shown in the result, nobody is asked' })),
    echo: Type.Optional(
      Type.Boolean({ default: true, description: 'accepted for playbooks that set it: nothing is typed' }),
    ),
  },
  { additionalProperties: false, ...notBoth('seconds', 'minutes') },
);

type Arguments = Static<typeof schema>;

function secondsOf({ seconds, minutes }: Arguments): number {
  return Math.max(seconds ?? (minutes ?? 0) * 60, 1);
}

interface State {
  readonly start: string;
  readonly stop: string;
}

/** Lets time pass. */
export const pause: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'pause',
  summary: 'Let some time pass',
  schema,
  effect: 'read',
  volatile: true,
  probe(want, { observations }) {
    const now = `date '+%Y-%m-%d %H:%M:%S.000000'`;
    // A plan does not wait.
    const script = observations ? `${now}; ${now}` : `${now}; sleep ${secondsOf(want)}; ${now}`;
    return scriptProbe({
      script,
      parse({ stdout }) {
        const [start = '', stop = ''] = stdout.split('\n');
        return { start, stop };
      },
    });
  },
  refuse({ seconds, minutes, prompt }) {
    if (seconds !== undefined || minutes !== undefined) return [];
    const asked = prompt === undefined ? '' : `: ${prompt.trim()}`;
    return [
      `pause waits for an answer here, and nobody is asked${asked}; pass the value with -e, or write seconds`,
    ];
  },
  diff: () => [],
  steps: () => [],
  result(want, { start, stop }) {
    const seconds = secondsOf(want);
    const minutes = want.minutes !== undefined;
    return {
      start,
      stop,
      delta: seconds,
      echo: want.echo ?? true,
      rc: 0,
      user_input: '',
      stderr: '',
      stdout: `Paused for ${minutes ? `${seconds / 60}.0 minutes` : `${seconds}.0 seconds`}`,
    };
  },
};
