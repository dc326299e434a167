import { type Static, Type } from 'typebox';
import type { FileStat } from '../../../probes/file-stat.ts';
import { path } from '../../../probes/path.ts';
import { asking } from '../../../probes/probe.ts';
import { hostPath, ownershipArguments } from '../../../resources/argument-schemas.ts';
import { ownershipChanges, settledOwnership } from '../../../resources/files/file-ownership.ts';
import type { Change, HostResource } from '../../../resources/resource.ts';
import { makeDirectoryScript, ownScript } from '../../../shell/put.ts';
import { type DaemonUser, daemonUser } from '../probes/daemon-user.ts';
import { userCommand, userFault } from './files/user-command.ts';

const schema = Type.Object(
  {
    path: hostPath('the directory'),
    user_command: userCommand,
    group: Type.Optional(Type.String({ minLength: 1, description: 'its group; left as it is without it' })),
    mode: ownershipArguments.mode,
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  readonly stat: FileStat;
  readonly daemon: DaemonUser;
}

function ownership(want: Args, { daemon }: State) {
  return { owner: daemon.user, group: want.group, mode: want.mode };
}

/** A directory that a daemon may write, whatever user it runs as on this host. */
export const daemonDirectory: HostResource<Args, State> = {
  kind: 'host',
  name: 'daemon_directory',
  summary: 'A directory that belongs to the user a daemon runs as, found on the host',
  schema,
  effect: 'contained',
  // Installing the daemon may bring both its user and this directory.
  follows: () => true,
  paths: ({ path }) => [path],
  probe: (want) =>
    asking({ found: path(want.path), daemon: daemonUser(want.user_command) }, ({ found, daemon }) => ({
      stat: found.behind,
      daemon,
    })),
  refuse: (want, { stat, daemon }) => {
    const inTheWay = stat.kind !== 'absent' && stat.kind !== 'directory';
    return [
      ...userFault(daemon),
      ...(inTheWay
        ? [`${want.path} is a ${stat.kind}, not a directory; move it away or choose another path`]
        : []),
    ];
  },
  diff: (want, have) => {
    const made: Change[] =
      have.stat.kind === 'absent' ? [{ attribute: 'state', from: 'absent', to: 'directory' }] : [];
    return [...made, ...ownershipChanges(ownership(want, have), have.stat)];
  },
  steps: (want, _changes, have) => {
    const settled = settledOwnership(ownership(want, have), have.stat);
    const script =
      have.stat.kind === 'absent'
        ? `${makeDirectoryScript(want.path, {})}\n${ownScript(want.path, settled)}`
        : ownScript(want.path, settled);
    return [{ kind: 'script', script }];
  },
};
