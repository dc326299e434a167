import { randomBytes } from 'node:crypto';
import { type Become, RunError, UnreachableError } from '../connection.ts';
import { becomeError, passwordWantedError, wrongPasswordError } from './become-failure.ts';

/** What to do after some words before the program. */
export interface Heard {
  /** Line for the stdin of sudo or su. */
  readonly answer?: string;
  /** Bytes of stderr that belong to the program: the shell is ready. */
  readonly rest?: Buffer;
}

const maxWords = 65_536;

// The room of shell lies elsewhere, and one quoted word is all that is needed here.
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * What comes before a program: the shell says on stderr that it is ready, and which process group it leads.
 * With sudo and su the password goes out at their prompt only, and the program only to a shell that is ready.
 */
export class ShellOpening {
  readonly become: Become | undefined;
  readonly #nonce = randomBytes(12).toString('hex');
  #words = '';
  #answered = false;
  #ready = false;
  #group: string | undefined;

  constructor(become: Become | undefined) {
    // One line is read; what follows would be run by the shell.
    if (become?.password?.includes('\n')) {
      throw new RunError(
        'become',
        `the ${become.method ?? 'sudo'} password has a line break in it`,
        'type it again with -K (--ask-become-pass)',
      );
    }
    this.become = become;
  }

  /** What to run on the host. */
  get command(): string {
    if (!this.become) return 'sh -s';
    const shell = `sh -c '${this.#greeting}; exec sh -s'`;
    const { user, password, method } = this.become;
    if (method === 'doas') return `doas -n -u ${quoted(user)} -- ${shell}`;
    // Its shell is sh, whatever the user's own is.
    if (method === 'su')
      return `su -s /bin/sh -c ${quoted(`${this.#greeting}; exec sh -s`)} -- ${quoted(user)}`;
    const asking = password === undefined ? '-n' : `-S -p ${this.#prompt}`;
    return `sudo -H ${asking} -u ${quoted(user)} -- ${shell}`;
  }

  /** What the program begins with, where nothing is in between: the shell itself says that it is ready. */
  get preamble(): string {
    return this.become ? '' : `${this.#greeting}\n`;
  }

  get #greeting(): string {
    return `read -r _ _ _ _ g _ 2>/dev/null </proc/$$/stat; echo ${this.#nonce}-ready $g >&2`;
  }

  /** Nothing will be asked before the shell is ready, so that a program may be on its way to it already. */
  get eager(): boolean {
    const { method, password } = this.become ?? {};
    // doas takes passwords from terminals only, and su asks before it is known whether it will.
    return method !== 'su' && (password === undefined || method === 'doas');
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Process group of the program, to end it by; undefined when the host does not say. */
  get group(): string | undefined {
    return this.#group;
  }

  /** What was said instead of being ready, without what we caused. */
  get words(): string {
    const text = Buffer.from(this.#words, 'latin1').toString('utf8');
    // The command that is refused is quoted.
    return text
      .replaceAll(this.#prompt, '')
      .replace(/'\S*sh -c .*exec sh -s'/, 'sh')
      .trim();
  }

  get #prompt(): string {
    return `${this.#nonce}-prompt`;
  }

  /** Takes stderr until the shell is ready; throws RunError (`become`) when the password is refused, or wanted and not there. */
  hear(chunk: Buffer): Heard {
    this.#words = (this.#words + chunk.toString('latin1')).slice(-maxWords);
    const ready = new RegExp(`${this.#nonce}-ready ?(\\d*)\\n`).exec(this.#words);
    if (ready) {
      this.#ready = true;
      this.#group = ready[1] || undefined;
      return { rest: Buffer.from(this.#words.slice(ready.index + ready[0].length), 'latin1') };
    }
    if (!this.become || !this.#asksNow()) return {};
    if (this.#answered) throw wrongPasswordError(this.become, this.words);
    if (this.become.password === undefined) throw passwordWantedError(this.become);
    this.#answered = true;
    this.#words = this.become.method === 'su' ? '' : this.#words.replace(this.#prompt, '');
    return { answer: `${this.become.password}\n` };
  }

  // su's prompt is in the host's language, and no line; it asks once.
  #asksNow(): boolean {
    if (this.become?.method !== 'su') return this.#words.includes(this.#prompt);
    return !this.#answered && /[:\uff1a] ?$/.test(Buffer.from(this.#words, 'latin1').toString('utf8'));
  }

  /**
   * Why there was no shell: sudo, doas or su refused, or something else ran in its place.
   * @param printed what came on stdout
   */
  failure(code: number | undefined, printed: string): RunError | UnreachableError {
    const words = this.words.slice(-500);
    const silent = words === '' && code !== 127 && (code ?? 0) < 128;
    if (this.become && !silent) return becomeError(this.become, words, code);
    return notAShell(code, words || printed.trim().slice(-500));
  }
}

// The login shell or sshd decides what runs, whatever is asked for.
function notAShell(code: number | undefined, words: string): UnreachableError {
  const said = words === '' ? ' nothing' : `: ${words}`;
  return new UnreachableError(
    'authentication',
    `the host runs something else than the shell that it was asked for; it ended with exit code ${code} and printed${said}`,
    'give the login user a shell that runs commands: see `getent passwd USER` (nologin runs none), and ForceCommand in sshd_config or `command=` in authorized_keys',
  );
}

/**
 * The shell did not come to its program.
 * @param when after how long, or after how many words
 */
export function notReady(when: string, { become, words }: ShellOpening): UnreachableError {
  const shell = become ? `the shell of '${become.user}'` : 'its shell';
  const said = words === '' ? '' : `; it printed: ${words.slice(-300)}`;
  return new UnreachableError(
    'timeout',
    `${shell} was not ready ${when}${said}`,
    'run `ssh HOST sh -c true` and see what it waits for: a login script of that user (.bashrc, .profile) may start another program; `--shell-timeout` waits longer',
  );
}
