import { type Static, Type } from 'typebox';
import { Answer } from '../../../probes/answer.ts';
import { scriptProbe } from '../../../probes/script.ts';
import { hostPath, ownershipArguments } from '../../../resources/argument.ts';
import { type FileLook, lookFunction, readLook } from '../../../resources/files/file-look.ts';
import { ownershipChanges, settledOwnership } from '../../../resources/files/file-ownership.ts';
import type { Change, HostResource } from '../../../resources/resource.ts';
import { makeDirectoryScript, ownScript } from '../../../shell/put.ts';
import { quote } from '../../../shell/quote.ts';
import {
  type DaemonUser,
  findUser,
  readUser,
  tellUser,
  userCommand,
  userFault,
} from './files/daemon-user.ts';

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
  readonly look: FileLook;
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
    scriptProbe({
      script: `${lookFunction}\n${findUser(want.user_command)}\n${tellUser}\nprovision_look look ${quote(want.path)} -L`,
      parse: (output) => {
        const answer = new Answer(output, want.path);
        return { look: readLook(answer, 'look'), daemon: readUser(answer) };
      },
    }),
  refuse: (want, { look, daemon }) => {
    const inTheWay = look.kind !== 'absent' && look.kind !== 'directory';
    return [
      ...userFault(daemon),
      ...(inTheWay
        ? [`${want.path} is a ${look.kind}, not a directory; move it away or choose another path`]
        : []),
    ];
  },
  diff: (want, have) => {
    const made: Change[] =
      have.look.kind === 'absent' ? [{ attribute: 'state', from: 'absent', to: 'directory' }] : [];
    return [...made, ...ownershipChanges(ownership(want, have), have.look)];
  },
  steps: (want, _changes, have) => {
    const settled = settledOwnership(ownership(want, have), have.look);
    const script =
      have.look.kind === 'absent'
        ? `${makeDirectoryScript(want.path, {})}\n${ownScript(want.path, settled)}`
        : ownScript(want.path, settled);
    return [{ kind: 'script', script }];
  },
};
