import { connectionOf } from '../../../../language/evaluate/connection-variables.ts';
import type { Playbook } from '../../../../language/model.ts';
import { UnreachableError } from '../../../../transport/connection.ts';
import { readIdentityFile } from '../../../../transport/login/identity-file.ts';
import { thisMachine } from '../../../../transport/ssh-config/local-machine.ts';
import { resolveSshConfig } from '../../../../transport/ssh-config/ssh-config.ts';

/**
 * Warnings for hosts whose only ssh keys need a person to type a passphrase; no host is asked.
 * @param agent socket of the ssh-agent that the service will have
 */
export function unattendedKeyWarnings(
  playbook: Playbook,
  sshConfig: string | undefined,
  agent: string | undefined,
): readonly string[] {
  const machine = thisMachine();
  const { SSH_AUTH_SOCK: _mine, ...env } = machine.env;
  const service = { ...machine, env: { ...env, ...(agent !== undefined && { SSH_AUTH_SOCK: agent }) } };
  const names = new Set(
    playbook.plays.flatMap(({ hosts }) => hosts).filter((name) => playbook.limited.has(name)),
  );
  const locked = new Map<string, string[]>();
  for (const name of names) {
    const file = lockedKey(playbook, name, sshConfig, service);
    if (file !== undefined) locked.set(file, [...(locked.get(file) ?? []), name]);
  }
  return [...locked].map(
    ([file, hosts]) =>
      `${hosts.join(', ')}: the key ${file} has a passphrase, and nobody is there to type it when the timer fires; ` +
      'use a key without one for this, or name an agent that is always there with IdentityAgent in ssh_config',
  );
}

// The first key with a passphrase, where there is none without and no agent.
function lockedKey(
  playbook: Playbook,
  name: string,
  sshConfig: string | undefined,
  machine: ReturnType<typeof thisMachine>,
): string | undefined {
  const { kind, address, port, user, identityFile } = connectionOf(playbook, name);
  if (kind === 'local') return undefined;
  try {
    const destination = { alias: address ?? name, port, user, identityFile };
    const settings = resolveSshConfig(destination, sshConfig, machine);
    if (!settings.publicKeys || settings.agentSocket !== undefined) return undefined;
    const files = settings.identityFiles.map((file) => ({ file, kind: readIdentityFile(file).kind }));
    if (files.some((found) => found.kind === 'plain')) return undefined;
    return files.find((found) => found.kind === 'encrypted')?.file;
  } catch (error) {
    // What is wrong with ssh_config is reported by every run.
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
}
