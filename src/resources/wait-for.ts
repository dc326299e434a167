import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath, notBoth } from './argument-schemas.ts';
import { grepPattern } from './commands/grep-pattern.ts';
import { lineScript, waitScript } from './commands/wait-script.ts';
import { pathInfo, pathInfoKeys, pathInfoScript } from './files/path-info.ts';
import { readPattern } from './files/pattern.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535, description: 'TCP port to wait for' })),
    host: Type.Optional(
      Type.String({
        default: '127.0.0.1',
        pattern: '^[A-Za-z0-9][A-Za-z0-9.:_-]*$',
        description: 'where the port is, as seen from the managed host',
      }),
    ),
    path: Type.Optional(hostPath('a file to wait for')),
    search_regex: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'with `path`: wait until a line of the file matches this regular expression of Python',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['started', 'present', 'stopped', 'absent', 'drained'], {
        default: 'started',
        description:
          'started and present: it is there; stopped and absent: it is not; drained: no connection is open',
      }),
    ),
    timeout: Type.Optional(
      Type.Integer({ default: 300, minimum: 0, description: 'seconds after which it fails' }),
    ),
    connect_timeout: Type.Optional(
      Type.Integer({ default: 5, minimum: 1, description: 'seconds for one attempt to connect' }),
    ),
    delay: Type.Optional(
      Type.Integer({ default: 0, minimum: 0, description: 'seconds before the first check' }),
    ),
    sleep: Type.Optional(Type.Integer({ default: 1, minimum: 1, description: 'seconds between two checks' })),
    msg: Type.Optional(Type.String({ description: 'what to say when it fails' })),
  },
  { additionalProperties: false, ...notBoth('port', 'path') },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly reached: boolean;
  /** Seconds. */
  readonly elapsed: number;
  /** What the host lacks for the check. */
  readonly lacks: string | undefined;
  /** What the path is at the end. */
  readonly info: { readonly [key: string]: Json };
  /** The line that was looked for. */
  readonly line: string | undefined;
}

function awaited(want: Arguments): string {
  const what = want.port === undefined ? want.path : `${want.host ?? '127.0.0.1'}:${want.port}`;
  const found = want.search_regex === undefined ? '' : ` to contain ${JSON.stringify(want.search_regex)}`;
  const gone = want.state === 'stopped' || want.state === 'absent';
  if (found !== '') return `${what}${gone ? ' not' : ''}${found}`;
  if (want.state === 'drained') return `the connections to ${what} to end`;
  return gone ? `${what} to be gone` : `${what}`;
}

// Why a line cannot be looked for.
function fault({ search_regex: expression }: Arguments): string | undefined {
  try {
    if (expression !== undefined) grepPattern(expression);
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return `search_regex: ${error.message}`;
    throw error;
  }
}

function faults(want: Arguments): readonly string[] {
  const wrong = fault(want);
  if (want.search_regex !== undefined && want.path === undefined) return ['search_regex needs path'];
  if (wrong !== undefined) return [wrong];
  return want.state === 'drained' && want.port === undefined ? ['state: drained needs port'] : [];
}

// What there is at the end is asked in the same breath.
function script(want: Arguments): string {
  const found =
    want.path === undefined ? undefined : `printf 'info %s\\n' "$(${pathInfoScript(quote(want.path))})"`;
  return [waitScript(want), found, lineScript(want)].filter((part) => part !== undefined).join('\n');
}

/** Waits until a port or a file is there, or gone. */
export const waitFor: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'wait_for',
  summary: 'Wait until a port answers or a file is there, or until they are gone',
  schema,
  gives: ['elapsed', 'port', 'path', 'search_regex', 'match_groups', 'match_groupdict', ...pathInfoKeys],
  effect: 'read',
  volatile: true,
  follows: () => true,
  paths: (want) => (want.path === undefined ? [] : [posix.normalize(want.path)]),
  probe: (want) =>
    scriptProbe({
      // What cannot be looked for is not waited for.
      script: fault(want) === undefined ? script(want) : ':',
      parse(output) {
        const answer = new Answer(output, awaited(want));
        return {
          reached: answer.get('reached') === 'yes',
          elapsed: Number(answer.get('elapsed') ?? 0),
          lacks: answer.get('lacks'),
          info: pathInfo(answer.get('info')),
          line: answer.bytes('line')?.toString('utf8'),
        };
      },
    }),
  faults,
  refuse(want, have) {
    if (have.lacks !== undefined) return [`to try a port of another machine the host needs ${have.lacks}`];
    if (have.reached) return [];
    return [want.msg ?? `waited ${have.elapsed} s for ${awaited(want)}`];
  },
  diff: () => [],
  steps: () => [],
  failedResult: (want, have) =>
    have.lacks === undefined ? { elapsed: have.elapsed, msg: timedOut(want) } : {},
  result: (want, have) => ({
    elapsed: have.elapsed,
    state: want.state ?? 'started',
    port: want.port ?? null,
    path: want.path ?? null,
    search_regex: want.search_regex ?? null,
    ...groups(want, have),
    ...have.info,
  }),
};

// What the groups of the expression found in the line that was waited for.
function groups({ search_regex: source }: Arguments, { line }: State): { readonly [key: string]: Json } {
  const pattern = source === undefined ? undefined : readPattern('search_regex', source);
  const match = pattern?.kind === 'pattern' ? pattern.expression.exec(line ?? '') : null;
  const named = Object.entries(match?.groups ?? {}).map(([name, text]) => [name, text ?? null] as const);
  return {
    match_groups: (match?.slice(1) ?? []).map((text) => text ?? null),
    match_groupdict: Object.fromEntries(named),
  };
}

// In Ansible's words, which a playbook may look for.
function timedOut(want: Arguments): string {
  const { msg, port, path, search_regex: expression, state = 'started' } = want;
  if (msg !== undefined) return msg;
  const what = port === undefined ? `${path}` : `${want.host ?? '127.0.0.1'}:${port}`;
  if (state === 'absent' || state === 'stopped')
    return `Timeout when waiting for ${what} ${port === undefined ? 'to be absent' : 'to stop'}.`;
  if (state === 'drained') return `Timeout when waiting for ${what} to drain`;
  if (expression !== undefined) return `Timeout when waiting for search string ${expression} in ${what}`;
  return `Timeout when waiting for ${port === undefined ? 'file ' : ''}${what}`;
}
