import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vaultPasswords } from '../../../src/cli/vault-passwords.ts';
import { ProvisionError } from '../../../src/errors/problem.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';

const fresh = scratch();

function file(name: string, text: string, mode = 0o600): string {
  const path = join(fresh(), name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the passwords of vaults', () => {
  test('are in files, or printed by programs, in the order of the options', async () => {
    const passwords = await vaultPasswords({
      color: true,
      vaultPasswordFile: [file('word', 'one two\n')],
      vaultId: [
        `dev@${file('dev', ' three \n')}`,
        `prod@${file('pass-client.sh', '#!/bin/sh\necho "$1 $2"\n', 0o700)}`,
        file('plain.sh', '#!/bin/sh\necho four$#\n', 0o700),
      ],
    });
    expect(passwords).toEqual([
      { label: 'dev', password: 'three' },
      { label: 'prod', password: '--vault-id prod' },
      { label: 'default', password: 'four0' },
      { label: 'default', password: 'one two' },
    ]);
  });

  test('none are asked for where no option says so', async () => {
    expect(await vaultPasswords({ color: true })).toEqual([]);
  });

  test.each([
    ['is not there', '/nowhere/at/all'],
    ['is empty', file('empty', '\n')],
    ['is a program that fails', file('broken.sh', '#!/bin/sh\nexit 3\n', 0o700)],
  ])('one that %s is an error with the option', async (_, path) => {
    const wanted = vaultPasswords({ color: true, vaultPasswordFile: [path] });
    await expect(wanted).rejects.toBeInstanceOf(ProvisionError);
    await expect(wanted).rejects.toMatchObject({
      problems: [{ code: 'unreadable-file', message: expect.stringContaining('--vault-password-file') }],
    });
  });
});
