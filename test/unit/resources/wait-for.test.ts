import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { waitFor } from '../../../src/resources/wait-for.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const open: { readonly servers: Server[]; readonly sockets: Socket[] } = { servers: [], sockets: [] };

async function listening(host: string, port = 0): Promise<number> {
  const server = createServer((socket) => open.sockets.push(socket));
  open.servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(() => {
  for (const socket of open.sockets.splice(0)) socket.destroy();
  for (const server of open.servers.splice(0)) server.close();
});

test.each(['127.0.0.1', '0.0.0.0', '::1', '::'])('a port on %s is seen', async (host) => {
  const port = await listening(host);
  expect((await machine.plan(waitFor, { port, timeout: 2 })).refused).toEqual([]);
});

test('a port of another machine is tried', async () => {
  const port = await listening('127.0.0.2');
  expect((await machine.plan(waitFor, { host: '127.0.0.2', port, timeout: 2 })).refused).toEqual([]);
  const { refused } = await machine.plan(waitFor, { host: '127.0.0.2', port: 1, timeout: 0 });
  expect(refused.join()).toMatch(/waited [01] s for 127\.0\.0\.2:1/);
});

test('waits until it comes', async () => {
  const port = await listening('127.0.0.1');
  open.servers.pop()?.close();
  const waiting = machine.plan(waitFor, { port, timeout: 10 });
  setTimeout(() => listening('127.0.0.1', port), 700);
  const { refused, args, have } = await waiting;
  expect(refused).toEqual([]);
  expect(waitFor.result?.(args as never, have as never, [])).toMatchObject({
    port,
    state: 'started',
    elapsed: expect.any(Number),
  });
});

test('does not wait for a line that cannot be looked for', async () => {
  const { refused } = await machine.plan(waitFor, {
    path: '/etc/passwd',
    search_regex: 'a(?=b)',
    timeout: 60,
  });
  expect(refused.join()).toContain('search_regex: grep on the host has nothing for (?...)');
});

test('gives up in time, in the words of the author', async () => {
  const value = { port: 1, timeout: 1, msg: 'rsyslog never came' };
  expect((await machine.plan(waitFor, value)).refused).toEqual(['rsyslog never came']);
});

test('stopped: nothing listens any more; drained: nobody is connected any more', async () => {
  const port = await listening('127.0.0.1');
  expect((await machine.plan(waitFor, { port, state: 'stopped', timeout: 0 })).refused).toHaveLength(1);
  expect((await machine.plan(waitFor, { port, state: 'drained', timeout: 0 })).refused).toEqual([]);
  const client = connect(port, '127.0.0.1');
  open.sockets.push(client);
  await new Promise((resolve) => client.once('connect', resolve));
  expect((await machine.plan(waitFor, { port, state: 'drained', timeout: 0 })).refused.join()).toMatch(
    /connections .* to end/,
  );
  open.servers.pop()?.close();
  expect((await machine.plan(waitFor, { port, state: 'stopped', timeout: 0 })).refused).toEqual([]);
});

test.each([
  [{ state: 'present' }, []],
  [{ state: 'absent' }, [/to be gone/]],
  [{ search_regex: '^re(ady|eady) *$' }, []],
  [{ search_regex: "it's $(not)" }, [/to contain/]],
  [{ search_regex: 'ready', state: 'absent' }, [/not to contain/]],
])('a file with %j', async (value, refused) => {
  const path = `${fresh()}/it's`;
  writeFileSync(path, 'starting\nready\n');
  const plan = await machine.plan(waitFor, { path, timeout: 0, ...value });
  expect(plan.refused).toEqual(refused.map((message) => expect.stringMatching(message)));
});

test('with neither it only waits', async () => {
  const { have } = await machine.plan(waitFor, { timeout: 1 });
  expect(have).toMatchObject({ reached: true });
});

test.each([
  [{ port: 1, path: '/x' }, /only one of/],
  [{ port: 70000 }, /at most 65535/],
  [{ port: 1, host: '-x; y' }, /host/],
])('its schema refuses %j', (value, message) => {
  expect(() => prepared(waitFor, value)).toThrow(message);
});

test.each([
  [{ search_regex: 'x', port: 1, timeout: 0 }, /needs path/],
  [{ state: 'drained', path: '/x', timeout: 0 }, /needs port/],
])('refuses %j', async (value, message) => {
  expect((await machine.plan(waitFor, value)).refused.join()).toMatch(message);
});
