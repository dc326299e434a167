import { spawnSync } from 'node:child_process';
import type { Shell } from '../resources/shell-host.ts';

const known: readonly Shell[] = [
  ['dash', '-s'],
  ['bash', '--posix', '-s'],
  ['busybox', 'sh', '-s'],
];

/** The shells of this machine that a managed host may have as its sh. */
export const shells: readonly Shell[] = known.filter(([command, ...args]) => {
  const { status } = spawnSync(command, args, { input: 'exit 0\n' });
  return status === 0;
});

/** Strings that break whatever was quoted carelessly. */
export const hostileWords: readonly string[] = [
  `-rf it's "all" $(touch pwned) \`touch pwned\` \${HOME}; touch pwned & %s%d \\n \\ \t a  b`,
  '* ? [a-z] !history #comment ~root zażółć gęślą 🦊',
  '--help',
  'provision_end',
  '~root',
];
