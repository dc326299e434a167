import { splitWords } from '../commands/word-split.ts';
import type { ContainerArguments } from './container-schema.ts';
import { durationOf } from './container-values.ts';
import { member } from './docker-client.ts';
import { type ContainerOption, listed, members, several } from './option-shapes.ts';

/** The words of a command: a text is split as a shell would. */
export function commandWords(command: ContainerArguments['command']): readonly string[] | undefined {
  return typeof command === 'string' ? (splitWords(command) ?? [command]) : command;
}

// docker takes one word for what runs it: the others stand before the command, so both are compared together.
const entrypoint: ContainerOption = {
  name: 'entrypoint',
  shape: 'list',
  wanted: ({ entrypoint: wanted, command: words }) =>
    wanted === undefined ? undefined : [...wanted, ...(commandWords(words) ?? [])],
  found: (have) => [
    ...listed(member(have, 'Config', 'Entrypoint')),
    ...listed(member(have, 'Config', 'Cmd')),
  ],
  words: () => [],
};

const command: ContainerOption = {
  name: 'command',
  shape: 'list',
  wanted: ({ entrypoint: wanted, command: words }) =>
    wanted === undefined ? commandWords(words) : undefined,
  found: (have) => listed(member(have, 'Config', 'Cmd')),
  words: () => [],
};

const restartPolicy: ContainerOption = {
  name: 'restart_policy',
  shape: 'value',
  update: true,
  wanted: ({ restart_policy: policy, restart_retries: retries }) =>
    policy === undefined ? undefined : [policy === 'on-failure' ? `${policy}:${retries ?? 0}` : policy],
  found(have) {
    const policy = String(member(have, 'HostConfig', 'RestartPolicy', 'Name') || 'no');
    const retries = String(member(have, 'HostConfig', 'RestartPolicy', 'MaximumRetryCount') ?? 0);
    return [policy === 'on-failure' ? `${policy}:${retries}` : policy];
  },
  words: (want) => ['--restart', restartPolicy.wanted(want)?.[0]?.replace(/:0$/, '') ?? 'no'],
};

/** What runs in a container, and what docker does when it ends. */
export const processOptions: readonly ContainerOption[] = [entrypoint, command, restartPolicy];

/** How docker finds out whether it is well. */
export const healthcheck: ContainerOption = {
  name: 'healthcheck',
  shape: 'set',
  wanted({ healthcheck: wanted }) {
    if (wanted === undefined) return undefined;
    const times = {
      Interval: wanted.interval,
      Timeout: wanted.timeout,
      StartPeriod: wanted.start_period,
      StartInterval: wanted.start_interval,
    };
    const test = typeof wanted.test === 'string' ? ['CMD-SHELL', wanted.test] : wanted.test;
    if (test?.[0] === 'NONE') return [`Test ${JSON.stringify(['NONE'])}`];
    return [
      ...(test === undefined ? [] : [`Test ${JSON.stringify(test)}`]),
      ...Object.entries(times).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name} ${durationOf(value)}`],
      ),
      ...(wanted.retries === undefined ? [] : [`Retries ${wanted.retries}`]),
    ];
  },
  found: (have) =>
    Object.entries(Object(member(have, 'Config', 'Healthcheck') ?? {})).map(
      ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    ),
  words({ healthcheck: wanted = {} }) {
    const test = typeof wanted.test === 'string' ? ['CMD-SHELL', wanted.test] : (wanted.test ?? []);
    if (test[0] === 'NONE') return ['--no-healthcheck'];
    // docker's option is a line for a shell: words are quoted for it.
    const line =
      test[0] === 'CMD'
        ? test
            .slice(1)
            .map((one) => `'${one.replaceAll("'", "'\\''")}'`)
            .join(' ')
        : test.slice(1).join(' ');
    const valued = (option: string, value: unknown) =>
      value === undefined || value === '' ? [] : [option, String(value)];
    return [
      ...valued('--health-cmd', line),
      ...valued('--health-interval', wanted.interval),
      ...valued('--health-timeout', wanted.timeout),
      ...valued('--health-start-period', wanted.start_period),
      ...valued('--health-start-interval', wanted.start_interval),
      ...valued('--health-retries', wanted.retries),
    ];
  },
};

/** Limits of what runs in it. */
export const ulimits: ContainerOption = {
  ...several('ulimits', '--ulimit', [], (one) => one.replace('=', ':').replace(/^(\w+:(-?\d+))$/, '$1:$2')),
  found: (have) =>
    members(have, 'Ulimits').map((one) =>
      ['Name', 'Soft', 'Hard'].map((name) => String(member(one, name))).join(':'),
    ),
  words: ({ ulimits: wanted = [] }) => wanted.flatMap((one) => ['--ulimit', one.replace(':', '=')]),
};
