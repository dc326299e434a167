import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { HostShell } from '../../../src/transport/programs/host-shell.ts';
import type { ProgramChannel } from '../../../src/transport/programs/program-channel.ts';
import { ShellOpening } from '../../../src/transport/programs/shell-opening.ts';

/** A channel whose other side is the test. */
class OpenChannel implements ProgramChannel {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  closed = false;
  onExit(): void {}
  onClose(): void {}
  lostReason(): string {
    return 'lost';
  }
  close(): void {
    this.closed = true;
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

test('a program that has ended in a shared shell leaves nothing of itself or its output in memory', async () => {
  const channel = new OpenChannel();
  const opening = new ShellOpening(undefined);
  const shell = new HostShell(channel, opening, true);
  const kept: WeakRef<object>[] = [];
  const nonce = /[0-9a-f]{24}/.exec(opening.preamble)?.[0];
  const run = async () => {
    const onOutput = (_stream: string, chunk: Buffer) => kept.push(new WeakRef(chunk));
    const { signal } = new AbortController();
    const options = { endMarker: '\nend\n', signal, onOutput };
    kept.push(new WeakRef(onOutput));
    const ended = shell.run('program', options);
    channel.stderr.write(`${nonce}-ready 1\n`);
    await turn();
    channel.stdout.write(Buffer.from(`${'x'.repeat(70_000)}\nend\n`));
    channel.stderr.write(Buffer.from(`${'y'.repeat(70_000)}\nend\n`));
    const { code, stdout } = await ended;
    expect([code, stdout.length]).toEqual([undefined, 70_005]);
    kept.push(new WeakRef(stdout));
  };
  await run();
  for (let tries = 0; tries < 20 && kept.some((one) => one.deref()); tries++) {
    await turn();
    collectGarbage();
  }
  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(kept.filter((one) => one.deref())).toEqual([]);
  expect(channel.closed).toBe(false);
});
