import { connectionOf } from '../../language/evaluate/connection-variables.ts';
import type { Playbook } from '../../language/model.ts';
import { UnreachableError } from '../../transport/connection.ts';
import { connect } from '../../transport/connection-opening.ts';
import { type HostKeyOffer, NewHostKeyError } from '../../transport/host-keys/new-host-key.ts';

/** What came of asking a host for its key. */
export type KeyLook =
  | { readonly kind: 'known' }
  | { readonly kind: 'new'; readonly offer: HostKeyOffer }
  /** The key is not to be trusted, whatever somebody says here. */
  | { readonly kind: 'refused'; readonly message: string; readonly hint: string | undefined }
  | { readonly kind: 'unreachable'; readonly message: string; readonly hint: string | undefined };

/** How hosts are reached. */
export interface LookOptions {
  readonly sshConfigFile?: string;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

const keyCodes: readonly string[] = ['unknown-host-key', 'changed-host-key', 'revoked-host-key'];

/** Asks every host of a playbook for its key, side by side; nobody needs to be let in for that. */
export async function lookAtKeys(
  playbook: Playbook,
  hosts: readonly string[],
  options: LookOptions,
): Promise<ReadonlyMap<string, KeyLook>> {
  // Jump hosts are shared among the connections of one look, and found anew by the next.
  const shared = { ...options, askPassphrase: async () => undefined };
  const looks = await Promise.all(hosts.map((host) => look(playbook, host, shared)));
  return new Map(hosts.map((host, index) => [host, looks[index] ?? { kind: 'known' }]));
}

async function look(playbook: Playbook, name: string, options: LookOptions): Promise<KeyLook> {
  const { kind, address, port, user, identityFile } = connectionOf(playbook, name);
  if (kind === 'local') return { kind: 'known' };
  const target = { name, kind, address, port, user, identityFile };
  try {
    await (await connect(target, options)).close();
    return { kind: 'known' };
  } catch (error) {
    if (error instanceof NewHostKeyError) return { kind: 'new', offer: error.offer };
    if (!(error instanceof UnreachableError)) throw error;
    const { code, message, hint } = error;
    // Who is not let in has seen the key.
    if (code === 'authentication') return { kind: 'known' };
    return { kind: keyCodes.includes(code) ? 'refused' : 'unreachable', message, hint };
  }
}
