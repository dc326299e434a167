import { homedir, hostname, userInfo } from 'node:os';

/** What ssh_config may ask about the control node. */
export interface LocalMachine {
  readonly home: string;
  readonly user: string;
  readonly uid: number;
  readonly hostname: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/** The machine and user this runs as. */
export function thisMachine(): LocalMachine {
  const { username, uid } = userInfo();
  return { home: homedir(), user: username, uid, hostname: hostname(), env: process.env };
}
