import { expect, test } from 'vitest';
import { ForkLimit } from '../../../src/runner/fork-limit.ts';
import { HostSession } from '../../../src/runner/host-session.ts';
import type { Connection } from '../../../src/transport/connection.ts';

test('the text of a program is made when its turn has come, not while thousands wait for theirs', async () => {
  const forks = new ForkLimit(2);
  const answer = Promise.withResolvers<void>();
  const connection: Connection = {
    host: 'h',
    local: false,
    counts: { connections: 1, execs: 0 },
    run: async (_program, { onOutput, endMarker }) => {
      await answer.promise;
      for (const stream of ['stdout', 'stderr'] as const) onOutput?.(stream, Buffer.from(endMarker));
      return { code: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
    },
    stream: () => Promise.reject(new Error('nothing is streamed here')),
    close: async () => undefined,
  };
  const { signal } = new AbortController();
  let made = 0;
  const section = {
    id: 'a',
    stopOnFailure: false,
    become: undefined,
    get script() {
      made++;
      return ':';
    },
  };
  const sessions = Array.from(
    { length: 50 },
    (_, n) =>
      new HostSession(connection, {
        nonce: `nonce${n}`,
        forks,
        reconnect: async () => connection,
        password: undefined,
        kill: signal,
        stop: signal,
      }),
  );
  const runs = sessions.map((session) => session.run([section], {}));
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBe(2);
  answer.resolve();
  await Promise.all(runs);
  expect(made).toBe(50);
});
