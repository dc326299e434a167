import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startOfProcess } from '../../../control-node/running-process.ts';
import { caProblem } from './private-ca-problem.ts';

/*
 * Runs share a CA; a renewal wants it alone. Each writes a file whose NAME says who it is, then looks at the others':
 * whoever comes second sees the first. A file whose process has ended counts for nothing and is removed.
 */

/** `run`: hands certificates out. `renewal`: replaces the CA. */
type Use = 'run' | 'renewal';

/** A held lock. */
export interface CaLock {
  release(): void;
}

const folder = 'locks';
const named = /^(run|renewal)\.(\d+)\.(\d*)\.[0-9a-f]+\.(.+)$/;

function lives(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return (startOfProcess(pid) ?? '') === start;
}

/** Who else has the lock for one of these uses; a process of another machine is believed to live. */
function holders(path: string, own: string, uses: readonly Use[]): readonly string[] {
  return readdirSync(path).flatMap((name) => {
    const [, use, pid, start = '', host] = named.exec(name) ?? [];
    if (name === own || !uses.some((one) => one === use)) return [];
    if (host !== hostname()) return [`process ${pid} on ${host}`];
    if (lives(Number(pid), start)) return [`process ${pid}`];
    rmSync(join(path, name), { force: true });
    return [];
  });
}

/**
 * Takes the lock of a CA that is there. A run waits for a renewal, half a minute at most; a renewal does not wait.
 * Throws ProvisionError that names who has it.
 */
export async function lockCa(directory: string, use: Use, patience = 30_000): Promise<CaLock> {
  const path = join(directory, folder);
  await mkdir(path, { recursive: true, mode: 0o700 });
  const unique = randomBytes(4).toString('hex');
  const own = `${use}.${process.pid}.${startOfProcess(process.pid) ?? ''}.${unique}.${hostname()}`;
  await writeFile(join(path, own), '', { mode: 0o600 });
  const release = () => rmSync(join(path, own), { force: true });
  const others: readonly Use[] = use === 'run' ? ['renewal'] : ['run', 'renewal'];
  const end = performance.now() + (use === 'run' ? patience : 0);
  for (;;) {
    const [holder] = holders(path, own, others);
    if (holder === undefined) return { release };
    if (performance.now() >= end) {
      release();
      const what = use === 'run' ? 'is being renewed' : 'is in use by another run';
      const hint = `wait until that has ended, then run this again; when it has ended for certain, remove the files in ${path}`;
      throw caProblem(directory, `it ${what} (${holder})`, hint);
    }
    await sleep(100);
  }
}
