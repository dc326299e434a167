import { Type } from 'typebox';
import type { AnyResource, ControlResource, HostResource } from '../../../src/resources/resource.ts';

type Described = Pick<HostResource<unknown, unknown>, 'name' | 'schema'> &
  Partial<HostResource<unknown, unknown>>;

function host(described: Described): HostResource<unknown, unknown> {
  return {
    kind: 'host',
    summary: `test resource ${described.name}`,
    effect: 'opaque',
    probe: () => ({ asks: [], read: () => undefined }),
    diff: () => [],
    steps: () => [],
    ...described,
  };
}

function control(
  described: Pick<ControlResource<unknown>, 'name' | 'schema'> & Partial<ControlResource<unknown>>,
) {
  return {
    kind: 'control' as const,
    summary: `test resource ${described.name}`,
    evaluate: () => ({ status: 'ok' as const }),
    ...described,
  };
}

const strict = { additionalProperties: false };
const mode = Type.Optional(Type.String({ pattern: '^0?[0-7]{3,4}$', description: 'octal digits in quotes' }));

const all: readonly AnyResource[] = [
  host({
    name: 'command',
    freeform: 'cmd',
    gives: ['cmd', 'rc', 'stdout', 'stderr', 'stdout_lines', 'stderr_lines'],
    schema: Type.Object(
      { cmd: Type.String(), creates: Type.Optional(Type.String()), chdir: Type.Optional(Type.String()) },
      strict,
    ),
  }),
  host({
    name: 'shell',
    freeform: 'cmd',
    schema: Type.Object({ cmd: Type.String(), creates: Type.Optional(Type.String()) }, strict),
  }),
  host({
    name: 'copy',
    source: { argument: 'src', folder: 'files', render: false, unless: { remote_src: true } },
    schema: Type.Object(
      {
        src: Type.Optional(Type.String()),
        content: Type.Optional(Type.String()),
        dest: Type.String(),
        mode,
        backup: Type.Boolean({ default: false }),
        remote_src: Type.Boolean({ default: false }),
      },
      { ...strict, oneOf: [{ required: ['src'] }, { required: ['content'] }], required: ['dest'] },
    ),
  }),
  host({
    name: 'template',
    source: { argument: 'src', folder: 'templates', render: true },
    schema: Type.Object({ src: Type.String(), dest: Type.String(), mode }, strict),
  }),
  host({
    name: 'file',
    schema: Type.Object(
      { path: Type.String(), state: Type.Optional(Type.Enum(['file', 'directory', 'link', 'absent'])), mode },
      strict,
    ),
  }),
  host({
    name: 'package',
    aliases: ['apt'],
    schema: Type.Object(
      {
        name: Type.Array(Type.String(), { minItems: 1 }),
        state: Type.Optional(Type.Enum(['present', 'absent', 'latest'])),
        update_cache: Type.Optional(Type.Boolean()),
        cache_valid_time: Type.Optional(Type.Integer({ minimum: 0 })),
      },
      strict,
    ),
  }),
  host({
    name: 'service',
    aliases: ['systemd'],
    schema: Type.Object(
      {
        name: Type.String(),
        state: Type.Optional(Type.Enum(['started', 'stopped', 'restarted'])),
        enabled: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
  }),
  {
    kind: 'exchange',
    name: 'log_line',
    summary: 'test resource log_line',
    schema: Type.Object({ name: Type.String(), timeout: Type.Optional(Type.Integer()) }, strict),
    listener: () => 'a',
    within: (want) => want,
    listenScript: () => '',
    sendScript: () => '',
    judge: () => ({ status: 'ok' }),
    diagnoseScript: () => '',
  },
  control({ name: 'debug', schema: Type.Object({ msg: Type.Optional(Type.Unknown()) }, strict) }),
  control({ name: 'set_fact', schema: Type.Record(Type.String(), Type.Unknown()) }),
  control({
    name: 'assert',
    conditions: ['that'],
    schema: Type.Object({ that: Type.Array(Type.String()) }, strict),
  }),
];

/** Small resources for tests of loading: their schemas stay put while the real ones grow. */
export const testResources: ReadonlyMap<string, AnyResource> = new Map(
  all.flatMap((resource) =>
    [resource.name, ...(resource.aliases ?? [])].map((name) => [name, resource] as const),
  ),
);
