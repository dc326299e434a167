import type { Ask, ProbeKind } from '../../../probes/probe.ts';
import { ProbeError, probeFailure } from '../../../probes/probe-error.ts';

/** Who a daemon is on the host. */
export interface DaemonUser {
  readonly user: string;
  /** The user's own group; empty when there is no such user. */
  readonly group: string;
}

/**
 * sh code that sets $provision_user, root when nothing is printed, and $provision_group, empty when there is no such user.
 * @param command sh code that prints the user
 */
function findUser(command: string | undefined): string {
  return `provision_user=$( { ${command ?? ':'}
} 2>/dev/null )
provision_user=\${provision_user%%"
"*} provision_group=root
case $provision_user in
'' | root) provision_user=root ;;
*) provision_group=$(id -gn -- "$provision_user" 2>/dev/null) ;;
esac`;
}

const daemonUserKind: ProbeKind<string | null, DaemonUser> = {
  name: 'tls-logs daemon user',
  program: (commands) =>
    `${commands
      .map(
        (command) => `${findUser(command ?? undefined)}
printf '%s\\n%s\\n' "$provision_user" "$provision_group"`,
      )
      .join('\n')}\n:`,
  read(output, commands) {
    const lines = output.stdout.split('\n');
    const whole = lines.length === 2 * commands.length + 1;
    return commands.map((_, index) => {
      const [user, group] = lines.slice(2 * index);
      const failed = probeFailure(output, 'the user of a daemon');
      if (failed) return failed;
      if (!whole || !user || group === undefined)
        return new ProbeError("the host's answer about the user of a daemon makes no sense");
      return { user, group };
    });
  },
};

/** Asks who a daemon is on the host, as sh code prints it; root without any. Only an installation changes it, or the like. */
export function daemonUser(command: string | undefined): Ask<DaemonUser> {
  return { kind: daemonUserKind, question: command ?? null, paths: [] };
}
