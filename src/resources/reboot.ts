import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import type { HostResource, TaskPlace } from './resource.ts';

const seconds = (fallback: number, description: string) =>
  Type.Optional(Type.Integer({ default: fallback, description }));
const code = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));

const schema = Type.Object(
  {
    pre_reboot_delay: seconds(
      0,
      'seconds before it begins; whole minutes count, as shutdown knows no others',
    ),
    post_reboot_delay: seconds(0, 'seconds to wait once it is back'),
    reboot_timeout: seconds(600, 'seconds until it must be back'),
    connect_timeout: Type.Optional(
      Type.Integer({ description: 'accepted: `--connect-timeout` bounds each attempt' }),
    ),
    test_command: code('what must succeed once it is back, `whoami` without it; sh reads it'),
    msg: Type.Optional(
      Type.String({
        pattern: '^[^\\n\\u0000]*$',
        default: 'Reboot initiated by Ansible',
        description: 'what users of the host are shown',
      }),
    ),
    search_paths: Type.Optional(
      Type.Array(hostPath('a directory'), { description: 'where shutdown is looked for beside the PATH' }),
    ),
    boot_time_command: code('what prints something else after each boot; sh reads it'),
    reboot_command: code('what reboots, in place of shutdown; sh reads it'),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema> & { readonly task_place: TaskPlace };

const usualPaths = ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'];

// It must have ended before the connection goes down with the host; what it says is of no use by then.
function rebootScript(want: Arguments): string {
  const minutes = Math.floor(Math.max(0, want.pre_reboot_delay ?? 0) / 60);
  const message = quote(want.msg ?? 'Reboot initiated by Ansible');
  const when = minutes === 0 ? 'now' : `+${minutes}`;
  const usual = `if command -v shutdown >/dev/null; then exec shutdown -r ${when} ${message}; else exec reboot; fi`;
  const paths = (want.search_paths ?? usualPaths).join(':');
  const inner = `sleep 1; ${want.reboot_command ?? usual}`;
  return `PATH=$PATH:${quote(paths)}; export PATH
[ "$(id -u)" = 0 ] || { echo 'only root can reboot; add \`become: true\`' >&2; exit 1; }
nohup sh -c ${quote(inner)} >/dev/null 2>&1 </dev/null &`;
}

/** Restarts a host. */
export const reboot: HostResource<Arguments, Record<never, never>> = {
  kind: 'host',
  name: 'reboot',
  summary: 'Restart the host, and wait until it is back',
  schema,
  gives: ['rebooted', 'elapsed'],
  argumentAliases: {
    pre_reboot_delay: ['pre_reboot_delay_sec'],
    post_reboot_delay: ['post_reboot_delay_sec'],
    reboot_timeout: ['reboot_timeout_sec'],
    connect_timeout: ['connect_timeout_sec'],
  },
  effect: 'opaque',
  placed: true,
  alone: true,
  repeats: () => true,
  probe: () => asking({}, () => ({})),
  refuse: ({ task_place: { local } }) =>
    local ? ['Running reboot with local connection would reboot the control node.'] : [],
  diff: () => [{ attribute: 'boot', to: 'anew' }],
  steps: (want) => [
    {
      kind: 'reboot',
      boot: want.boot_time_command ?? 'cat /proc/sys/kernel/random/boot_id',
      script: rebootScript(want),
      test: want.test_command ?? 'whoami',
      patience: want.reboot_timeout ?? 600,
      settle: Math.max(0, want.post_reboot_delay ?? 0),
    },
  ],
  result: (_want, _have, outputs) => ({
    rebooted: outputs.every(({ code }) => code === 0),
    elapsed: Number(outputs.at(-1)?.stdout ?? 0),
  }),
};
