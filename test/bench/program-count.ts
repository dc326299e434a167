import { posix } from 'node:path';
import { hostProcesses } from './host-processes.ts';
import { KernelTrace } from './kernel-trace.ts';

/** What one host started: each successful execve under the program's name, and its forks. */
export interface ProgramCount {
  readonly programs: ReadonlyMap<string, number>;
  /** New processes, whether they went on to start a program or not; threads are left out. */
  readonly forks: number;
}

const cloneThread = 0x10000n;
const line = /-(\d+) +\[\d+\] .*?: (task_newtask|sched_process_exec): (.*)$/;

/** Counts what each host started: a new task belongs to the host of its parent, from `hostOf` on. */
export function countByHost(trace: string, hostOf: Map<number, string>): Map<string, ProgramCount> {
  const counts = new Map<string, { programs: Map<string, number>; forks: number }>();
  for (const host of hostOf.values()) counts.set(host, { programs: new Map(), forks: 0 });
  for (const text of trace.split('\n')) {
    const [, parent, event, fields = ''] = line.exec(text) ?? [];
    const pid = Number(/(?:^| )pid=(\d+)/.exec(fields)?.[1]);
    const host = hostOf.get(event === 'task_newtask' ? Number(parent) : pid);
    const count = host === undefined ? undefined : counts.get(host);
    if (event === 'task_newtask') {
      hostOf.delete(pid); // the number may have been another host's
      if (host === undefined) continue;
      hostOf.set(pid, host);
      const flags = BigInt(`0x${/clone_flags=([0-9a-f]+)/.exec(fields)?.[1]}`);
      if (count && (flags & cloneThread) === 0n) count.forks += 1;
    } else if (count) {
      const path = /^filename=(.*) pid=/.exec(fields)?.[1] ?? '';
      const name = /^\/(proc|dev)\//.test(path) ? path : posix.basename(path);
      count.programs.set(name, (count.programs.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

/** Runs `command` and counts what it makes each host of the lab start; needs root. */
export function countPrograms(lab: string, command: () => void): Map<string, ProgramCount> {
  const trace = KernelTrace.start();
  const hostOf = hostProcesses(lab);
  command();
  return countByHost(trace.stop(), hostOf);
}

/** How many programs a host started in all. */
export function totalOf({ programs }: ProgramCount): number {
  return [...programs.values()].reduce((sum, count) => sum + count, 0);
}
