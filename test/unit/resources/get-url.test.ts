import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { getUrl } from '../../../src/resources/get-url.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();
const body = 'what was asked for\n';
const sha256 = createHash('sha256').update(body).digest('hex');
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const other = 'b'.repeat(64);
// Lists of checksums as projects publish them.
const lists: Readonly<Record<string, string>> = {
  '/alone': `${sha256}\n`,
  '/sums': `${other}  else\n${sha256} *./file\n${other}  file\n`,
  '/short': `${sha256.slice(1)}  file\n${other}  else\n`,
  '/without': `${other}  else\n${other}  file.sig\n`,
};
const seen: IncomingMessage[] = [];
let server: Server;
let address = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request);
    if (request.url === '/moved') response.writeHead(302, { location: '/file' }).end();
    else if (request.url === '/escape') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    else if (request.url?.startsWith('/file')) response.end(body);
    else if (lists[request.url ?? ''] !== undefined) response.end(lists[request.url ?? '']);
    else response.writeHead(404).end('nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

beforeEach(() => {
  seen.length = 0;
});

// A host that has these commands and no others.
function hostWith(directory: string, ...tools: string[]): ShellHost {
  mkdirSync(`${directory}/bin`);
  const needed = [
    'sh',
    'base64',
    'stat',
    'tr',
    'dirname',
    'mktemp',
    'rm',
    'chmod',
    'chown',
    'sync',
    'mv',
    'md5sum',
    'sha256sum',
  ];
  for (const tool of [...needed, ...tools]) symlinkSync(`/usr/bin/${tool}`, `${directory}/bin/${tool}`);
  return new ShellHost(['/bin/sh', '-s'], { PATH: `${directory}/bin` });
}

test('fetches once, then is content with what has the checksum', async () => {
  const directory = fresh();
  const value = { url: `${address}/file`, dest: `${directory}/`, checksum: `sha256:${sha256}`, mode: '0640' };
  const { changes, result } = await machine.apply(getUrl, value);
  expect(changes.map(({ attribute }) => attribute)).toEqual(['state', 'url', 'mode']);
  expect(result).toMatchObject({ dest: `${directory}/file`, mode: '0640' });
  expect(readFileSync(`${directory}/file`, 'utf8')).toBe(body);
  expect((await machine.apply(getUrl, value)).changes).toEqual([]);
  expect(seen).toHaveLength(1);
});

test.each(['curl', 'wget'])('a host with nothing but %s can do it', async (tool) => {
  const directory = fresh();
  const host = hostWith(directory, tool);
  const { outputs } = await host.apply(getUrl, { url: `${address}/moved`, dest: `${directory}/a` });
  expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual([[0, '']]);
  expect(readFileSync(`${directory}/a`, 'utf8')).toBe(body);
});

test('a host with neither is reported, but only when something must be fetched', async () => {
  const directory = fresh();
  const host = hostWith(directory);
  const value = { url: `${address}/file`, dest: `${directory}/a` };
  expect((await host.plan(getUrl, value)).refused.join()).toMatch(/neither curl nor wget/);
  writeFileSync(`${directory}/a`, 'x');
  expect(await host.plan(getUrl, value)).toMatchObject({ refused: [], changes: [] });
});

test('a wrong checksum leaves the old file and shows both', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/a`, 'old');
  const wanted = 'a'.repeat(64);
  const { outputs } = await machine.apply(getUrl, {
    url: `${address}/file`,
    dest: `${directory}/a`,
    checksum: `sha256:${wanted}`,
  });
  expect(outputs[0]?.stderr).toContain(`the checksum is ${sha256}, not ${wanted}`);
  expect([readdirSync(directory), readFileSync(`${directory}/a`, 'utf8')]).toEqual([['a'], 'old']);
});

test.each(['/alone', '/sums'])('the checksum is taken from the list %s', async (list) => {
  const directory = fresh();
  const value = {
    url: `${address}/file`,
    dest: `${directory}/a`,
    checksum: `sha256:${address}${list}`,
    url_username: 'me',
    url_password: 'pw',
  };
  expect((await machine.apply(getUrl, value)).result).toMatchObject({
    checksum_src: sha1(body),
    checksum_dest: null,
  });
  expect(readFileSync(`${directory}/a`, 'utf8')).toBe(body);
  expect((await machine.apply(getUrl, value)).changes).toEqual([]);
  expect(seen.map(({ url }) => url)).toEqual([list, '/file', list]);
  expect(seen.every(({ headers }) => headers.authorization !== undefined)).toBe(true);
  writeFileSync(`${directory}/a`, 'old');
  const again = await machine.apply(getUrl, value);
  expect(again.changes).toMatchObject([{ attribute: 'content' }]);
  expect(again.result).toMatchObject({ checksum_src: sha1(body), checksum_dest: sha1('old') });
});

test('a list on the host is read again after a task that writes it', () => {
  const paths = getUrl.paths?.({ url: `${address}/file`, dest: '/a/', checksum: 'sha256:file:///srv/sums' });
  expect(paths).toEqual(['/a/file', '/srv/sums']);
});

test('a list on another server is asked without name and password', async () => {
  const elsewhere = address.replace('127.0.0.1', 'localhost');
  const value = { url: `${elsewhere}/file`, dest: `${fresh()}/a`, url_username: 'me', url_password: 'pw' };
  await machine.plan(getUrl, { ...value, checksum: `sha256:${address}/sums` });
  expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test.each([
  ['/short', /has no sha256 of a file 'file'/],
  ['/without', /has no sha256 of a file 'file'/],
  ['/missing', /could not be fetched: .*404/],
])('a list %s that does not say is refused before anything is fetched', async (list, why) => {
  const checksum = `sha256:${address}${list}`;
  const { refused } = await machine.plan(getUrl, { url: `${address}/file`, dest: `${fresh()}/a`, checksum });
  expect(refused).toMatchObject([expect.stringMatching(why)]);
});

test.each([
  ['/missing', /404/],
  ['/escape', /[Pp]rotocol/],
])('%s fails and leaves nothing', async (path, message) => {
  const directory = fresh();
  const { outputs } = await machine.apply(getUrl, { url: `${address}${path}`, dest: `${directory}/a` });
  expect(outputs[0]?.code).not.toBe(0);
  expect(outputs[0]?.stderr).toMatch(message);
  expect(readdirSync(directory)).toEqual([]);
});

test('headers and password reach the server and stand on no command line', async () => {
  const directory = fresh();
  const value = {
    url: `${address}/file?token=$(id)&x='"`,
    dest: `${directory}/a`,
    headers: { 'x-token': 'it\'s "s3cr3t" \\ $(id)' },
    url_username: 'me',
    url_password: 'pa"ss\\w',
  };
  const { outputs } = await machine.apply(getUrl, value);
  expect(outputs[0]).toMatchObject({ code: 0 });
  expect(seen[0]?.headers).toMatchObject({
    'x-token': 'it\'s "s3cr3t" \\ $(id)',
    authorization: `Basic ${Buffer.from('me:pa"ss\\w').toString('base64')}`,
  });
  const { args, changes, have } = await machine.plan(getUrl, { ...value, dest: `${directory}/b` });
  const [step] = getUrl.steps(args as never, changes, have as never);
  const words =
    step?.kind === 'script' ? step.script.split('\n').filter((line) => line.includes('curl -q')) : [];
  expect(words.join()).not.toMatch(/s3cr3t|pa"ss/);
});

test('force fetches again, only owner and mode do not', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/a`, 'old', { mode: 0o644 });
  const value = { url: `${address}/file`, dest: `${directory}/a`, mode: '0600' };
  expect((await machine.apply(getUrl, value)).changes).toEqual([
    { attribute: 'mode', from: '0644', to: '0600' },
  ]);
  expect([seen.length, readFileSync(`${directory}/a`, 'utf8')]).toEqual([0, 'old']);
  await machine.apply(getUrl, { ...value, force: true });
  expect([readFileSync(`${directory}/a`, 'utf8'), statSync(`${directory}/a`).mode & 0o777]).toEqual([
    body,
    0o600,
  ]);
});

test.each([
  [{ url: 'gopher://x/y' }, /url/],
  [{ url: 'http://x/y', checksum: 'sha256:abc' }, /checksum/],
  [{ url: 'http://x/y', checksum: 'crc32:abcdef00' }, /checksum/],
  [{ url: 'http://x/y', headers: { a: 'b\nc: d' } }, /headers/],
])('its schema refuses %j', (value, message) => {
  expect(() => prepared(getUrl, { dest: '/x', ...value })).toThrow(message);
});
