import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ShellRecorder } from './shell-recorder.ts';
import type { ShellRequest } from './shell-request.ts';

const firstPort = 2200;

/** Simulated hosts in as many processes as there are processors, so that none of their work is provision's. */
export class ScaleFleet {
  readonly #recorder: ShellRecorder;
  readonly #processes: readonly ChildProcess[];

  private constructor(recorder: ShellRecorder, processes: readonly ChildProcess[]) {
    this.#recorder = recorder;
    this.#processes = processes;
  }

  /** Starts the processes; resolves when all listen. `keyFile` is the hosts' key. */
  static async start(keyFile: string): Promise<ScaleFleet> {
    const recorder = new ShellRecorder(join(import.meta.dirname, '../lab/lab'));
    const script = join(import.meta.dirname, 'simulated-hosts.ts');
    const processes = Array.from({ length: availableParallelism() }, (_, index) =>
      fork(script, [String(firstPort + index), keyFile]),
    );
    await Promise.all(processes.map((child) => new Promise((resolve) => child.once('message', resolve))));
    for (const child of processes) {
      child.on('message', async ({ key, request }: { key: string; request: ShellRequest }) => {
        child.send({ key, answer: await recorder.answer(request) });
      });
    }
    return new ScaleFleet(recorder, processes);
  }

  /** Kinds of programs that were really run. */
  get recorded(): number {
    return this.#recorder.recorded;
  }

  /** Where a host listens: an address of its own. */
  place(index: number): { readonly address: string; readonly port: number } {
    const address = `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    return { address, port: firstPort + (index % this.#processes.length) };
  }

  /** Ends all hosts. */
  async stop(): Promise<void> {
    for (const child of this.#processes) child.disconnect();
    await this.#recorder.close();
  }
}
