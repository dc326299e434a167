import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parseCertificates } from '../../../../../src/domains/tls-logs/certificates/certificate.ts';
import { logLine } from '../../../../../src/domains/tls-logs/resources/log-line.ts';
import { scratch } from '../../../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';
import { hostileWords } from '../../../../helpers/shell/shells.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
const fresh = scratch();
made.root('one', 'subjectAltName=DNS:log.example.com');
made.root('two', 'subjectAltName=DNS:log.example.com');
const printOf = (name: string) => parseCertificates(made.pem(name))[0]?.fingerprint256;
const print = printOf('one');
const at = (file: string) => join(made.directory, file);

afterAll(() => made.remove());

const want = {
  listener: 'logs',
  sender: 'h2',
  name: 'h2',
  file: '/var/log/remote/h2/syslog.log',
  selector: '*.*',
  target: 'log.example.com',
  port: 6514,
  server_name: 'log.example.com',
  ca: '/ca.pem',
  certificate: '/c.pem',
  key: '/k.pem',
  deployed: '/d.pem',
  // No host has it: a listener must not find a daemon of the machine that tests run on.
  service: 'provision-test-log',
  timeout: 15,
};
const said = (verified = '0 (ok)', served = 'one') =>
  `connected\nnew TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\nverified ${verified}\n${made.pem(served)}`;
const refused =
  'trouble\n40E7:error:8000006F:system library:BIO_connect:Connection refused:bio_sock2.c:114:\n';
const sent = (stdout: string, code = 0, stderr = '') => ({ code, stdout, stderr });

describe('log_line judges', () => {
  it('a line that arrived as it should', () => {
    const { status, message, result } = logLine.judge(want, sent(said()), {
      milliseconds: 84.4,
      atMost: false,
      detail: `${print} h2`,
    });
    expect(status).toBe('ok');
    expect(message).toBe(
      'h2 -> logs: arrived in 84 ms, TLSv1.3, TLS_AES_256_GCM_SHA384, served certificate = deployed certificate',
    );
    expect(result).toEqual({
      milliseconds: 84,
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      fingerprint: print,
    });
  });

  it('a line that arrived after a lost file was opened again, with what may be missing', () => {
    const arrival = { milliseconds: 84.4, atMost: false, detail: `${print} h2 reopened` };
    expect(logLine.judge(want, sent(said()), arrival)).toMatchObject({
      status: 'ok',
      message: expect.stringContaining(
        'provision-test-log on logs no longer wrote to /var/log/remote/h2/syslog.log and was made to open it again: lines of the time before may be missing there',
      ),
    });
  });

  const detail = `${print} h2`;
  it.each([
    ['was lost', said(), undefined, 'the line did not arrive within 15 s in /var/log/remote/h2/syslog.log'],
    [
      'was lost to a stranger',
      said('20 (unable to get local issuer certificate)'),
      undefined,
      '; TLS from there to log.example.com:6514: 20 (unable to get local issuer certificate)',
    ],
    ['had nowhere to go', refused, undefined, 'log.example.com:6514: Connection refused'],
    ['came under another name', said(), `${print} localhost`, "under the name 'localhost' instead of 'h2'"],
    ['came without TLS', 'connected\n', detail, 'does not speak TLS'],
    [
      'came through an untrusted server',
      said('10 (certificate has expired)'),
      detail,
      'not trusted: 10 (certificate',
    ],
    [
      'came through a stale server',
      said('0 (ok)', 'two'),
      detail,
      `${printOf('two')} is not the deployed one ${print}`,
    ],
  ])('a line that %s', (_what, stdout, arrived, message) => {
    const arrival = arrived === undefined ? undefined : { milliseconds: 1, atMost: false, detail: arrived };
    const outcome = logLine.judge(want, sent(stdout), arrival);
    expect(outcome.status).toBe('failed');
    expect(outcome.message).toMatch(/^h2 -> logs: /);
    expect(outcome.message).toContain(message);
  });

  it('a line that could not be sent', () => {
    const outcome = logLine.judge(want, sent('', 1, 'logger: socket /dev/log: No such file\n'), undefined);
    expect(outcome.message).toBe('h2 -> logs: no line could be sent: logger: socket /dev/log: No such file');
  });
});

describe('log_line on a real shell', () => {
  it('listens to files that grow or appear, shows each token once with its host name, and ends', async () => {
    const directory = fresh();
    const files = hostileWords.slice(0, 5).map((word) => join(directory, word, 'syslog.log'));
    const deployed = join(made.directory, 'one.pem');
    const wants = files.map((file, index) => ({ ...want, name: `h${index}`, file, deployed, timeout: 10 }));
    const tokens = wants.map((_, index) => `token${index}`);
    const old = files[0] ?? '';
    mkdirSync(dirname(old));
    writeFileSync(old, 'Nov 21 20:00:00 h0 provision-verify: token0 of an earlier run\n');
    const child = spawn('sh', ['-s']);
    child.stdin.end(logLine.listenScript(wants, tokens, false));
    let heard = '';
    const ready = Promise.withResolvers<void>();
    child.stdout.on('data', (chunk) => {
      heard += chunk;
      if (heard.startsWith('ready\n')) ready.resolve();
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await ready.promise;
    for (const [index, file] of files.entries()) {
      mkdirSync(dirname(file), { recursive: true });
      const line = index % 2 === 0 ? `2026-11-21T20:00:01.1+00:00 h${index}` : `Nov 21 20:00:01 h${index}`;
      appendFileSync(file, `noise\n${line} provision-verify: token${index}\n`);
    }
    expect(await ended).toBe(0);
    const fingerprint = printOf('one');
    expect(heard.trim().split('\n').toSorted()).toEqual([
      ...tokens.map((token, index) => `arrived ${token} ${fingerprint} h${index}`),
      'ready',
    ]);
  });

  // What a daemon that lost a file does is done by a shell here: a file that it does not hold open is lost to it.
  it.each([
    ['holds it open', 'exec 9>>log', '', ''],
    ['was begun after the last line', ':', 'before', ''],
    ['wrote to it and does not hold it open', ':', '', 'again'],
    ['holds it open after it was removed', 'exec 9>>log; rm log', '', 'again, and says so'],
    ['holds it open after it was renamed', 'exec 9>>log; mv log log.1', '', 'again, and says so'],
    ['writes to what took its place', 'exec 9>>log; mv log log.1; exec 9>>log', '', ''],
    ['loses it to another file once the line is there', 'exec 9>>log', 'after', 'again'],
  ])('lets the daemon open its files again if it lost one: it %s', async (_what, opens, when, opened) => {
    const directory = fresh();
    const file = join(directory, 'log');
    const line = 'Nov 21 20:00:01 h2 provision-verify: token0';
    if (when === 'before') writeFileSync(file, 'noise\n');
    const then = when === 'after' ? 'exec 9>>other' : ':';
    const behaviour = `trap 'echo again >>hups' HUP; trap 'exec 9>>log; ${then}; echo ${line} >>log' USR1
      sleep 0.1; echo noise >>log; ${opens}; echo up; while :; do sleep 0.05; done`;
    const daemon = spawn('sh', ['-c', behaviour], { cwd: directory });
    try {
      await new Promise((resolve) => daemon.stdout.once('data', resolve));
      if (when === 'before') utimesSync(file, 1e9, 1e9);
      const wants = [{ ...want, file, deployed: join(made.directory, 'one.pem') }];
      const listening = spawn('sh', ['-s']);
      const script = logLine.listenScript(wants, ['token0'], false);
      listening.stdin.end(`systemctl() { echo ${daemon.pid}; }\n${script}`);
      let heard = '';
      listening.stdout.on('data', (chunk) => {
        heard += chunk;
        if (heard === 'ready\n') daemon.kill('SIGUSR1');
      });
      await new Promise((resolve) => listening.on('close', resolve));
      expect(heard).toBe(
        `ready\narrived token0 ${printOf('one')} h2${opened === 'again, and says so' ? ' reopened' : ''}\n`,
      );
      const wasAsked = () => existsSync(join(directory, 'hups'));
      if (opened === '') await new Promise((resolve) => setTimeout(resolve, 200));
      else await vi.waitUntil(wasAsked, 5000);
      expect(wasAsked()).toBe(opened !== '');
    } finally {
      daemon.kill();
    }
  });

  it('finds what was sent before it began, near the end of a large file too, and waits for the rest only shortly', async () => {
    const directory = fresh();
    const [near, far, later] = ['near', 'far', 'later'].map((name) => join(directory, `${name}.log`));
    if (!near || !far || !later) throw new Error('three files');
    const noise = `${'x'.repeat(1023)}\n`;
    const line = (n: number) => `Nov 21 20:00:01 h${n} provision-verify: token${n}\n`;
    writeFileSync(near, `${noise.repeat(5000)}${line(0)}${noise.repeat(3000)}`);
    writeFileSync(far, `${line(1)}${noise.repeat(5000)}`);
    const deployed = join(made.directory, 'one.pem');
    const wants = [near, far, later].map((file) => ({ ...want, file, deployed, timeout: 600 }));
    const child = spawn('sh', ['-s']);
    child.stdin.end(logLine.listenScript(wants, ['token0', 'token1', 'token2'], true));
    let heard = '';
    child.stdout.on('data', (chunk) => {
      heard += chunk;
      if (heard === 'ready\n') appendFileSync(later, line(2));
    });
    const began = performance.now();
    await new Promise((resolve) => child.on('close', resolve));
    expect(performance.now() - began).toBeLessThan(30_000);
    const fingerprint = printOf('one');
    expect(heard.trim().split('\n').toSorted()).toEqual([
      `arrived token0 ${fingerprint} h0`,
      `arrived token2 ${fingerprint} h2`,
      'ready',
    ]);
  });

  it('finds a line that arrived under another name', async () => {
    const directory = fresh();
    const file = (name: string) => join(directory, name, 'syslog.log');
    for (const name of ['old', "it's", 'quiet']) mkdirSync(join(directory, name));
    writeFileSync(file('quiet'), 'noise\n');
    const deployed = join(made.directory, 'one.pem');
    const elsewhere = `${directory}/*/syslog.log`;
    const wants = ['new', 'quiet'].map((name) => {
      return { ...want, name, file: file(name), elsewhere, deployed, timeout: 10 };
    });
    const child = spawn('sh', ['-s']);
    child.stdin.end(logLine.listenScript(wants, ['token0', 'token1'], false));
    let heard = '';
    child.stdout.on('data', (chunk) => {
      heard += chunk;
      if (heard !== 'ready\n') return;
      writeFileSync(file('old'), '2026-11-21T20:00:01.1+00:00 old provision-verify: token0\n');
      writeFileSync(file("it's"), "2026-11-21T20:00:01.1+00:00 it's provision-verify: token1\n");
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    const fingerprint = printOf('one');
    expect(heard.trim().split('\n').toSorted()).toEqual([
      `arrived token0 ${fingerprint} old`,
      `arrived token1 ${fingerprint} it's`,
      'ready',
    ]);
  });

  it('sends nothing ahead from a host that is not set up', async () => {
    const directory = fresh();
    const machine = new ShellHost(undefined, {}, `logger() { : >'${directory}/sent'; }`);
    const bare = { ...want, ca: join(directory, 'none.pem'), target: '127.0.0.1' };
    expect((await machine.run(logLine.sendScript(bare, 'token', true))).code).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['shows a certificate', { certificate: at('one.pem'), key: at('one.key') }, true],
    ['shows none', {}, false],
  ])(
    'sends through logger and shows what openssl saw, also when nothing answers: %s',
    async (_what, own, shown) => {
      const { certificate: _certificate, key: _key, ...without } = want;
      const wish = {
        ...without,
        ca: at('one.pem'),
        ...own,
        target: '127.0.0.1',
        port: 9,
        server_name: "it's",
      };
      const directory = fresh();
      const machine = new ShellHost(undefined, {}, `logger() { printf '%s\\n' "$*" >'${directory}/sent'; }`);
      const script = logLine.sendScript(wish, 'token', false);
      expect(script.includes(' -cert ') || script.includes(" '-cert' ")).toBe(shown);
      const output = await machine.run(script);
      expect(output.code).toBe(0);
      expect(
        logLine.judge(wish, output, { milliseconds: 1, atMost: false, detail: 'AA h2' }).message,
      ).toContain('does not speak TLS');
      expect(logLine.judge(wish, output, undefined).message).toContain(
        'TLS from there to 127.0.0.1:9: Connection refused',
      );
      expect(readFileSync(join(directory, 'sent'), 'utf8')).toBe('-t provision-verify -- token\n');
    },
  );

  it.each([
    [0, 'token\n'],
    [2, 'the log server was restarted; this line may be lost\ntoken\n'],
  ])(
    'wakes a connection that its server left, %i times seen, before it sends the token',
    async (times, expected) => {
      const directory = fresh();
      const functions = `logger() { shift 3; printf '%s\\n' "$*" >>'${directory}/sent'; }
grep() {
  case "$*" in *':1972 08 '*) ;; *) command grep "$@"; return ;; esac
  printf x >>'${directory}/seen'
  [ "$(wc -c <'${directory}/seen')" -le ${times} ]
}`;
      const output = await new ShellHost(undefined, {}, functions).run(
        logLine.sendScript({ ...want, target: '127.0.0.1' }, 'token', false),
      );
      expect(output.code).toBe(0);
      expect(readFileSync(join(directory, 'sent'), 'utf8')).toBe(expected);
    },
  );

  it.each([
    [
      'a handshake that was cut off is tried once more',
      'CONNECTED(3)\nwrite:errno=104\n---\nNew, (NONE)',
      1,
      2,
    ],
    ['one that came about is not', 'CONNECTED(3)\n---\nNew, TLSv1.3, Cipher is X', 0, 1],
    ['one that nobody answered in time is not', 'CONNECTED(3)', 124, 1],
    ['nor is a port that nobody listens on', 'connect:errno=111', 1, 1],
  ])('%s', async (_what, said, code, times) => {
    const directory = fresh();
    const functions = `logger() { :; }
timeout() { printf x >>'${directory}/tries'; printf '%s' '${said}'; return ${code}; }`;
    const script = logLine.sendScript({ ...want, target: '127.0.0.1' }, 'token', false);
    expect((await new ShellHost(undefined, {}, functions).run(script)).code).toBe(0);
    expect(readFileSync(join(directory, 'tries'), 'utf8')).toBe('x'.repeat(times));
  });

  it('shows the lines of the journal that matter', async () => {
    const lines = [
      'nsd_ossl: TLS handshake failed',
      'a cat sat on the mat',
      'omfwd: remote server suspended',
    ];
    const machine = new ShellHost(
      undefined,
      {},
      `journalctl() { printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}; }`,
    );
    const { stdout } = await machine.run(logLine.diagnoseScript(want, 'sender'));
    expect(stdout.trim().split('\n')).toEqual([lines[0], lines[2]]);
  });
});
