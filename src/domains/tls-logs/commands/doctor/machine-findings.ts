import type { Finding } from './doctor-finding.ts';

/** What is known of the control node. */
export interface Machine {
  readonly node: string;
  readonly sqlite: boolean;
  /** Private keys in ~/.ssh that ssh tries by itself, and those of ssh_config. */
  readonly keys: readonly string[];
  /** An agent answers at SSH_AUTH_SOCK. */
  readonly agent: boolean;
  readonly knownHosts: {
    readonly file: string;
    readonly lines: number | undefined;
    readonly writable: boolean;
  };
  /** Whether systemd says that the clock is set by the network; undefined where nobody says so. */
  readonly synchronised: boolean | undefined;
  readonly records: { readonly directory: string } | { readonly absent: string };
}

/** What is in order on the control node and what is not. */
export function machineFindings(machine: Machine): readonly Finding[] {
  const { node, sqlite, keys, agent, knownHosts, synchronised, records } = machine;
  return [
    sqlite
      ? { state: 'ok', text: `Node ${node}, with SQLite` }
      : {
          state: 'note',
          text: `Node ${node} was built without SQLite: runs are not kept`,
          fix: 'install a Node with node:sqlite, as the Debian package of provision has it',
        },
    keys.length > 0 || agent
      ? { state: 'ok', text: `ssh keys: ${[...(agent ? ['those of the agent'] : []), ...keys].join(', ')}` }
      : {
          state: 'note',
          text: 'there is no ssh key in ~/.ssh, and no agent: only what ssh_config names is tried',
          fix: 'where hosts refuse you: ssh-keygen -t ed25519, then ssh-copy-id HOST for each host',
        },
    knownHostsFinding(knownHosts),
    clockFinding(synchronised),
    'directory' in records
      ? { state: 'ok', text: `runs are kept in ${records.directory}` }
      : {
          state: 'note',
          text: `runs are not kept: ${records.absent}`,
          fix: 'PROVISION_RECORDS=DIRECTORY names a place for them',
        },
  ];
}

function knownHostsFinding({ file, lines, writable }: Machine['knownHosts']): Finding {
  if (!writable)
    return {
      state: 'wrong',
      text: `${file} cannot be written: new host keys cannot be recorded`,
      fix: `see who owns it: ls -l ${file}`,
    };
  if (lines === undefined)
    return {
      state: 'note',
      text: `${file} is not there: no host key is known yet`,
      fix: 'provision trust PLAYBOOK shows and records them',
    };
  return { state: 'ok', text: `${file}: ${lines} ${lines === 1 ? 'line' : 'lines'}` };
}

function clockFinding(synchronised: boolean | undefined): Finding {
  if (synchronised === undefined)
    return {
      state: 'note',
      text: 'nobody here says whether the clock is right',
      fix: 'compare `date` with another clock: certificates are judged by it',
    };
  return synchronised
    ? { state: 'ok', text: 'the clock is set by the network' }
    : {
        state: 'wrong',
        text: 'the clock is not set by the network: certificates are judged by it',
        fix: 'sudo timedatectl set-ntp true',
      };
}
