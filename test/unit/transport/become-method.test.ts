import { describe, expect, test } from 'vitest';
import type { RunError } from '../../../src/transport/connection.ts';
import { ShellOpening } from '../../../src/transport/programs/shell-opening.ts';

const password = 'secret-Pw1';

/** What an opening does after each of some words on stderr; the message where it gives up. */
function heard(opening: ShellOpening, ...words: readonly string[]): readonly unknown[] {
  try {
    return words.map((word) => opening.hear(Buffer.from(word)).answer);
  } catch (error) {
    return [(error as RunError).message, (error as RunError).hint];
  }
}

describe('su', () => {
  const su = (own?: string) =>
    new ShellOpening({ user: "o'neil", method: 'su', ...(own !== undefined && { password: own }) });

  test('runs sh, whatever the shell of the user is', () => {
    expect(su().command).toMatch(/^su -s \/bin\/sh -c '.*; exec sh -s' -- 'o'\\''neil'$/);
  });

  test('is sent the program only when its shell is ready: it would read the first line as a password', () => {
    expect([su().eager, su(password).eager]).toEqual([false, false]);
  });

  test.each(['Password: ', 'Passwort: ', 'Mot de passe : ', 'パスワード：'])(
    'is answered at its prompt in any language, once: %s',
    (prompt) => {
      expect(heard(su(password), prompt, '\n', 'su: Authentication failure\n')).toEqual([
        `${password}\n`,
        undefined,
        undefined,
      ]);
    },
  );

  test('is not answered at whole lines, nor before it asks', () => {
    expect(heard(su(password), 'Welcome to h1:\n', 'Pass', 'word', ': ')).toEqual([
      undefined,
      undefined,
      undefined,
      `${password}\n`,
    ]);
  });

  test('that asks while there is no password is an error at once', () => {
    expect(heard(su(), 'Password: ')).toEqual([
      "su wants a password to become 'o'neil'",
      "give it with -K (--ask-become-pass): it is the password of 'o'neil' on the host",
    ]);
  });
});

describe('doas', () => {
  const doas = new ShellOpening({ user: 'root', method: 'doas', password });

  test('is asked not to ask, and gets no password', () => {
    expect(doas.command).toMatch(/^doas -n -u 'root' -- sh -c '.*; exec sh -s'$/);
    expect(doas.eager).toBe(true);
    expect(heard(doas, 'Password: ')).toEqual([undefined]);
  });
});

test.each([
  ['sudo', 1, 'sudo: a password is required', "sudo wants a password to become 'root'"],
  ['doas', 1, 'doas: Authentication required', "doas wants a password to become 'root', and takes it from"],
  ['doas', 1, 'doas: Operation not permitted', "doas.conf does not let the login user become 'root'"],
  [
    'doas',
    1,
    'doas: doas is not enabled, /etc/doas.conf: No such file or directory',
    'doas on the host has no',
  ],
  ['doas', 1, 'doas: unknown user', "there is no user 'root' on the host"],
  ['doas', 127, 'sh: 1: doas: not found', "there is no doas on the host to become 'root'"],
  ['su', 1, 'su: Authentication failure', "su refused the password to become 'root'"],
  ['su', 1, 'su: Permission denied', "su does not let the login user become 'root'"],
  ['su', 1, 'su: user root does not exist or the user entry does not contain', "there is no user 'root'"],
  ['su', 1, 'su: cannot set groups: Operation not permitted', 'su on the host may not change the user'],
  ['su', 127, '', "there is no su on the host to become 'root'"],
  ['su', 3, 'odd', "could not become 'root' (exit code 3): odd"],
] as const)('%s that ends with %d and %j', (method, code, words, message) => {
  const opening = new ShellOpening({ user: 'root', method });
  opening.hear(Buffer.from(`${words}\n`));
  expect(opening.failure(code, '').message).toContain(message);
});
