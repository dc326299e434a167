import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { basename } from 'node:path';
import { startOfProcess } from '../control-node/running-process.ts';

/** Says to people who runs a playbook since now: user, machine, playbook, process. */
export function whoRuns(playbook: string): string {
  const since = new Date().toISOString().slice(0, 19);
  return `${userInfo().username}@${hostname()} (provision apply ${basename(playbook)}, process ${process.pid}, since ${since}Z)`;
}

/** Names this process among all that ever ran on this machine; empty where the kernel says too little. */
export function thisProcess(): string {
  const machine = thisKernel();
  const began = startOfProcess(process.pid);
  return machine && began ? `${machine}:${process.pid}:${began}` : `unknown:${process.pid}:0`;
}

/** Whether a process ran on this machine, since its last start, and is no more; false of any other. */
export function isDeadHere(name: string): boolean {
  const [, machine] = /^(.+):\d+:\d+$/.exec(name) ?? [];
  return machine !== undefined && machine === thisKernel() && !runsHere(name);
}

/** Whether a process goes on, here and now; false of any other machine's. */
export function runsHere(name: string): boolean {
  const [, machine, pid, began] = /^(.+):(\d+):(\d+)$/.exec(name) ?? [];
  return machine !== undefined && machine === thisKernel() && startOfProcess(Number(pid)) === began;
}

// Of one boot, and of one space of process ids: containers on one machine share the first.
function thisKernel(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')}`;
  } catch {
    return undefined;
  }
}
