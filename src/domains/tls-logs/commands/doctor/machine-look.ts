import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { databaseThere } from '../../../../records/store/records-database.ts';
import { recordsPlace } from '../../../../records/store/records-place.ts';
import type { Machine } from './machine-findings.ts';

// As ssh tries them.
const usualKeys = ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const;

/** Looks at the machine that this runs on. */
export async function lookAtMachine(env: NodeJS.ProcessEnv = process.env): Promise<Machine> {
  const ssh = join(env.HOME || homedir(), '.ssh');
  const file = join(ssh, 'known_hosts');
  const { SSH_AUTH_SOCK: socket } = env;
  return {
    node: process.version,
    sqlite: databaseThere(),
    keys: usualKeys.filter((name) => existsSync(join(ssh, name))).map((name) => `~/.ssh/${name}`),
    agent: socket !== undefined && existsSync(socket),
    knownHosts: { file: '~/.ssh/known_hosts', lines: linesOf(file), writable: isWritable(file) },
    synchronised: await isSynchronised(),
    records: recordsPlace(env),
  };
}

function linesOf(file: string): number | undefined {
  try {
    return readFileSync(file, 'latin1')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#')).length;
  } catch {
    return undefined;
  }
}

// The nearest that is there: a missing folder is made.
function isWritable(path: string): boolean {
  const there = existsSync(path) ? path : dirname(path);
  if (!existsSync(there)) return dirname(there) !== there && isWritable(there);
  try {
    accessSync(there, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isSynchronised(): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const words = ['show', '--property=NTPSynchronized', '--value'];
    execFile('timedatectl', words, { timeout: 3000 }, (error, stdout) => {
      const answer = stdout.trim();
      resolve(error || (answer !== 'yes' && answer !== 'no') ? undefined : answer === 'yes');
    });
  });
}
