import { type Become, type BecomeMethod, RunError } from '../connection.ts';

interface Failure {
  readonly pattern: RegExp;
  readonly message: (user: string) => string;
  readonly hint: string;
}

const noUser: Failure = {
  pattern: /unknown user|unknown id|user .* (not found|does not exist)/i,
  message: (user) => `there is no user '${user}' on the host`,
  hint: 'correct become_user, or make the user first',
};

function cannotSwitch(method: BecomeMethod): Failure {
  return {
    pattern: /setuid|effective uid|no new privileges|cannot set (user|groups)/i,
    message: () => `${method} on the host may not change the user`,
    hint: `see that ${method} is setuid root there, and that its file system is not mounted nosuid`,
  };
}

const wrongPasswords: Readonly<Record<BecomeMethod, Failure>> = {
  sudo: {
    pattern: /incorrect password|authentication failure|Sorry, try again/i,
    message: (user) => `sudo refused the password to become '${user}'`,
    hint: 'type it again with -K (--ask-become-pass): it is the password of the login user on the host',
  },
  su: {
    pattern: /incorrect password|authentication failure/i,
    message: (user) => `su refused the password to become '${user}'`,
    hint: 'type it again with -K (--ask-become-pass): it is the password of the user that is become, who must have one',
  },
  doas: {
    pattern: /auth\w+ (required|failed)|a tty is required/i,
    message: (user) => `doas wants a password to become '${user}', and takes it from a terminal only`,
    hint: 'write `permit nopass USER` for the login user into /etc/doas.conf on the host, or become with sudo or su',
  },
};

const failures: Readonly<Record<BecomeMethod, readonly Failure[]>> = {
  sudo: [
    {
      pattern: /password is required|no password was provided/i,
      message: (user) => `sudo wants a password to become '${user}'`,
      hint: 'give it with -K (--ask-become-pass), or allow the login user in sudoers with NOPASSWD',
    },
    {
      pattern: /not in the sudoers|not allowed to|may not run sudo/i,
      message: (user) => `sudoers does not let the login user become '${user}'`,
      hint: 'add a rule with `visudo` on the host that allows `sh` as that user, or connect as a user who may',
    },
    noUser,
    {
      pattern: /must have a tty|terminal is required/i,
      message: () => 'sudo on the host wants a terminal',
      hint: 'take `Defaults requiretty` out of sudoers on the host',
    },
    cannotSwitch('sudo'),
    wrongPasswords.sudo,
  ],
  doas: [
    {
      pattern: /doas is not enabled/i,
      message: () => 'doas on the host has no rules',
      hint: 'write `permit nopass USER` for the login user into /etc/doas.conf on the host',
    },
    noUser,
    cannotSwitch('doas'),
    {
      pattern: /operation not permitted/i,
      message: (user) => `doas.conf does not let the login user become '${user}'`,
      hint: 'write `permit nopass USER` for the login user into /etc/doas.conf on the host, without a cmd that names other commands than sh',
    },
    wrongPasswords.doas,
  ],
  su: [
    noUser,
    cannotSwitch('su'),
    {
      pattern: /permission denied/i,
      message: (user) => `su does not let the login user become '${user}'`,
      hint: 'see /etc/pam.d/su on the host: it may want the login user in a group such as wheel',
    },
    wrongPasswords.su,
  ],
};

const checks: Readonly<Record<BecomeMethod, string>> = { sudo: 'sudo -v', doas: 'doas -n true', su: 'su' };

const isMissing = /not found|No such file/i;

function missing(method: BecomeMethod): Omit<Failure, 'pattern'> {
  return {
    message: (user) => `there is no ${method} on the host to become '${user}'`,
    hint: `install ${method} there, or connect as that user and leave out become`,
  };
}

function runError({ message, hint }: Omit<Failure, 'pattern'>, user: string, words: string): RunError {
  const text = message(user);
  return new RunError('become', words === '' ? text : `${text}: ${words}`, hint);
}

// The last line counts first: what comes before it may be a lecture, in which an administrator says anything.
function failureIn(words: string, method: BecomeMethod): Failure | undefined {
  for (const line of words.split('\n').toReversed()) {
    const known = failures[method].find(({ pattern }) => pattern.test(line));
    if (known) return known;
  }
  return undefined;
}

/** The password was asked for a second time. */
export function wrongPasswordError({ user, method }: Become, words: string): RunError {
  return runError(wrongPasswords[method ?? 'sudo'], user, words);
}

/** There is none, and su asks for it. */
export function passwordWantedError({ user }: Become): RunError {
  const hint = `give it with -K (--ask-become-pass): it is the password of '${user}' on the host`;
  return runError({ message: () => `su wants a password to become '${user}'`, hint }, user, '');
}

/** Why sudo, doas or su ended before there was a shell, from its words and exit code. */
export function becomeError(
  { user, method = 'sudo' }: Become,
  words: string,
  code: number | undefined,
): RunError {
  const known = failureIn(words, method);
  if (known) return runError(known, user, words);
  if (code === 127 || isMissing.test(words)) return runError(missing(method), user, words);
  const how = code === undefined ? '' : ` (exit code ${code})`;
  const other = {
    message: () => `could not become '${user}'${how}`,
    hint: `see that the login user may run ${method} on the host, by hand: \`${checks[method]}\``,
  };
  return runError(other, user, words);
}
