import { RunError } from '../connection.ts';

type Failure = readonly [pattern: RegExp, message: (user: string) => string, hint: string];

const wrongPassword: Failure = [
  /incorrect password|authentication failure|Sorry, try again/i,
  (user) => `sudo refused the password to become '${user}'`,
  'type it again with -K (--ask-become-pass): it is the password of the login user on the host',
];

const failures: readonly Failure[] = [
  [
    /password is required|no password was provided/i,
    (user) => `sudo wants a password to become '${user}'`,
    'give it with -K (--ask-become-pass), or allow the login user in sudoers with NOPASSWD',
  ],
  [
    /not in the sudoers|not allowed to|may not run sudo/i,
    (user) => `sudoers does not let the login user become '${user}'`,
    'add a rule with `visudo` on the host that allows `sh` as that user, or connect as a user who may',
  ],
  [
    /unknown user|user .* not found/i,
    (user) => `there is no user '${user}' on the host`,
    'correct become_user, or make the user first',
  ],
  [
    /must have a tty|terminal is required/i,
    () => 'sudo on the host wants a terminal',
    'take `Defaults requiretty` out of sudoers on the host',
  ],
  [
    /setuid|effective uid|no new privileges/i,
    () => 'sudo on the host may not change the user',
    'see that sudo is setuid root there, and that its file system is not mounted nosuid',
  ],
  wrongPassword,
];

const missing: Failure = [
  /not found|No such file/i,
  (user) => `there is no sudo on the host to become '${user}'`,
  'install sudo there, or connect as that user and leave out become',
];

function runError([, message, hint]: Failure, user: string, words: string): RunError {
  const text = message(user);
  return new RunError('become', words === '' ? text : `${text}: ${words}`, hint);
}

// The last line counts first: what comes before it may be a lecture, in which an administrator says anything.
function failureIn(words: string): Failure | undefined {
  for (const line of words.split('\n').toReversed()) {
    const known = failures.find(([pattern]) => pattern.test(line));
    if (known) return known;
  }
  return undefined;
}

/** The password was asked for a second time. */
export function wrongPasswordError(user: string, words: string): RunError {
  return runError(wrongPassword, user, words);
}

/** Why sudo ended before there was a shell, from its words and exit code. */
export function sudoError(user: string, words: string, code: number | undefined): RunError {
  const known = failureIn(words);
  if (known) return runError(known, user, words);
  if (code === 127 || missing[0].test(words)) return runError(missing, user, words);
  const how = code === undefined ? '' : ` (exit code ${code})`;
  const other: Failure = [
    /./,
    () => `could not become '${user}'${how}`,
    'see that the login user may run sudo on the host, by hand: `sudo -v`',
  ];
  return runError(other, user, words);
}
