import type { Connection, ConnectOptions, Target } from './connection.ts';

/**
 * Opens the one connection that a run has to a host; rejects with UnreachableError.
 * Give all hosts of a run the same options object: jump hosts and unlocked keys are shared through it.
 */
export async function connect(target: Target, options: ConnectOptions): Promise<Connection> {
  if (target.kind === 'local') {
    const { LocalConnection } = await import('./local-connection.ts');
    return new LocalConnection(target.name, options.shellTimeout);
  }
  // ssh2 takes 60 ms to load: not for `--help`.
  const { openSshConnection } = await import('./ssh-connection.ts');
  return await openSshConnection(target, options);
}
