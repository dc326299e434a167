import type { Plugin } from 'rolldown';

// As ssh2 asks for them, and where they are in an installed package: both are optional, ssh2 does without.
const parts = new Map([
  ['cpu-features', 'cpu-features'],
  ['./crypto/build/Release/sshcrypto.node', 'ssh2/lib/protocol/crypto/build/Release/sshcrypto.node'],
]);

/** Leaves ssh2's compiled parts outside: what npm made of them for this machine is loaded when it is there. */
export function nativeParts(): Plugin {
  return {
    name: 'native-parts',
    resolveId(source) {
      const id = parts.get(source);
      return id === undefined ? null : { id, external: true };
    },
  };
}
