import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import { ProvisionError } from '../errors/problem.ts';
import type { VaultPassword } from '../language/model.ts';
import type { PlaybookOptions } from './command-options.ts';
import { askSecret } from './secret-prompt.ts';

// Longer than any program needs that asks a keyring.
const patience = 60_000;

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

// A program whose name ends so wants to know which password it is asked for, as with Ansible.
function printed(file: string, label: string): string {
  const isClient = /-client(?:\.\w+)?$/.test(basename(file));
  const args = isClient && label !== 'default' ? ['--vault-id', label] : [];
  return execFileSync(file, args, {
    encoding: 'utf8',
    timeout: patience,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
}

function fromFile(name: string, label: string, option: string): string {
  const file = name.replace(/^~(?=\/)/, homedir());
  try {
    const password = (isProgram(file) ? printed(file, label) : readFileSync(file, 'utf8')).trim();
    if (password !== '') return password;
    throw new Error('it has no password');
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ProvisionError([
      {
        code: 'unreadable-file',
        message: `${option} ${name} gives no password`,
        ...(why !== undefined && { why }),
        hint: 'name a file with the password on one line, or a program that prints it',
      },
    ]);
  }
}

async function asked(label: string, option: string): Promise<string> {
  const which = label === 'default' ? '' : ` (${label})`;
  return (await askSecret(`vault password${which}: `, option)) ?? '';
}

/** The passwords of what ansible-vault has encrypted, as the options say; asks for some of them. Throws ProvisionError. */
export async function vaultPasswords(options: PlaybookOptions): Promise<readonly VaultPassword[]> {
  const passwords: VaultPassword[] = [];
  for (const id of options.vaultId ?? []) {
    const [, label = 'default', source = id] = /^([^@]*)@(.*)$/.exec(id) ?? [];
    const isAsked = source === 'prompt' || source === 'prompt_ask_vault_pass';
    const password = isAsked ? await asked(label, '--vault-id') : fromFile(source, label, '--vault-id');
    passwords.push({ label, password });
  }
  for (const file of options.vaultPasswordFile ?? [])
    passwords.push({ label: 'default', password: fromFile(file, 'default', '--vault-password-file') });
  if (options.askVaultPass) passwords.push({ label: 'default', password: await asked('default', '-J') });
  return passwords;
}
