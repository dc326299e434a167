import type { Algorithms } from 'ssh2';
import { matchesPattern } from '../ssh-config/ssh-pattern.ts';

// What ssh itself offers today: no signatures over SHA-1 unless ssh_config asks for them.
const defaultHostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];
const allHostKeys = [...defaultHostKeys, 'ssh-rsa', 'ssh-dss'];

const typeOf = (algorithm: string): string => (algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm);

function pick(names: readonly string[], from: readonly string[]): string[] {
  return names.flatMap((name) => from.filter((algorithm) => matchesPattern(algorithm, name)));
}

/**
 * Host key algorithms in the order they are asked for.
 * @param spec value of HostKeyAlgorithms; without it the types on file come first
 */
export function hostKeyAlgorithms(spec: string | undefined, onFile: ReadonlySet<string>): readonly string[] {
  const names = spec?.replace(/^[+^-]/, '').split(',') ?? [];
  if (spec === undefined || spec.startsWith('+')) {
    const offered = [...new Set([...defaultHostKeys, ...pick(names, allHostKeys)])];
    const known = offered.filter((algorithm) => onFile.has(typeOf(algorithm)));
    return [...new Set([...known, ...offered])];
  }
  if (spec.startsWith('-')) {
    const removed = pick(names, defaultHostKeys);
    return defaultHostKeys.filter((algorithm) => !removed.includes(algorithm));
  }
  const chosen = pick(names, allHostKeys);
  return [...new Set(spec.startsWith('^') ? [...chosen, ...defaultHostKeys] : chosen)];
}

// ssh2 throws on names it does not know, but passes over expressions that match nothing.
function expressions(names: readonly string[]): RegExp[] {
  return names.map((name) => {
    const literal = name.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`);
  });
}

// A KexAlgorithms, Ciphers or MACs value as a change of ssh2's own list.
function change(spec: string): { remove: RegExp[]; append: RegExp[]; prepend: RegExp[] } {
  const names = expressions(spec.replace(/^[+^-]/, '').split(','));
  if (spec.startsWith('+')) return { remove: [], append: names, prepend: [] };
  if (spec.startsWith('-')) return { remove: names, append: [], prepend: [] };
  if (spec.startsWith('^')) return { remove: names, append: [], prepend: names };
  return { remove: [/^/], append: names, prepend: [] };
}

/** The `algorithms` of ssh2 for a connection; names that ssh2 does not have are passed over. */
export function clientAlgorithms(
  hostKeys: readonly string[],
  { kex, cipher, mac }: { readonly kex?: string; readonly cipher?: string; readonly mac?: string },
): Algorithms {
  const algorithms = {
    serverHostKey: hostKeys,
    ...(kex !== undefined && { kex: change(kex) }),
    ...(cipher !== undefined && { cipher: change(cipher) }),
    ...(mac !== undefined && { hmac: change(mac) }),
  };
  // Its types do not say that expressions are taken too.
  return algorithms as unknown as Algorithms;
}
