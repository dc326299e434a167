import { type Static, Type } from 'typebox';
import {
  asTexts,
  dockerAliases,
  dockerArguments,
  dockerCommand,
  dockerPlace,
  type Inspected,
  inspectScript,
  member,
  optionWords,
  readInspected,
  shownValue,
} from './docker/docker-client.ts';
import { dockerProbe } from './docker/docker-probe.ts';
import type { Change, HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    volume_name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]*$', description: 'the volume' }),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether it should be there' }),
    ),
    driver: Type.Optional(Type.String({ minLength: 1, default: 'local', description: 'what keeps it' })),
    driver_options: Type.Optional(
      Type.Record(Type.String(), Type.Any(), { description: 'options of the driver' }),
    ),
    labels: Type.Optional(Type.Record(Type.String(), Type.Any(), { description: 'its labels' })),
    recreate: Type.Optional(
      Type.Enum(['never', 'options-changed', 'always'], {
        default: 'never',
        description: 'when it is made anew, which loses what is in it',
      }),
    ),
    ...dockerArguments,
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly fault: string | undefined;
  readonly volume: Inspected;
}

function differences(
  { driver = 'local', driver_options, labels }: Arguments,
  volume: Inspected,
): readonly Change[] {
  const changes: Change[] = [];
  const compare = (attribute: string, have: unknown, want: string) => {
    if (have !== want) changes.push({ attribute, from: shownValue(have), to: want });
  };
  compare('driver', member(volume, 'Driver'), driver);
  for (const [name, value] of asTexts(driver_options))
    compare(`driver_options.${name}`, member(volume, 'Options', name), value);
  for (const [name, value] of asTexts(labels))
    compare(`labels.${name}`, member(volume, 'Labels', name), value);
  return changes;
}

function createCommand({ volume_name, driver = 'local', driver_options, labels }: Arguments): string {
  const options = optionWords('--opt', driver_options);
  const marks = optionWords('--label', labels);
  return dockerCommand('volume', 'create', '--driver', driver, ...options, ...marks, volume_name);
}

/** A volume of Docker. */
export const dockerVolume: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'docker_volume',
  summary: 'Make or remove a volume of Docker',
  schema,
  argumentAliases: { volume_name: ['name'], ...dockerAliases },
  effect: 'opaque',
  repeats: ({ recreate, state }) => recreate === 'always' && state !== 'absent',
  probe: (want) =>
    dockerProbe(
      inspectScript(want, { volume: ['volume', want.volume_name] }),
      `the volume ${want.volume_name}`,
      (answer) => ({
        volume: readInspected(answer, 'volume'),
      }),
    ),
  refuse: (_want, { fault }) => (fault === undefined ? [] : [fault]),
  diff(want, { volume }) {
    const { recreate = 'never' } = want;
    if (want.state === 'absent')
      return volume ? [{ attribute: 'volume', from: 'present', to: 'absent' }] : [];
    if (!volume) return [{ attribute: 'volume', from: 'absent', to: 'present' }];
    if (recreate === 'always') return [{ attribute: 'volume', to: 'made anew' }];
    return recreate === 'options-changed' ? differences(want, volume) : [];
  },
  steps(want, changes, { volume }) {
    if (changes.length === 0) return [];
    const lines = [dockerPlace(want)];
    if (volume) lines.push(`${dockerCommand('volume', 'rm', want.volume_name)} >/dev/null || exit 1`);
    if (want.state !== 'absent') lines.push(`${createCommand(want)} >/dev/null`);
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (_want, { volume }) => ({ volume: (volume ?? {}) as { readonly [key: string]: Json } }),
};
