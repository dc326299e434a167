import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { logHealth } from '../../../../../src/domains/tls-logs/resources/log-health.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords, shells } from '../../../../helpers/shell/shells.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
made.root('one', 'subjectAltName=DNS:log.example.com');
afterAll(() => made.remove());
const fresh = scratch();

const want = {
  listener: 'logs',
  sender: 'h2',
  name: 'h2',
  file: '/var/log/remote/h2/syslog.log',
  selector: '*.*',
  target: '127.0.0.1',
  port: 1,
  ca: '/ca.pem',
  service: 'rsyslog',
  timeout: 15,
};
const said = `connected\nnew TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nverified 0 (ok)\n${made.pem('one')}
own notAfter=Feb 18 10:00:00 2027 GMT\ndaemon active\nqueued 4096\ndisk 1000 250 /dev/sda1\n`;
const common = 'now=1000000 daemon=active total=1000 free=250 encryption=luks ends=Feb_18_10:00:00_2027_GMT';
const arrival = (detail: string) => ({ milliseconds: 1, atMost: false, detail: `${common} ${detail}` });

describe('what is made of the answers', () => {
  test('of both sides', () => {
    const { status, result } = logHealth.judge(
      want,
      { code: 0, stdout: said, stderr: '' },
      arrival('at=999990 line='),
    );
    const disk = { total: 1_024_000, free: 256_000 };
    const ends = '2027-02-18T10:00:00.000Z';
    expect({ status, result }).toMatchObject({
      status: 'ok',
      result: {
        server: 'logs',
        tls: { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', verified: '0 (ok)', trouble: '' },
        client: { ends, daemon: 'active', queued: 4096, disk },
        log: { age: 10, daemon: 'active', disk, ends, encryption: 'luks' },
      },
    });
  });

  test.each([
    ['at= line=', undefined],
    ['at=junk line=junk', undefined],
    ['at= line=1970-01-12T13:46:30.5+00:00 h2 x', 10],
    ['at= line=1 1970-01-12T14:46:30+01:00 h2 x', 10],
    ['at= line={"time":"1970-01-12T13:46:30Z","host"', 10],
    ['at= line=Jan 12 13:46:30 h2 x: y', 10],
    ['at= line=Dec 31 13:46:40 h2 x: y', 12 * 86_400],
    ['at=1000005 line=', 0],
  ])('the age of a last line: %s', (detail, age) => {
    const { result } = logHealth.judge(want, { code: 0, stdout: said, stderr: '' }, arrival(detail));
    expect(result?.log).toEqual(
      age === undefined
        ? expect.not.objectContaining({ age: expect.anything() })
        : expect.objectContaining({ age }),
    );
  });

  test('of a host that says nothing of use, or lies', () => {
    for (const stdout of ['', 'own x\nqueued -5\ndisk a b c\n', 'queued 1e99\n']) {
      const { result } = logHealth.judge(want, { code: 0, stdout, stderr: '' }, undefined);
      expect(result).toMatchObject({ client: { queued: 0 }, log: {} });
      expect(result?.client).not.toHaveProperty('ends');
      expect(result?.client).not.toHaveProperty('disk');
    }
  });
});

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))(
  'the scripts in %s',
  (_name, shell) => {
    test('of a client: a port that refuses, a certificate, a disk', async () => {
      const host = new ShellHost(shell);
      const one = {
        ...want,
        ca: join(made.directory, 'one.pem'),
        certificate: join(made.directory, 'one.pem'),
        key: join(made.directory, 'one.key'),
      };
      const sent = await host.run(logHealth.sendScript(one, 'token', false));
      expect(sent.code).toBe(0);
      const { result } = logHealth.judge(one, sent, undefined);
      expect(result).toMatchObject({
        tls: { version: '', trouble: expect.stringMatching(/refused/i) },
        client: { ends: expect.stringMatching(/^20\d\d-/), disk: { total: expect.any(Number) } },
      });
      expect((await host.run(logHealth.sendScript(want, 'token', true))).code).toBe(1);
    });

    test('of a log server: files of one client, of several, of programs, and none', async () => {
      const directory = fresh();
      const [word = ''] = hostileWords;
      const place = join(directory, word.replaceAll('/', '_'));
      mkdirSync(join(place, 'h4'), { recursive: true });
      const now = Date.now() / 1000;
      const write = (name: string, text: string, age: number): string => {
        const path = join(place, name);
        writeFileSync(path, text);
        utimesSync(path, now - age, now - age);
        return path;
      };
      const time = (age: number) => new Date((now - age) * 1000).toISOString();
      const all = write('all.log', `${time(500)} h3 a: b\n${time(90)} h5 a: b\n${time(60)} other a: h3\n`, 1);
      const wants = [
        { ...want, file: write('h2.log', 'a line\n', 300) },
        { ...want, name: 'h3', file: all },
        { ...want, name: 'h5', file: all },
        { ...want, name: 'h4', file: write('h4/provision-verify.log', 'x\n', 4000) },
        { ...want, name: 'h6', file: join(place, 'h6.log') },
      ];
      write('h4/sshd.log', 'y\n', 30);
      const tokens = wants.map((_, index) => `token${index}`);
      const host = new ShellHost(shell);
      const { code, stdout } = await host.run(logHealth.listenScript(wants, tokens, false));
      expect(code).toBe(0);
      const [ready, ...lines] = stdout.trimEnd().split('\n');
      expect(ready).toBe('ready');
      const ages = lines.map((line, index) => {
        const detail = line.replace(`arrived token${index} `, '');
        const { result } = logHealth.judge(
          want,
          { code: 0, stdout: '', stderr: '' },
          { ...arrival(''), detail },
        );
        const { age } = (result?.log ?? {}) as { readonly age?: number };
        return age === undefined ? 'none' : Math.round(age / 10) * 10;
      });
      expect(ages).toEqual([300, 60, 90, 30, 'none']);
      expect(readdirSync(place).toSorted()).toEqual(['all.log', 'h2.log', 'h4']);
    });
  },
);
