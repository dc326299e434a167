import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { HostKeyCheck } from '../../../src/transport/host-keys/host-key-check.ts';
import { fingerprint } from '../../../src/transport/host-keys/host-key-error.ts';
import { knownHostsName, parseKnownHosts } from '../../../src/transport/host-keys/known-hosts.ts';
import { resolveSshConfig } from '../../../src/transport/ssh-config/ssh-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'provision-known-hosts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function keyLine(name: string, type: string): string {
  const path = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', name, '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
}

const ed = keyLine('ed', 'ed25519');
const ed2 = keyLine('ed2', 'ed25519');
const rsa = keyLine('rsa', 'rsa');
const ecdsa = keyLine('ecdsa', 'ecdsa');
const blob = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function hashed(name: string, text: string): string {
  const path = file(name, text);
  execFileSync('ssh-keygen', ['-H', '-f', path], { stdio: 'ignore' });
  return readFileSync(path, 'utf8');
}

/** Line numbers that ssh-keygen finds, with the markers it names. */
function oracle(path: string, host: string): readonly string[] {
  try {
    const output = execFileSync('ssh-keygen', ['-F', host, '-f', path], { encoding: 'utf8', stdio: 'pipe' });
    return [...output.matchAll(/^# Host .* found: line (\d+) ?(\w*)/gm)].map(
      ([, line, marker]) => `${line}${marker}`,
    );
  } catch {
    return [];
  }
}

function ours(path: string, name: string): readonly string[] {
  const markers = { revoked: 'REVOKED', 'cert-authority': 'CA' };
  return parseKnownHosts(readFileSync(path, 'utf8'), path)
    .filter((line) => line.covers(name))
    .map(({ line, marker }) => `${line}${marker ? markers[marker] : ''}`);
}

describe('lines found, as `ssh-keygen -F` says', () => {
  const text = [
    '# a comment',
    `web1 ${ed}`,
    `web1,10.0.0.1,web1.example ${rsa} some comment here`,
    `[web1]:2222 ${ed2}`,
    '',
    `*.example,!bad.example ${ecdsa}`,
    `we?1 ${ecdsa}`,
    `WEB9 ${ed}`,
    `@revoked web1 ${ed2}`,
    `@cert-authority *.ca.example ${rsa}`,
    '   ',
    'web1 ssh-ed25519',
    'web1 1024 35 1234567890',
    `web1\t${ed2}`,
    `  web1 ${ed2}`,
    `[*.example]:2200 ${ed}`,
    `2001:db8::1 ${ed}`,
  ].join('\n');
  const plain = file('plain', `${text}\n`);
  const mixed = file(
    'mixed',
    `${hashed('hashing', `web1 ${ed}\n[web1]:2222 ${rsa}\n10.0.0.1 ${ed}\n`)}web1 ${ed2}\n`,
  );
  const names = [
    'web1',
    'web2',
    'web9',
    '10.0.0.1',
    '[web1]:2222',
    '[web1]:22',
    'a.example',
    'bad.example',
    'x.ca.example',
    '[a.example]:2200',
    '2001:db8::1',
    'example',
  ];
  test.each(
    names.flatMap(
      (name) =>
        [
          [name, plain],
          [name, mixed],
        ] as const,
    ),
  )('%s in %s', (name, path) => {
    expect(ours(path, name)).toEqual(oracle(path, name));
  });

  test.each(['web1 ssh-ed25519 broken', `web1 ssh-rsa ${ed.split(' ')[1]}`, `@unheard web1 ${ed}`, '|1|a|b'])(
    'a line without a key is passed over, as ssh does: %s',
    (line) => {
      expect(ours(file('broken', `${line}\nweb1 ${ed}\n`), 'web1')).toEqual(['2']);
    },
  );

  test('fingerprints are those of ssh-keygen', () => {
    for (const name of ['ed', 'rsa', 'ecdsa']) {
      const shown = execFileSync('ssh-keygen', ['-lf', join(folder, `${name}.pub`)], { encoding: 'utf8' });
      expect(shown.split(' ')[1]).toBe(fingerprint(blob(readFileSync(join(folder, `${name}.pub`), 'utf8'))));
    }
  });

  test.each([
    ['Web1', 22, 'web1'],
    ['web1', 2222, '[web1]:2222'],
    ['::1', 22, '::1'],
    ['::1', 23, '[::1]:23'],
  ])('name of %s port %i', (host, port, name) => {
    expect(knownHostsName(host, port)).toBe(name);
  });
});

interface Setup {
  readonly known: string;
  readonly global?: string;
  readonly config?: string;
  readonly port?: number;
}

function check({ known, global = '', config = '', port = 22 }: Setup): HostKeyCheck {
  const settings = [
    config,
    `UserKnownHostsFile ${file('user-hosts', known)}`,
    `GlobalKnownHostsFile ${file('global-hosts', global)}`,
  ];
  const configFile = file('ssh_config', `${settings.join('\n')}\n`);
  return new HostKeyCheck(resolveSshConfig({ alias: 'web1', port }, configFile));
}

describe('a key is taken', () => {
  test.each<[string, Setup]>([
    ['when it is on file', { known: `web1 ${ed}\n` }],
    ['when one of several is the same', { known: `web1 ${ed2}\nweb1 ${ed}\n` }],
    ['when it is on file for all', { known: '', global: `web1 ${ed}\n` }],
    ['hashed', { known: hashed('h1', `web1 ${ed}\n`) }],
    ['with a port', { known: `[web1]:2222 ${ed}\n`, port: 2222 }],
    ['hashed with a port', { known: hashed('h2', `[web1]:2222 ${ed}\n`), port: 2222 }],
    ['with a port when the host is on file without one, as ssh does', { known: `web1 ${ed}\n`, port: 2222 }],
    ['under its alias', { known: `other ${ed}\n`, config: 'HostKeyAlias Other', port: 2222 }],
    ['when another key is revoked', { known: `@revoked * ${ed2}\nweb1 ${ed}\n` }],
  ])('%s', (_, setup) => {
    const keys = check(setup);
    expect(keys.verify(blob(ed))).toBe(true);
    expect(keys.failure).toBeUndefined();
  });
});

describe('a key is refused', () => {
  test.each<[string, Setup, string, RegExp, RegExp]>([
    [
      'unknown',
      { known: '' },
      'unknown-host-key',
      /^the host key of web1 is not known: ssh-ed25519 SHA256:\S{43}$/,
      /ssh-keygen -lf \/etc\/ssh\/ssh_host_ed25519_key.pub.*accept it with `ssh -F \S+ -p 22 web1` or `ssh-keyscan -t ed25519 -p 22 web1 >> \S+user-hosts`/,
    ],
    [
      'unknown behind a jump host: no ssh-keyscan',
      { known: '', config: 'ProxyJump bastion' },
      'unknown-host-key',
      /not known/,
      /accept it with `ssh -F \S+ -p 22 web1`$/,
    ],
    [
      'known for another port only',
      { known: `[web1]:2222 ${ed}\n` },
      'unknown-host-key',
      /host key of web1 is not known/,
      /accept it/,
    ],
    [
      'known without a port under an alias only',
      { known: `web1 ${ed}\n`, config: 'HostKeyAlias other', port: 2222 },
      'unknown-host-key',
      /host key of other is not known/,
      /accept it/,
    ],
    [
      'another type is on file',
      { known: `web1 ${rsa}\n` },
      'unknown-host-key',
      /not known \(only another type of key is on file, ssh-rsa at \S+user-hosts:1\)/,
      /accept it/,
    ],
    [
      'only a CA is on file',
      { known: `@cert-authority * ${rsa}\n` },
      'unknown-host-key',
      /not known \(@cert-authority at \S+user-hosts:1 is not supported\)/,
      /accept it/,
    ],
    ['negated', { known: `*,!web1 ${ed}\n` }, 'unknown-host-key', /not known/, /accept it/],
    [
      'changed',
      { known: `# old\nweb1 ${ed2}\n` },
      'changed-host-key',
      /^the host key of web1 is not the one at \S+user-hosts:2: it shows ssh-ed25519 SHA256:\S+, on file is SHA256:/,
      /somebody may be listening in.*ssh-keygen -f \S+user-hosts -R 'web1'/,
    ],
    [
      'changed in the global file',
      { known: '', global: `web1 ${ed2}\n` },
      'changed-host-key',
      /global-hosts:1/,
      /-R 'web1'/,
    ],
    [
      'revoked although on file',
      { known: `web1 ${ed}\n@revoked * ${ed}\n` },
      'revoked-host-key',
      /marked @revoked at \S+user-hosts:2: ssh-ed25519 SHA256:/,
      /not to be trusted/,
    ],
    [
      'no file to keep keys in',
      { known: '', config: 'UserKnownHostsFile /dev/null' },
      'unknown-host-key',
      /not known/,
      /keeps no keys for this host/,
    ],
    [
      'accept-new does not take a changed key',
      { known: `web1 ${ed2}\n`, config: 'StrictHostKeyChecking accept-new' },
      'changed-host-key',
      /not the one at/,
      /-R/,
    ],
    [
      'accept-new does not take another type for a known host',
      { known: `web1 ${rsa}\n`, config: 'StrictHostKeyChecking accept-new' },
      'unknown-host-key',
      /another type of key/,
      /accept it/,
    ],
    [
      'accept-new does not take a revoked key',
      { known: `@revoked * ${ed}\n`, config: 'StrictHostKeyChecking accept-new' },
      'revoked-host-key',
      /revoked/,
      /not to be trusted/,
    ],
  ])('%s', (_, setup, code, message, hint) => {
    const keys = check(setup);
    expect(keys.verify(blob(ed))).toBe(false);
    expect(keys.failure).toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
  });
});

describe('StrictHostKeyChecking accept-new', () => {
  test.each([
    ['plain', 'HashKnownHosts no', 22, ''],
    ['hashed', 'HashKnownHosts yes', 22, ''],
    ['with a port, after a line without an end', 'HashKnownHosts no', 2222, `other ${rsa}`],
    ['hashed with a port', 'HashKnownHosts yes', 2222, `other ${rsa}\n`],
  ])('writes the key down where ssh finds it: %s', (_, hash, port, known) => {
    const keys = check({ known, config: `StrictHostKeyChecking accept-new\n${hash}`, port });
    expect(keys.verify(blob(ed))).toBe(true);
    expect(keys.verify(blob(ed2))).toBe(false);
    keys.record();
    const path = join(folder, 'user-hosts');
    expect(oracle(path, knownHostsName('web1', port))).toHaveLength(1);
    const text = readFileSync(path, 'utf8');
    expect(text.startsWith(known)).toBe(true);
    expect(text.includes('web1')).toBe(hash === 'HashKnownHosts no');
    expect(check({ known: text, port }).verify(blob(ed))).toBe(true);
  });

  test('of two connections at once only one writes', () => {
    const setup = { known: '', config: 'StrictHostKeyChecking accept-new' };
    const [one, other] = [check(setup), check(setup)];
    expect([one.verify(blob(ed)), other.verify(blob(ed))]).toEqual([true, true]);
    one.record();
    other.record();
    expect(oracle(join(folder, 'user-hosts'), 'web1')).toEqual(['1']);
  });

  test('a key that cannot be written down is not taken', () => {
    const keys = check({
      known: '',
      config: 'StrictHostKeyChecking accept-new\nUserKnownHostsFile /proc/nowhere/hosts',
    });
    expect(keys.verify(blob(ed))).toBe(true);
    expect(() => keys.record()).toThrow(
      expect.objectContaining({
        code: 'unknown-host-key',
        message: expect.stringMatching(/cannot be recorded: /),
        hint: expect.stringMatching(/make \/proc\/nowhere\/hosts writable/),
      }),
    );
  });

  test('writes nothing when nothing new was taken', () => {
    const known = `web1 ${ed}\n`;
    const keys = check({ known, config: 'StrictHostKeyChecking accept-new' });
    expect(keys.verify(blob(ed))).toBe(true);
    keys.record();
    expect(readFileSync(join(folder, 'user-hosts'), 'utf8')).toBe(known);
  });
});

describe('host key algorithms', () => {
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ];
  test.each<[string, Setup, readonly string[]]>([
    ['nothing on file', { known: '' }, all],
    ['the type on file comes first', { known: `web1 ${rsa}\n` }, [...all.slice(4), ...all.slice(0, 4)]],
    ['a revoked key is no reason', { known: `@revoked web1 ${rsa}\n` }, all],
    [
      'a list is taken as it is',
      { known: '', config: 'HostKeyAlgorithms rsa-sha2-256,ssh-ed25519,unheard' },
      ['rsa-sha2-256', 'ssh-ed25519'],
    ],
    ['more', { known: '', config: 'HostKeyAlgorithms +ssh-rsa' }, [...all, 'ssh-rsa']],
    [
      'fewer',
      { known: '', config: 'HostKeyAlgorithms -ecdsa-*' },
      ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'],
    ],
    ['first', { known: '', config: 'HostKeyAlgorithms ^rsa-sha2-*' }, [...all.slice(4), ...all.slice(0, 4)]],
  ])('%s', (_, setup, expected) => {
    expect(check(setup).algorithms).toEqual(expected);
  });
});
