import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mailText, type Notice, noticeOf, noticeTarget, targetLines } from '../../../src/schedule/notice.ts';
import { sendNotice } from '../../../src/schedule/notice-sending.ts';

const notice: Notice = { subject: 'failed', lines: ['one', 'two'], failed: true };

describe('who is told', () => {
  test.each([
    ['mailto:anna@example.com', { kind: 'mail', address: 'anna@example.com' }],
    ['ntfy:https://ntfy.sh/topic', { kind: 'ntfy', url: 'https://ntfy.sh/topic' }],
    ['https://hooks.example.com/x?y=z', { kind: 'webhook', url: 'https://hooks.example.com/x?y=z' }],
    ['mailto:-oQ/tmp@example.com', undefined],
    ['mailto:a@b,c@d', undefined],
    ['mailto:anna', undefined],
    ['mailto:a@b\nBcc: c@d', undefined],
    ['ntfy:topic', undefined],
    ['ftp://example.com', undefined],
    ['http://[', undefined],
    ['', undefined],
  ])('%j', (word, target) => expect(noticeTarget(word)).toEqual(target));

  test('a file has a target on each line that is no comment', () => {
    expect(targetLines('# me\n\n  mailto:a@b.c  \r\nhttps://x.y\n')).toEqual(['mailto:a@b.c', 'https://x.y']);
  });
});

describe('what is told', () => {
  const run = { code: 0, applied: false, playbook: 'site.yml', machine: 'ctl', lines: ['something is due'] };
  test.each([
    [{}, undefined],
    [{ code: 4 }, undefined],
    [{ applied: true }, ['provision on ctl: site.yml: renewed what was due', false]],
    [
      { code: 4, applied: true },
      ['provision on ctl: site.yml: renewed what was due, but a host was off', false],
    ],
    [{ code: 2, applied: true }, ['provision on ctl: site.yml: failed with code 2', true]],
    [{ code: 1 }, ['provision on ctl: site.yml: failed with code 1', true]],
  ] as const)('of %j', (more, wanted) => {
    const told = noticeOf({ ...run, ...more });
    expect(told && [told.subject, told.failed]).toEqual(wanted);
    if (told) expect(told.lines).toEqual(['something is due', expect.stringContaining('journal')]);
  });

  test('a mail has no other headers than ours', () => {
    const text = mailText('a@b.c', { ...notice, subject: 'x\r\nBcc: c@d', lines: ['.', 'z'] });
    expect(text).toBe(
      'To: a@b.c\nSubject: x??Bcc: c@d\nAuto-Submitted: auto-generated\nContent-Type: text/plain; charset=utf-8\n\n.\nz\n',
    );
  });
});

describe('sending', () => {
  const got: {
    readonly url: string | undefined;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push({ url: request.url, headers: request.headers, body });
      response.writeHead(request.url === '/no' ? 403 : 200).end('thanks');
    });
  });
  let address: string;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'notice-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = server.address();
    address = `http://127.0.0.1:${typeof at === 'object' ? at?.port : ''}`;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await new Promise((resolve) => server.close(resolve));
  });

  test('to a webhook, and to ntfy', async () => {
    expect(await sendNotice({ kind: 'webhook', url: `${address}/hook` }, notice)).toBeUndefined();
    expect(await sendNotice({ kind: 'ntfy', url: `${address}/topic` }, notice)).toBeUndefined();
    const [hook, ntfy] = got;
    expect(hook).toMatchObject({ url: '/hook', headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(hook?.body ?? '')).toEqual({ text: 'failed\none\ntwo', ...notice });
    expect(ntfy).toMatchObject({
      url: '/topic',
      headers: { title: 'failed', priority: 'high' },
      body: 'failed\none\ntwo',
    });
  });

  test('what goes wrong is said without the address', async () => {
    expect(await sendNotice({ kind: 'webhook', url: `${address}/no` }, notice)).toBe(
      'the webhook notice could not be sent: the server answered 403',
    );
    const refused = await sendNotice({ kind: 'ntfy', url: 'http://127.0.0.1:1/secret-topic' }, notice);
    expect(refused).toMatch(/^the ntfy notice could not be sent: /);
    expect(refused).not.toContain('secret-topic');
  });

  test('by sendmail', async () => {
    const sendmail = join(folder, 'sendmail');
    writeFileSync(
      sendmail,
      `#!/bin/sh\necho "$@" >'${folder}/words'; cat >'${folder}/mail'; [ ! -e '${folder}/broken' ] || { echo queue full >&2; exit 75; }\n`,
    );
    chmodSync(sendmail, 0o755);
    const target = { kind: 'mail', address: 'a@b.c' } as const;
    expect(await sendNotice(target, notice, { sendmail })).toBeUndefined();
    expect(readFileSync(join(folder, 'words'), 'utf8')).toBe('-t -i\n');
    expect(readFileSync(join(folder, 'mail'), 'utf8')).toBe(mailText('a@b.c', notice));
    writeFileSync(join(folder, 'broken'), '');
    expect(await sendNotice(target, notice, { sendmail })).toBe(
      `the mail notice could not be sent: ${sendmail} failed with code 75: queue full`,
    );
    expect(await sendNotice(target, notice, { sendmail: join(folder, 'none') })).toMatch(/ENOENT/);
  });
});
