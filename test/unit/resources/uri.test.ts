import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHttpAnswer } from '../../../src/resources/commands/http-answer.ts';
import { requestBody } from '../../../src/resources/commands/http-request.ts';
import { uri } from '../../../src/resources/uri.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared, ShellHost } from '../../helpers/resources/shell-host.ts';

const machine = new ShellHost();
const fresh = scratch();
const seen: string[] = [];
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { authorization = '', 'content-type': type = '', 'x-mine': mine = '' } = request.headers;
      const body = Buffer.concat(parts).toString();
      seen.push([request.method, request.url, type, authorization, mine, body].join('|'));
      if (request.url === '/away') return response.writeHead(302, { location: '/json' }).end();
      if (request.url === '/missing') return response.writeHead(404).end('nothing here');
      response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'a=b; path=/' });
      return response.end('{"up": [true, 1]}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function asked(value: object, observations = false) {
  seen.length = 0;
  const args = prepared(uri, value) as never;
  const have = (await machine.look(uri, args, { contents: false, observations })) as never;
  const refused = uri.refuse?.(args, have) ?? [];
  return { refused, result: (refused.length > 0 ? uri.failedResult : uri.result)?.(args, have, []) };
}

test('an answer in JSON', async () => {
  const { refused, result } = await asked({ url: `${base}/json`, return_content: true });
  expect(refused).toEqual([]);
  expect(result).toMatchObject({
    status: 200,
    json: { up: [true, 1] },
    content: '{"up": [true, 1]}',
    content_type: 'application/json',
    cookies: { a: 'b' },
    redirected: false,
    url: `${base}/json`,
  });
});

test('what is sent: method, headers, name and password, body', async () => {
  await asked({
    url: `${base}/x`,
    method: 'POST',
    headers: { 'X-Mine': 'it\'s "so" \\n' },
    body: { a: ['ü', '"'] },
    body_format: 'json',
    url_username: 'me',
    url_password: 'p:"w',
  });
  const login = `Basic ${Buffer.from('me:p:"w').toString('base64')}`;
  expect(seen).toEqual([`POST|/x|application/json|${login}|it's "so" \\n|{"a":["ü","\\""]}`]);
});

test.each([
  [{ body: '@/etc/passwd' }, '@/etc/passwd'],
  [{ body: 'line\nother\n' }, 'line\nother\n'],
  [{ body: { q: 'a b', r: [1, 2] }, body_format: 'form-urlencoded' }, 'q=a+b&r=1&r=2'],
])('a body %j', async (more, body) => {
  await asked({ url: `${base}/x`, method: 'PUT', ...more });
  expect(seen[0]?.endsWith(`|${body}`)).toBe(true);
});

test('redirections are followed for GET, unless they are not to be', async () => {
  expect((await asked({ url: `${base}/away` })).result).toMatchObject({ status: 200, redirected: true });
  const { result } = await asked({ url: `${base}/away`, follow_redirects: 'none', status_code: 302 });
  expect(result).toMatchObject({ status: 302, location: '/json' });
});

test('an answer that was not expected fails, and is registered', async () => {
  const { refused, result } = await asked({ url: `${base}/missing` });
  expect(refused).toEqual(['Status code was 404 and not [200]: HTTP Error 404: Not Found']);
  expect(result).toMatchObject({ status: 404, content: 'nothing here' });
  expect((await asked({ url: `${base}/missing`, status_code: [200, 404] })).refused).toEqual([]);
  expect((await asked({ url: `${base}/missing`, status_code: '200, 404' })).refused).toEqual([]);
});

test('no answer at all is status -1', async () => {
  const { refused, result } = await asked({ url: 'http://127.0.0.1:1/' });
  expect(refused).toEqual([expect.stringMatching(/^Status code was -1 and not \[200\]/)]);
  expect(result).toMatchObject({ status: -1 });
});

test('a plan asks what only reads, and sends nothing else', async () => {
  expect((await asked({ url: `${base}/json` }, true)).result).toMatchObject({ status: 200 });
  expect((await asked({ url: `${base}/x`, method: 'POST' }, true)).result).toMatchObject({ status: 0 });
  expect(seen).toEqual([]);
});

test('creates and removes spare the question', async () => {
  const directory = fresh();
  await asked({ url: `${base}/json`, creates: directory });
  expect(seen).toEqual([]);
  const { result } = await asked({ url: `${base}/json`, removes: `${directory}/none` });
  expect(result).toMatchObject({ msg: `skipped, since '${directory}/none' does not exist` });
  expect(seen).toEqual([]);
});

test('what makes no sense is no answer', () => {
  expect(readHttpAnswer(Buffer.from('nonsense')).status).toBe(-1);
  expect(requestBody({ url: 'x', body: 3, body_format: 'form-urlencoded' })).toBeUndefined();
});
