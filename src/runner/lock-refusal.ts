import { lockedCode, lockPatience } from './host-lock.ts';

/** Who has a host, as the host says: data that may be wrong. */
export interface LockRefusal {
  /** One line for people. */
  readonly who: string;
  /** Name of the run. */
  readonly run: string;
  /** Its process on the control node, as control-process.ts names it. */
  readonly process: string;
  /** The shell on the host that has the lock. */
  readonly shell: string;
  /** The process on the host that still makes steps of a run whose shell is gone. */
  readonly steps?: string;
  /** Seconds since the run was last heard of. */
  readonly heard?: number;
}

/** Reads what the lock section printed; undefined when it names nobody. */
export function readRefusal(code: number, stdout: string): LockRefusal | undefined {
  if (code !== lockedCode) return undefined;
  const lines = stdout.trimEnd().split('\n');
  const [, heard] = /^heard (\d{1,9})$/.exec(lines.at(-1) ?? '') ?? [];
  const [who, run, process, shell, steps] = heard === undefined ? lines : lines.slice(0, -1);
  if (!who || !run || !process || !shell || !/^\d+$/.test(shell)) return undefined;
  return {
    who,
    run,
    process,
    shell,
    ...(steps && /^\d+$/.test(steps) && { steps }),
    ...(heard !== undefined && { heard: Number(heard) }),
  };
}

/**
 * Says who has a host, until when, and how to end that now.
 * @param remotely what a command of the user begins with that ends a process there: `ssh h1 sudo`
 */
export function refusalText(refusal: LockRefusal, remotely: string): string {
  const { who, shell, steps, heard } = refusal;
  const end = `${remotely} kill -KILL ${steps ?? shell}`.trimStart();
  if (steps !== undefined) {
    return `another run has this host: ${who}, which was cut off; its steps are still running as process ${steps}. Wait until they have ended, or end them now: ${end}`;
  }
  const life = heard === undefined ? '' : `, last heard of ${heard} s ago`;
  return `another run has this host: ${who}${life}. Wait until it has ended; if it died, the host is free ${lockPatience} s after it was last heard of. To end it now: ${end}`;
}
