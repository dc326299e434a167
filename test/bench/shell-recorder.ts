import { type ChildProcess, spawn } from 'node:child_process';
import { endMarker } from '../../src/shell/program.ts';
import { keyOf, type ShellAnswer, type ShellRequest, tokensOf, withoutTokens } from './shell-request.ts';

/** Answers requests of each kind as one real host of the lab does: the first is run there, the others get its answer. */
export class ShellRecorder {
  readonly #lab: string;
  readonly #answers = new Map<string, Promise<ShellAnswer>>();
  readonly #shells = new Set<ChildProcess>();

  /** `lab` is the command of the lab, in whose environment LAB_NS names one that is up. */
  constructor(lab: string) {
    this.#lab = lab;
  }

  /** Programs that were really run. */
  get recorded(): number {
    return this.#answers.size;
  }

  /** What the host answers, with placeholders for the request's tokens. */
  answer(request: ShellRequest): Promise<ShellAnswer> {
    const key = keyOf(request);
    const answer = this.#answers.get(key) ?? this.#run(request);
    this.#answers.set(key, answer);
    return answer;
  }

  /** Ends the shells that are kept open, as a host whose connections close. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#shells].map((child) => {
        const closed = new Promise((resolve) => child.on('close', resolve));
        child.stdin?.end();
        return closed;
      }),
    );
  }

  #run(request: ShellRequest): Promise<ShellAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<ShellAnswer>();
    const { command, program } = request;
    const child = spawn(this.#lab, ['exec', 'h1', 'sh', '-c', command]);
    const heard = { stdout: '', stderr: '' };
    const nonce = /^provision_nonce=(\S+)$/m.exec(program)?.[1];
    const settle = (code: number): void => {
      const tokens = tokensOf(request);
      const [stdout, stderr] = [withoutTokens(heard.stdout, tokens), withoutTokens(heard.stderr, tokens)];
      resolve({ stdout, stderr, code });
    };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('latin1').on('data', (text: string) => {
        heard[name] += text;
        const end = nonce && endMarker(nonce);
        if (end && heard.stdout.includes(end) && heard.stderr.includes(end)) settle(0);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      this.#shells.delete(child);
      settle(code ?? 255);
    });
    this.#shells.add(child);
    child.stdin.write(program, 'latin1');
    if (!nonce) child.stdin.end(); // it may wait for it
    return promise;
  }
}
