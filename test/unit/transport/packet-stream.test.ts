import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { wholePackets } from '../../../src/transport/ssh/packet-stream.ts';

/** A stream that shows what reaches the system, and in how many calls. */
class System extends PassThrough {
  readonly calls: string[] = [];

  override _writev(
    chunks: readonly { readonly chunk: Buffer }[],
    done: (error?: Error | null) => void,
  ): void {
    this.calls.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
    done();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.calls.push(chunk.toString());
    done();
  }
}

test('what is written in one go reaches the system in one call, in order', async () => {
  const system = new System();
  const stream = wholePackets(system);
  for (const piece of ['length', ' packet', ' tag']) stream.write(piece);
  expect(system.calls).toEqual([]);
  await turn();
  for (const piece of ['next', ' packet']) stream.write(piece);
  await turn();
  expect(system.calls).toEqual(['length packet tag', 'next packet']);
});

test('the end waits for nothing, and takes what was written before it along', async () => {
  const system = new System();
  const stream = wholePackets(system);
  stream.write('last ');
  stream.end('words');
  await turn();
  expect(system.calls.join('')).toBe('last words');
  expect(system.writableFinished).toBe(true);
});

test('a callback is called, and a full stream is reported', async () => {
  const stream = wholePackets(new PassThrough({ writableHighWaterMark: 4 }));
  const written = new Promise((resolve) => stream.write('1234567', resolve));
  expect(stream.writableNeedDrain).toBe(true);
  await expect(written).resolves.toBeFalsy();
});
