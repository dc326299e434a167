import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { UnreachableError } from '../../../src/transport/connection.ts';
import { resolveSshConfig, type SshDestination } from '../../../src/transport/ssh-config/ssh-config.ts';
import type { SshSettings } from '../../../src/transport/ssh-config/ssh-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'provision-ssh-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

function parseOracle(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of text.trim().split('\n')) {
    const [keyword = '', ...rest] = line.split(' ');
    found.set(keyword, [...(found.get(keyword) ?? []), rest.join(' ')]);
  }
  return found;
}

function oracle(
  config: string,
  { alias, user, port, identityFile }: SshDestination,
): Record<string, unknown> {
  const flags = [
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
  ];
  const output = execFileSync('ssh', ['-G', '-F', config, ...flags, '--', alias], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const found = parseOracle(output);
  const one = (keyword: string): string | undefined => found.get(keyword)?.[0];
  const unsupported = /_sk$|id_xmss$|id_dsa$/;
  const home = (path: string): string => path.replace(/^~/, homedir());
  return {
    host: one('hostname'),
    user: one('user'),
    port: Number(one('port')),
    identityFiles: (found.get('identityfile') ?? []).filter((path) => !unsupported.test(path)).map(home),
    identitiesOnly: one('identitiesonly') === 'yes',
    hostKeyAlias: one('hostkeyalias'),
    userKnownHostsFiles: one('userknownhostsfile')?.split(' ').map(home),
    globalKnownHostsFiles: one('globalknownhostsfile')?.split(' '),
    acceptNewHostKeys: one('stricthostkeychecking') === 'accept-new',
    hashKnownHosts: one('hashknownhosts') === 'yes',
    jumps: one('proxyjump') === 'none' ? '' : (one('proxyjump') ?? ''),
    connectTimeout: one('connecttimeout') === 'none' ? undefined : Number(one('connecttimeout')) * 1000,
  };
}

function showJumps(settings: SshSettings): string {
  const hop = ({ user, host, port }: SshSettings['jumps'][number]): string =>
    `${user === undefined ? '' : `${user}@`}${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
  return settings.jumps.map(hop).join(',');
}

function ours(config: string, destination: SshDestination, keys: readonly string[]): Record<string, unknown> {
  const settings = resolveSshConfig(destination, config);
  const shown: Record<string, unknown> = { ...settings, jumps: showJumps(settings) };
  return Object.fromEntries(keys.map((key) => [key, shown[key]]));
}

const included = file(
  'parts/a.conf',
  'Host inc\n  User from-a\n  Port 2001\nHost *\n  IdentityFile ~/.ssh/everywhere\n',
);
file('parts/b.conf', 'Host inc\n  User from-b\n  HostName b.example\n');
file('parts/.hidden.conf', 'Host inc\n  HostKeyAlias hidden\n');
const parts = join(folder, 'parts');

interface Case {
  readonly name: string;
  readonly config: string;
  readonly hosts: readonly (string | SshDestination)[];
}

const cases: readonly Case[] = [
  { name: 'nothing configured', config: '', hosts: ['web1', 'WEB1', '10.0.0.1', '::1'] },
  {
    name: 'first value wins',
    config: 'Host web*\n User first\n Port 2222\nHost *\n User second\n Port 22\n HostName %h.example.net\n',
    hosts: ['web1', 'db1', 'web', 'xweb'],
  },
  {
    name: 'a value before any Host wins over all',
    config: 'User top\nHost web1\n User block\n Port 24\n',
    hosts: ['web1', 'other'],
  },
  {
    name: 'patterns and negation',
    config:
      'Host *.example !bad.example ?.example\n User yes\nHost a?\n Port 23\nHost !x\n Port 24\nHost !y *\n Port 25\n',
    hosts: ['good.example', 'bad.example', 'a', 'ab', 'abc', 'x', 'y', '.example'],
  },
  {
    name: 'case of Host patterns',
    config: 'Host Web1\n User upper\nHost web1\n User lower\n',
    hosts: ['web1', 'Web1', 'WEB1'],
  },
  {
    name: 'equals signs, tabs, quotes, comments, capitals',
    config:
      'HOST\tweb1 # the first\n\tUSER = "quoted name"\n\tport=2022\n  IdentityFile "~/.ssh/with space"\n IdentityFile ~/.ssh/a#b # a comment\n#User no\n\n IdentityFile \'~/.ssh/single\'\n',
    hosts: ['web1'],
  },
  { name: 'carriage returns', config: 'Host web1\r\n  User win\r\n  Port 2200\r\n', hosts: ['web1'] },
  {
    name: 'Match host, originalhost, user, localuser, all',
    config:
      'Host web\n HostName web.internal\nMatch host *.internal\n Port 1001\nMatch originalhost web user bob\n IdentityFile ~/bob\nMatch user "bob,eve" host web.internal\n IdentityFile ~/both\nMatch localuser nobody-here\n IdentityFile ~/local\nMatch !user bob\n IdentityFile ~/notbob\nMatch all\n User last\n',
    hosts: ['web', { alias: 'web', user: 'bob' }, { alias: 'web', user: 'eve' }, 'web.internal', 'other'],
  },
  {
    name: 'Match host sees only the HostName so far, patterns fold to lower case',
    config:
      'Match host late.internal\n User early\nHost late\n HostName late.internal\nMatch host LATE.internal\n Port 77\n',
    hosts: ['late', 'late.internal'],
  },
  {
    name: 'Match user sees the User so far',
    config: 'Match user amy\n Port 1\nHost web\n User amy\nMatch user amy\n Port 2\n',
    hosts: ['web', 'db'],
  },
  {
    name: 'Match final reads a second time',
    config:
      'Match final host real.example\n User at-last\n Port 99\nHost web\n HostName real.example\nMatch !final user root\n IdentityFile ~/early\n',
    hosts: ['web', 'real.example', 'none'],
  },
  {
    name: 'Include with a glob, in a block, in order, without hidden files',
    config: `Host inc\n Include ${parts}/*.conf ${parts}/missing.conf\n Compression yes\nHost *\n User after\n`,
    hosts: ['inc', 'other'],
  },
  {
    name: 'a Host in an included file ends with the file',
    config: `Include ${included}\nPort 4000\nHost inc2\n User x\n`,
    hosts: ['inc', 'inc2', 'other'],
  },
  {
    name: 'identity files gather without repeats',
    config:
      'Host web\n IdentityFile ~/.ssh/one\n IdentityFile ~/.ssh/two\nHost *\n IdentityFile ~/.ssh/one\n IdentityFile /etc/three\n IdentitiesOnly yes\n',
    hosts: ['web', 'db', { alias: 'web', identityFile: included }],
  },
  {
    name: 'known_hosts files and strictness',
    config:
      'Host a\n UserKnownHostsFile ~/one "/tmp/two three"\n StrictHostKeyChecking accept-new\n HostKeyAlias Alias\nHost b\n UserKnownHostsFile /dev/null\n GlobalKnownHostsFile /etc/x /etc/y\n HashKnownHosts yes\nHost c\n StrictHostKeyChecking no\n',
    hosts: ['b', 'c', 'd'],
  },
  {
    name: 'ProxyJump',
    config:
      'Host a\n ProxyJump j\nHost b\n ProxyJump u@j:2222,second,ssh://root@third:23\nHost c\n ProxyJump none\nHost six\n ProxyJump [::1]:22022\nHost *\n ProxyJump default\n',
    hosts: ['a', 'b', 'c', 'six', 'z'],
  },
  {
    name: 'ProxyJump and ProxyCommand shut each other out',
    config:
      'Host a\n ProxyCommand none\nHost b\n ProxyJump first\nHost *\n ProxyJump late\nHost b\n ProxyCommand nc %h %p\n',
    hosts: ['a', 'b', 'c'],
  },
  {
    name: 'times and tokens in HostName',
    config:
      'Host a\n ConnectTimeout 7\nHost b\n ConnectTimeout 1m30s\nHost c\n ConnectTimeout none\nHost p\n HostName %%.%h.x\n',
    hosts: ['a', 'b', 'c', 'd', 'p'],
  },
  {
    name: 'the command line wins',
    config: 'Host *\n User conf\n Port 1\n',
    hosts: [
      { alias: 'a', user: 'cli' },
      { alias: 'a', port: 5 },
    ],
  },
];

describe('as `ssh -G` says', () => {
  const rows = cases.flatMap(({ name, config, hosts }, index) =>
    hosts.map((host) => {
      const destination = typeof host === 'string' ? { alias: host } : host;
      return { name, destination, path: file(`case-${index}`, config), shown: JSON.stringify(host) };
    }),
  );
  test.each(rows)('$name: $shown', ({ path, destination }) => {
    const expected = oracle(path, destination);
    expect(ours(path, destination, Object.keys(expected))).toEqual(expected);
  });
});

const machine = {
  home: join(folder, 'home'),
  user: 'me',
  uid: process.getuid?.() ?? 0,
  hostname: 'desk.example.net',
  env: { KEYS: '/keys', SSH_AUTH_SOCK: '/run/agent', MY_AGENT: '/run/mine' },
};

describe('what `ssh -G` does not show', () => {
  function resolve(config: string, alias = 'web'): SshSettings {
    return resolveSshConfig({ alias }, file('own', config), machine);
  }

  test('tokens in paths', () => {
    const config =
      'Host web\n HostName %h.real\n Port 2200\n User bob\n IdentityFile ~/%n/%h/%p/%r/%u/%i/%L/%l/%k/%%\n IdentityFile %d/x\n IdentityFile ${KEYS}/y\n';
    expect(resolve(config).identityFiles).toEqual([
      `${machine.home}/web/web.real/2200/bob/me/${machine.uid}/desk/desk.example.net/web/%`,
      `${machine.home}/x`,
      '/keys/y',
    ]);
  });

  test('tokens in ProxyJump and known_hosts files', () => {
    const settings = resolve('User bob\nProxyJump %r@jump-%h:22\nUserKnownHostsFile ~/%n/known ~/b\n');
    expect(settings.jumps).toEqual([{ user: 'bob', host: 'jump-web', port: 22 }]);
    expect(settings.userKnownHostsFiles).toEqual([`${machine.home}/web/known`, `${machine.home}/b`]);
  });

  test.each([
    ['', '/run/agent'],
    ['IdentityAgent none', undefined],
    ['IdentityAgent SSH_AUTH_SOCK', '/run/agent'],
    ['IdentityAgent $MY_AGENT', '/run/mine'],
    ['IdentityAgent ~/agent-%u', `${machine.home}/agent-me`],
  ])('agent: %s', (config, socket) => {
    expect(resolve(config).agentSocket).toBe(socket);
  });

  test('`IdentityFile none` means no key file', () => {
    expect(resolve('IdentityFile none').identityFiles).toEqual([]);
  });

  test('~/.ssh/config comes first, an Include is relative to ~/.ssh', () => {
    file('home/.ssh/config', 'Include extra.d/*.conf\nHost *\n User conf\n');
    file('home/.ssh/extra.d/1.conf', 'Host web\n User extra\n Port 2300\n');
    expect(resolveSshConfig({ alias: 'web' }, undefined, machine)).toMatchObject({
      user: 'extra',
      port: 2300,
    });
    expect(resolveSshConfig({ alias: 'db' }, undefined, machine)).toMatchObject({ user: 'conf', port: 22 });
  });

  test('Match exec is never run, and said so', () => {
    const witness = join(folder, 'was-run');
    const settings = resolve(
      `Match exec "touch ${witness}"\n User dangerous\nMatch host db exec "true"\n User x\n`,
    );
    expect(settings.user).toBe('me');
    expect(settings.notes).toEqual([expect.stringMatching(/^`Match exec` at .*own:1 is not evaluated$/)]);
    expect(() => execFileSync('test', ['!', '-e', witness])).not.toThrow();
  });

  test('a keyword without a value does not swallow the next line', () => {
    expect(() => resolve('Host web\n IdentityFile\n User bob\n')).toThrow(
      /own:2: 'IdentityFile' has no value/,
    );
  });
});

describe('refused, with the place and the way out', () => {
  test.each([
    [
      'ProxyCommand nc %h %p',
      /own:1: 'web' is reached through ProxyCommand, which is not supported/,
      /ProxyJump/,
    ],
    ['ProxyCommand ssh -W %h:%p bastion', /ProxyCommand/, /write `ProxyJump bastion` instead/],
    ['ProxyCommand ssh bastion -W %h:%p', /ProxyCommand/, /write `ProxyJump bastion` instead/],
    ['Port 70000', /own:1: '70000' is not a port/, /ssh -G/],
    ['IdentityFile %Z', /own:1: the token %Z in '%Z' is not known here/, /ssh -G/],
    ['IdentityFile ${NOT_SET}/x', /own:1: the environment variable NOT_SET/, /ssh -G/],
    ['IdentityFile ~somebody/x', /own:1: '~somebody\/x' names another user's home/, /ssh -G/],
    ['ProxyJump a,,b', /own:1: '' is not a jump host/, /ssh -G/],
    ['RevokedHostKeys /etc/ssh/revoked', /own:1: RevokedHostKeys is not supported/, /ssh -G/],
    ['Match weather sunny', /own:1: Match weather is not known/, /ssh -G/],
    ['User "bob', /own:1: /, /ssh -G/],
    ['ConnectTimeout soon', /own:1: 'soon' is not a time/, /ssh -G/],
  ])('%s', (config, message, hint) => {
    const path = file('own', config);
    const attempt = (): unknown => resolveSshConfig({ alias: 'web' }, path, machine);
    expect(attempt).toThrow(UnreachableError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ code: 'connect', hint: expect.stringMatching(hint) }));
  });

  test('a file that others may write to', () => {
    const path = file('home/.ssh/config', 'User x\n');
    execFileSync('chmod', ['666', path]);
    expect(() => resolveSshConfig({ alias: 'web' }, undefined, machine)).toThrow(/others may write to it/);
    execFileSync('chmod', ['600', path]);
  });

  test('a missing file that was asked for', () => {
    expect(() => resolveSshConfig({ alias: 'web' }, join(folder, 'nowhere'), machine)).toThrow(
      /there is no such file/,
    );
  });
});
