import { type Static, Type } from 'typebox';
import { needsOneOf } from './argument-schemas.ts';
import { type RunState, runKeys, runResult } from './commands/command-run.ts';
import type { HostResource } from './resource.ts';
import { shell } from './shell.ts';

const schema = Type.Object(
  {
    cmd: Type.Optional(Type.String({ pattern: '^[^\\u0000]*$', minLength: 1, description: 'the code' })),
    executable: Type.Optional(
      Type.String({ pattern: '^[^\\u0000-]', description: 'another shell than /bin/sh' }),
    ),
  },
  { additionalProperties: false, ...needsOneOf('cmd') },
);

type Arguments = Static<typeof schema>;

/** Code for the shell, as `shell` runs it: hosts need no Python here anyway. */
export const raw: HostResource<Arguments, RunState> = {
  ...shell,
  name: 'raw',
  summary: 'Run shell code; the same as shell, for hosts need no Python',
  schema,
  gives: runKeys.filter((key) => key !== 'cmd'),
  freeform: 'cmd',
  // As with Ansible: all that was printed, to the last line end, and not what was run.
  result(want, have, outputs) {
    const { cmd: _cmd, ...rest } = runResult({ ...want, strip_empty_ends: false }, '', have, outputs);
    return rest;
  },
};
