import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const events = ['task/task_newtask', 'sched/sched_process_exec'];
const bufferKilobytes = 16_384; // for each processor: some 400,000 events
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args);
}

function interrupted(): void {
  process.exit(130);
}

/**
 * The kernel's own record of every new task and every successful execve on this machine, in a ring buffer of its own.
 * It costs a microsecond an event, where strace stops each process at every call.
 */
export class KernelTrace {
  readonly #mount: string;
  readonly #instance: string;

  private constructor(mount: string) {
    this.#mount = mount;
    this.#instance = join(mount, 'instances', `bench-${process.pid}`);
  }

  /** Begins to record; throws where the kernel has no tracefs. */
  static start(): KernelTrace {
    const mount = mkdtempSync(join(tmpdir(), 'tracefs-'));
    run('mount', '-t', 'tracefs', 'tracefs', mount);
    const trace = new KernelTrace(mount);
    process.on('exit', trace.#remove); // also when what is traced fails
    for (const signal of signals) process.on(signal, interrupted);
    trace.#removeDead();
    mkdirSync(trace.#instance);
    trace.#set('buffer_size_kb', bufferKilobytes);
    for (const event of events) trace.#set(`events/${event}/enable`, 1);
    return trace;
  }

  /** Ends the record and returns its lines in the order of time; throws when the kernel had to drop some. */
  stop(): string {
    this.#set('tracing_on', 0);
    for (const processor of readdirSync(join(this.#instance, 'per_cpu'))) {
      const stats = readFileSync(join(this.#instance, 'per_cpu', processor, 'stats'), 'utf8');
      if (/^(overrun|dropped events): [1-9]/m.test(stats))
        throw new Error(`the kernel lost events:\n${stats}`);
    }
    const lines = readFileSync(join(this.#instance, 'trace'), 'utf8');
    this.#remove();
    process.off('exit', this.#remove);
    for (const signal of signals) process.off(signal, interrupted);
    return lines;
  }

  #set(file: string, value: number): void {
    writeFileSync(join(this.#instance, file), `${value}\n`);
  }

  // Records of processes that were killed go on for ever otherwise.
  #removeDead(): void {
    for (const name of readdirSync(join(this.#mount, 'instances'))) {
      const [, pid] = /^bench-(\d+)$/.exec(name) ?? [];
      if (pid && !existsSync(`/proc/${pid}`)) rmdirSync(join(this.#mount, 'instances', name));
    }
  }

  readonly #remove = (): void => {
    if (existsSync(this.#instance)) rmdirSync(this.#instance);
    run('umount', this.#mount);
    rmdirSync(this.#mount);
  };
}
