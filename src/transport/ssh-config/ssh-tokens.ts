import type { LocalMachine } from './local-machine.ts';

/** Values of %-tokens by their letter. */
export type Tokens = Readonly<Record<string, string>>;

/** Replaces `%x`; throws on a token that this setting does not know. */
export function expandTokens(text: string, tokens: Tokens): string {
  return text.replace(/%(.?)/gs, (token, letter: string) => {
    if (letter === '%') return '%';
    const value = tokens[letter];
    if (value === undefined) throw new Error(`the token ${token} in '${text}' is not known here`);
    return value;
  });
}

/** Replaces `${NAME}` by the environment; throws when it is not set. */
export function expandEnvironment(text: string, env: LocalMachine['env']): string {
  return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`the environment variable ${name} in '${text}' is not set`);
    return value;
  });
}

/** Replaces a leading `~` by the home directory; throws on another user's `~name`. */
export function expandTilde(path: string, home: string): string {
  if (!path.startsWith('~')) return path;
  if (path !== '~' && path[1] !== '/') {
    throw new Error(`'${path}' names another user's home directory: write the path in full`);
  }
  return home + path.slice(1);
}
