import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHttpAnswer } from '../../../src/resources/commands/http-answer.ts';
import { requestBody } from '../../../src/resources/commands/http-body.ts';
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
      if (request.url === '/named')
        return response.writeHead(200, { 'content-disposition': 'attachment; filename="../n.txt"' }).end('n');
      if (request.url === '/file.bin')
        return 'if-modified-since' in request.headers
          ? response.writeHead(304).end()
          : response.writeHead(200).end(Buffer.from([0, 255, 10]));
      if (request.url === '/to-file')
        return response.writeHead(302, { location: '/d/file%20x' }).end('moved');
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
  expect(seen).toEqual([`POST|/x|application/json|${login}|it's "so" \\n|{"a": ["\\u00fc", "\\""]}`]);
});

test.each([
  [{ body: '@/etc/passwd' }, '@/etc/passwd'],
  [{ body: 'line\nother\n' }, 'line\nother\n'],
  [{ body: { q: 'a b', r: [1, 2], s: true }, body_format: 'form-urlencoded' }, 'q=a+b&r=1&r=2&s=True'],
  [{ body_format: 'json' }, 'null'],
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
  expect(requestBody({ body: 3, body_format: 'form-urlencoded' })).toMatch(/needs a mapping or a text/);
  expect(requestBody({ body: 'x', body_format: 'form-multipart' })).toMatch(/needs a mapping/);
  expect(requestBody({ body: { a: 3 }, body_format: 'form-multipart' })).toMatch(/a must be a text/);
});

test('parts of a form, each with its name and kind', async () => {
  const body = {
    b: 'x"y',
    a: { filename: '/p/q.json', content: '{}' },
    c: { content: 'z', mime_type: 'm/n' },
  };
  await asked({ url: `${base}/x`, method: 'POST', body, body_format: 'form-multipart' });
  const [, boundary = ''] = /multipart\/form-data; boundary=(\w+)/.exec(seen[0] ?? '') ?? [];
  const parts = (seen[0] ?? '').split(`--${boundary}`).map((part) => part.trim().split('\r\n'));
  expect(parts.slice(1)).toEqual([
    [
      'Content-Disposition: form-data; name="a"; filename="q.json"',
      'Content-Type: application/json',
      '',
      '{}',
    ],
    ['Content-Disposition: form-data; name="b"', '', 'x"y'],
    ['Content-Disposition: form-data; name="c"', 'Content-Type: m/n', '', 'z'],
    ['--'],
  ]);
});

test('a file is sent as it is, of the control node or of the host', async () => {
  const source_file = { path: 'f', content: Buffer.from('a\0@\n') };
  const args = { ...(prepared(uri, { url: `${base}/x`, method: 'PUT', src: 'f' }) as object), source_file };
  seen.length = 0;
  await machine.look(uri, args as never, { contents: false, observations: false });
  expect(seen[0]?.endsWith('|a\0@\n')).toBe(true);
  const file = `${fresh()}/sent`;
  writeFileSync(file, 'of the host');
  await asked({ url: `${base}/x`, method: 'PUT', src: file, remote_src: true });
  expect(seen[0]?.endsWith('|of the host')).toBe(true);
});

test('an answer is written to a file, and again only when the server has a newer one', async () => {
  const dest = `${fresh()}/f`;
  const want = { url: `${base}/file.bin`, dest, mode: '0600', status_code: [200, 304] };
  const first = await machine.apply(uri, want);
  expect(first).toMatchObject({
    refused: [],
    result: { status: 200, path: dest, mode: '0600', state: 'file' },
  });
  expect(readFileSync(dest)).toEqual(Buffer.from([0, 255, 10]));
  expect(statSync(dest).mode & 0o777).toBe(0o600);
  const second = await machine.apply(uri, want);
  expect(second).toMatchObject({ refused: [], changes: [], result: { status: 304 } });
  // As with Ansible `force` only speaks to caches on the way.
  expect((await machine.apply(uri, { ...want, force: true })).result).toMatchObject({ status: 304 });
  expect((await machine.plan(uri, { ...want, status_code: 200 })).refused).toEqual([
    'Status code was 304 and not [200]: HTTP Error 304: Not Modified',
  ]);
});

test('an answer in JSON that is written is registered too', async () => {
  const dest = `${fresh()}/f`;
  const { result } = await machine.apply(uri, { url: `${base}/json`, dest });
  expect(result).toMatchObject({ status: 200, json: { up: [true, 1] }, url: `${base}/json`, stdout: '' });
});

test('what was not expected is not written', async () => {
  const dest = `${fresh()}/f`;
  const { outputs, result } = await machine.apply(uri, { url: `${base}/missing`, dest });
  expect(outputs.at(-1)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Status code was 404 and not [200]'),
  });
  expect(result).toMatchObject({
    status: 404,
    msg: 'Status code was 404 and not [200]: HTTP Error 404: Not Found',
  });
  expect(() => statSync(dest)).toThrow(/ENOENT/);
  const nobody = await machine.apply(uri, { url: 'http://127.0.0.1:1/', dest });
  expect(nobody.outputs.at(-1)).toMatchObject({ code: 1, stderr: expect.stringContaining('was -1 and not') });
});

test.each([
  ['named', 'n.txt'],
  ['to-file', 'file x'],
  ['json', 'json'],
  ['', 'index.html'],
])('a directory takes /%s as %s', async (url, name) => {
  const dest = fresh();
  const { result } = await machine.apply(uri, { url: `${base}/${url}`, dest });
  expect(result).toMatchObject({ path: `${dest}/${name}` });
  expect(statSync(`${dest}/${name}`).isFile()).toBe(true);
});

test('with dest a plan of a POST sends nothing, and applying sends it once', async () => {
  const dest = `${fresh()}/f`;
  writeFileSync(dest, 'old');
  utimesSync(dest, 1, 1);
  const want = { url: `${base}/x`, method: 'POST', body: 'b', dest };
  seen.length = 0;
  expect((await machine.plan(uri, want)).changes).toHaveLength(1);
  expect(seen).toEqual([]);
  expect((await machine.apply(uri, want)).result).toMatchObject({ status: 200 });
  expect(seen).toHaveLength(1);
});

test.each([
  [{ use_gssapi: true }, 'use_gssapi'],
  [{ unredirected_headers: ['X'] }, 'unredirected_headers'],
  [{ src: 'x', remote_src: true }, 'src: with remote_src'],
])('%j is refused by name', async (more, word) => {
  const { refused } = await machine.plan(uri, { url: `${base}/json`, ...more });
  expect(refused).toEqual([expect.stringContaining(word)]);
});
