import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { quote } from '../../../../src/shell/quote.ts';
import { main } from '../../../helpers/cli/built-command.ts';
import { provision } from '../../../helpers/cli/command.ts';
import { SshdLab } from '../../../helpers/transport/real-sshd.ts';

let lab: SshdLab;
let config: string;
let known: string;

beforeAll(async () => {
  lab = new SshdLab();
  const ports = { a: await lab.start('a'), b: await lab.start('b') };
  known = lab.path('known_hosts');
  const lines = [
    ...Object.entries(ports).flatMap(([name, port]) => [`Host ${name}`, `Port ${port}`]),
    // Reached over a, whose key is new as well.
    'Host behind',
    `Port ${ports.b}`,
    `ProxyJump a`,
    `HostKeyAlias behind`,
    'Host off',
    'Port 1',
    'Host *',
    'HostName 127.0.0.1',
    `User ${lab.user}`,
    `IdentityFile ${lab.path('client')}`,
    'IdentityAgent none',
    `UserKnownHostsFile ${known}`,
    'GlobalKnownHostsFile /dev/null',
  ];
  config = lab.write('ssh_config', `${lines.join('\n')}\n`);
});
beforeEach(() => rmSync(known, { force: true }));
afterAll(() => lab?.stop());

function playbook(...hosts: readonly string[]): string {
  const inventory = Object.fromEntries(hosts.map((host) => [host, {}]));
  const plays = [{ hosts: 'all', tasks: [{ debug: { msg: 'x' } }] }];
  return lab.write('site.yml', JSON.stringify({ inventory: { all: { hosts: inventory } }, plays }));
}

function print(name: string): string {
  return (
    execFileSync('ssh-keygen', ['-lf', lab.path(`host_${name}.pub`)], { encoding: 'utf8' }).split(' ')[1] ??
    ''
  );
}

function trust(file: string, ...words: readonly string[]) {
  return provision(['trust', file, '--ssh-config', config, ...words], { env: { HOME: lab.folder } });
}

/** The same on a terminal of its own, where each question gets the next answer. */
async function onTerminal(
  file: string,
  answers: readonly string[],
): Promise<{ readonly code: number | null; readonly text: string }> {
  const command = [process.execPath, main, 'trust', file, '--ssh-config', config].map(quote).join(' ');
  const env = { PATH: process.env.PATH, HOME: lab.folder, TERM: 'dumb', PROVISION_RECORDS: 'off' };
  const child = spawn('script', ['-qec', command, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const left = [...answers];
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const questions = text.split('[yes/no]').length - 1;
    while (left.length > 0 && questions > answers.length - left.length)
      child.stdin.write(`${left.shift()}\n`);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

describe('provision trust', () => {
  test('asks for each new key, and records what is accepted and nothing else', async () => {
    const file = playbook('a', 'b');
    const { code, text } = await onTerminal(file, ['yes', 'no']);
    expect(text).toMatch(
      /^a\r\n {2}\[127\.0\.0\.1\]:\d+ shows a key that is not known:\r\n {2}ssh-ed25519 SHA256:/,
    );
    expect(text).toContain(`ssh-ed25519 ${print('a')}\r\n`);
    expect(text).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(text.replace(/\s+/g, ' ')).toContain(`b: its key is not known: ssh-ed25519 ${print('b')}`);
    expect(text).toContain('1 of 2 host keys known; 1 recorded now; 1 not to be trusted');
    expect(code).toBe(2);
    expect(execFileSync('ssh-keygen', ['-lf', known], { encoding: 'utf8' }).trim().split('\n')).toEqual([
      expect.stringContaining(print('a')),
    ]);
    const again = await onTerminal(file, ['y']);
    expect(again.text).not.toContain(print('a'));
    expect(again).toMatchObject({
      code: 0,
      text: expect.stringContaining('2 of 2 host keys known; 1 recorded now'),
    });
  });

  test('finds hosts behind a jump host once its key is accepted', async () => {
    const file = playbook('behind');
    const { code, text } = await onTerminal(file, ['yes', 'yes']);
    expect(text.indexOf(print('a'))).toBeGreaterThan(0);
    expect(text.indexOf(print('b'))).toBeGreaterThan(text.indexOf(print('a')));
    expect(text).toContain('1 of 1 host key known; 2 recorded now');
    expect(code).toBe(0);
  });

  test('takes fingerprints that somebody has compared, and asks nothing then', async () => {
    const file = playbook('a', 'b');
    const one = await trust(file, '--accept', print('b'));
    expect(one).toMatchObject({ code: 2, stderr: '' });
    expect(one.stdout).toMatch(
      /^a: its key is not known: ssh-ed25519\n {2}SHA256:\S+\n1 of 2 host keys known; 1 recorded now; 1 not to be trusted\n$/,
    );
    expect(await trust(file, '-l', 'b')).toMatchObject({ code: 0, stdout: '1 of 1 host key known\n' });
    const { stdout } = await trust(file, '--json');
    expect(JSON.parse(stdout)).toEqual({
      type: 'trust',
      format: 1,
      hosts: [
        {
          host: 'a',
          kind: 'new',
          name: expect.stringMatching(/^\[127/),
          type: 'ssh-ed25519',
          fingerprint: print('a'),
        },
        { host: 'b', kind: 'known' },
      ],
      recorded: 0,
      exitCode: 2,
    });
  });

  test('never records a key that has changed; a host that is off is no key', async () => {
    const port = /\[127\.0\.0\.1\]:(\d+)/.exec((await trust(playbook('a'), '--json')).stdout)?.[1];
    lab.write('known_hosts', lab.knownHost('b', Number(port)));
    const before = readFileSync(known, 'utf8');
    const { code, stdout } = await trust(playbook('a', 'off'), '--accept', print('a'));
    expect(code).toBe(2);
    expect(stdout).toContain('a: the host key of');
    expect(stdout).toContain('0 of 2 host keys known; 1 not to be trusted; 1 unreachable');
    expect(readFileSync(known, 'utf8')).toBe(before);
    expect((await trust(playbook('off'))).code).toBe(4);
  });

  test('without a terminal it asks nobody and records nothing', async () => {
    const { code, stderr } = await trust(playbook('a'));
    expect(code).toBe(1);
    expect(stderr).toContain('there is no terminal');
  });
});
