import { quote } from '../shell/quote.ts';
import type { RunOptions } from './command-options.ts';

/** A command of ours for the same playbook, inventory, hosts and variables, as it is typed in a shell. */
export function typedCommand(
  command: string,
  file: string,
  options: RunOptions,
  ...more: readonly string[]
): string {
  const {
    inventory = [],
    extraVars = [],
    limit,
    become,
    becomeUser,
    askBecomePass,
    sshConfig,
    user,
    privateKey,
    askVaultPass,
    vaultPasswordFile = [],
    vaultId = [],
  } = options;
  const words = [
    ...inventory.flatMap((one) => ['-i', one]),
    ...(limit === undefined ? [] : ['-l', limit]),
    ...extraVars.flatMap((one) => ['-e', one]),
    ...(askVaultPass ? ['-J'] : []),
    ...vaultPasswordFile.flatMap((one) => ['--vault-password-file', one]),
    ...vaultId.flatMap((one) => ['--vault-id', one]),
    ...(become ? ['-b'] : []),
    ...(becomeUser === 'root' ? [] : ['--become-user', becomeUser]),
    ...(user === undefined ? [] : ['-u', user]),
    ...(privateKey === undefined ? [] : ['--private-key', privateKey]),
    ...(askBecomePass ? ['-K'] : []),
    ...(sshConfig === undefined ? [] : ['--ssh-config', sshConfig]),
    ...more,
  ];
  return ['provision', command, file, ...words].map(quote).join(' ');
}
