import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnyHostResource } from '../../src/resources/resource.ts';
import { Lab, serverPackages } from '../helpers/lab/lab.ts';
import { resources } from '../helpers/resources/all-resources.ts';
import { ShellHost } from '../helpers/resources/shell-host.ts';

const script = join(import.meta.dirname, 'lab');

// Resources whose truth is a real system: real apt, systemd and accounts, one program per probe and per change.
describe('resources on a real Debian 12', () => {
  let lab: Lab;
  let host: ShellHost;

  beforeAll(async () => {
    lab = await Lab.up(1, 'bookworm', 'labresources', serverPackages);
    host = new ShellHost([script, 'exec', 'h1', 'sh', '-s'], { LAB_NS: lab.name, LAB_RUN: '' });
  });
  afterAll(() => lab?.down());

  const named = (name: string): AnyHostResource => {
    const resource = resources.get(name);
    if (resource?.kind !== 'host') throw new Error(`${name} is no host resource`);
    return resource;
  };
  const plan = (name: string, value: object) => host.plan(named(name), value);

  /** Plans without a trace, applies, and finds nothing left to do; returns what was changed. */
  async function reach(name: string, value: object): Promise<readonly string[]> {
    const resource = named(name);
    const before = await lab.snapshot('h1');
    const { refused, changes } = await plan(name, value);
    expect(refused).toEqual([]);
    expect(await lab.snapshot('h1')).toBe(before);
    const { outputs } = await host.apply(resource, value);
    for (const { code, stderr } of outputs) expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    expect((await plan(name, value)).changes).toEqual([]);
    return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
  }

  test('facts', async () => {
    const { args, have } = await plan('setup', {});
    expect(named('setup').facts?.(args, have)).toMatchObject({
      distribution: 'Debian',
      distribution_major_version: '12',
      distribution_release: 'bookworm',
      os_family: 'Debian',
      hostname: 'h1',
      service_mgr: 'systemd',
      pkg_mgr: 'apt',
      user_id: 'root',
      user_dir: '/root',
      all_ipv4_addresses: ['198.18.0.1'],
    });
  });

  test('apt: lists are fetched where there are none, packages come, stay and go', async () => {
    expect(await reach('apt', { name: ['tree', 'rsyslog-openssl'] })).toEqual(
      expect.arrayContaining(['package tree: absent -> installed']),
    );
    expect(await reach('apt', { name: ['tree', 'coreutils'], state: 'latest' })).toEqual([]);
    expect(await reach('package', { name: 'tree' })).toEqual([]);
    const version = (await lab.sh('h1', "dpkg-query -W -f '${Version}' tree")).trim();
    expect(await reach('apt', { name: `tree=${version}` })).toEqual([]);
    expect(await reach('apt', { name: 'tree=*' })).toEqual([]);
    expect(await reach('apt', { name: 'tree', state: 'absent', purge: true })).toEqual([
      `package tree: ${version} -> purged`,
    ]);
    expect(await lab.exec('h1', 'command -v tree')).not.toExitWith(0);
  });

  test('apt: fresh lists are not fetched again, old ones are', async () => {
    await reach('apt', { update_cache: true });
    expect(await reach('apt', { update_cache: true, cache_valid_time: 3600 })).toEqual([]);
    await lab.sh('h1', 'touch -d "2 days ago" /var/lib/apt/lists');
    expect(await reach('apt', { update_cache: true, cache_valid_time: 3600 })).toEqual([
      expect.stringMatching(/^package lists: fetched 17\d{4} s ago -> fetched$/),
    ]);
  });

  test('apt: a whole upgrade and an autoremove are planned as they would be', async () => {
    await reach('apt', { upgrade: 'dist' });
    await reach('apt', { autoremove: true });
  });

  test('apt: a package that nobody has fails with its name', async () => {
    const { outputs } = await host.apply(named('apt'), { name: 'no-such-package' });
    expect(outputs[0]).toMatchObject({
      code: 100,
      stderr: expect.stringContaining('Unable to locate package no-such-package'),
    });
  });

  test("apt: another program's lock is waited for", async () => {
    const lock =
      'my $lock = pack("s s x4 l! l! i x4", F_WRLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $lock) or die $!';
    const open = 'open(my $f, ">", "/var/lib/dpkg/lock-frontend") or die $!';
    const holder = lab.exec('h1', `perl -e 'use Fcntl; ${open}; ${lock}; mkdir "/tmp/held"; sleep 5'`);
    await lab.sh('h1', 'until [ -e /tmp/held ]; do sleep 0.1; done', { timeout: 4000 });
    const locked = await host.apply(named('apt'), { name: 'tree', lock_timeout: 0 });
    expect(locked.outputs[0]?.stderr).toMatch(/held by process \d+ \(perl\)/);
    expect((await host.apply(named('apt'), { name: 'tree' })).outputs[0]?.code).toBe(0);
    expect(await holder).toExitWith(0);
  });

  const sleeper = (seconds: number) =>
    `[Service]\nExecStart=/bin/sleep ${seconds}\n[Install]\nWantedBy=multi-user.target\n`;

  test('service: stopped, started, disabled, enabled, masked, restarted', async () => {
    await reach('copy', { dest: '/usr/lib/systemd/system/sleeper.service', content: sleeper(1000) });
    expect(await reach('service', { name: 'sleeper', state: 'started', enabled: true })).toEqual([
      'enabled: false -> true',
      'state: inactive -> started',
    ]);
    expect(await reach('service', { name: 'sleeper', state: 'stopped', enabled: false })).toEqual([
      'enabled: true -> false',
      'state: active -> stopped',
    ]);
    expect(await reach('systemd', { name: 'sleeper', masked: true })).toEqual(['masked: false -> true']);
    expect((await plan('service', { name: 'sleeper', state: 'started' })).refused.join()).toMatch(
      /masked: false/,
    );
    const all = { name: 'sleeper', masked: false, enabled: true, state: 'started' };
    expect(await reach('systemd', all)).toEqual([
      'masked: true -> false',
      'enabled: false -> true',
      'state: inactive -> started',
    ]);
    expect(await reach('service', { name: 'rsyslog', state: 'started', enabled: true })).toEqual([]);
    const process = () => lab.sh('h1', 'systemctl show -p MainPID rsyslog');
    const before = await process();
    await host.apply(named('service'), { name: 'rsyslog', state: 'restarted' });
    expect(await process()).not.toBe(before);
  });

  test('service: one that is not there, one that does not stay, one that never does', async () => {
    const gone = await plan('service', { name: 'nothing-here', state: 'started' });
    expect(gone.refused.join()).toMatch(/no unit nothing-here\.service/);
    const broken = '[Service]\nExecStart=/bin/sh -c "echo cannot read my file >&2; exit 3"\n';
    await reach('copy', { dest: '/etc/systemd/system/broken.service', content: broken });
    const { outputs } = await host.apply(named('systemd'), { name: 'broken', state: 'started' });
    expect(outputs[0]?.code).toBe(1);
    expect(outputs[0]?.stderr).toContain('cannot read my file');
    const once = '[Service]\nType=oneshot\nExecStart=/bin/touch /tmp/once\n';
    await reach('copy', { dest: '/etc/systemd/system/once.service', content: once });
    expect((await plan('service', { name: 'once', state: 'started' })).refused.join()).toMatch(
      /Type=oneshot/,
    );
    await host.apply(named('service'), { name: 'once', state: 'restarted' });
    expect(await lab.sh('h1', 'ls /tmp/once')).toBe('/tmp/once\n');
  });

  test('systemd: what all users get', async () => {
    await reach('copy', { dest: '/etc/systemd/user/sleeper.service', content: sleeper(1000) });
    const unit = { name: 'sleeper', scope: 'global' };
    expect(await reach('systemd', { ...unit, enabled: true })).toEqual(['enabled: false -> true']);
    expect(await reach('systemd', { ...unit, enabled: true })).toEqual([]);
    expect(await reach('systemd', { ...unit, enabled: false })).toEqual(['enabled: true -> false']);
  });

  test('systemd: a unit file that changed is read again', async () => {
    await reach('copy', { dest: '/usr/lib/systemd/system/sleeper.service', content: sleeper(2000) });
    expect(await reach('systemd', { daemon_reload: true })).toEqual(['daemon_reload: undefined -> reloaded']);
    expect(await lab.sh('h1', 'systemctl show -p ExecStart sleeper')).toContain('sleep 2000');
  });

  test('group and user: made, changed, locked and removed', async () => {
    const hash =
      '$6$abc$7yFgbnk6JT3Iby7h0cHeA0mAP0rKIbVbJ3TN8FQvTbnVLNyJFEXIdLNrNLVKmqv4OJXsNIMbbE6pnCyCBkSxT0';
    expect(await reach('group', { name: 'logs', gid: 4000 })).toHaveLength(2);
    expect(await reach('group', { name: 'logs', gid: 4001 })).toEqual(['gid: 4000 -> 4001']);
    const bob = {
      name: 'bob',
      uid: 4002,
      group: 'logs',
      groups: ['adm'],
      shell: '/bin/sh',
      comment: "Bob's",
      password: hash,
    };
    await reach('user', bob);
    expect(await lab.sh('h1', 'getent shadow bob; ls -d /home/bob; stat -c %U /home/bob')).toMatch(
      new RegExp(`^bob:${hash.replaceAll('$', '\\$')}:[^]*/home/bob\nbob\n$`),
    );
    expect(await reach('user', { ...bob, groups: ['sys'], append: true })).toEqual([
      'groups: adm -> adm,sys',
    ]);
    expect(await reach('user', { ...bob, groups: [], shell: '/bin/bash' })).toEqual([
      'groups: adm,sys -> ',
      'shell: /bin/sh -> /bin/bash',
    ]);
    expect(await reach('user', { name: 'bob', password_lock: true })).toEqual([
      'password_lock: false -> true',
    ]);
    expect(await reach('user', { name: 'bob', password: hash, password_lock: false })).toEqual([
      'password_lock: true -> false',
    ]);
    expect(await reach('user', { name: 'bob', home: '/srv/bob', move_home: true })).toEqual([
      'home: /home/bob -> /srv/bob',
    ]);
    expect(await lab.sh('h1', 'stat -c %U /srv/bob')).toBe('bob\n');
    await reach('user', { name: 'bob', state: 'absent', remove: true });
    await reach('group', { name: 'logs', state: 'absent' });
    expect((await lab.exec('h1', 'getent passwd bob; getent group logs; ls -d /srv/bob')).stdout).toBe('');
  });

  test('hostname', async () => {
    expect(await reach('hostname', { name: 'other' })).toEqual([
      'name: h1 -> other',
      expect.stringMatching(/after boot/),
    ]);
    expect(await lab.sh('h1', 'uname -n; cat /etc/hostname')).toBe('other\nother\n');
    await reach('hostname', { name: 'third.lab', use: 'systemd' });
    expect(await lab.sh('h1', 'uname -n; cat /etc/hostname')).toBe('third.lab\nthird.lab\n');
    // A strategy of another system keeps the name elsewhere, and leaves what is beside it alone.
    await lab.sh(
      'h1',
      "mkdir -p /etc/sysconfig; printf 'NETWORKING=yes\\nHOSTNAME=old\\nX=1\\n' >/etc/sysconfig/network",
    );
    await reach('hostname', { name: 'fourth', use: 'redhat' });
    expect(await lab.sh('h1', 'uname -n; cat /etc/sysconfig/network')).toBe(
      'fourth\nNETWORKING=yes\nHOSTNAME=fourth\nX=1\n',
    );
    expect(await reach('hostname', { name: 'fifth', use: 'generic' })).toEqual(['name: fourth -> fifth']);
    await reach('hostname', { name: 'h1', use: 'debian' });
    expect(await lab.sh('h1', 'uname -n; cat /etc/hostname; rm -r /etc/sysconfig')).toBe('h1\nh1\n');
    // It would end by itself after half a minute, and its directories with it.
    await lab.sh('h1', 'systemctl stop systemd-hostnamed');
  });

  test('cron: the crontab of a user, and a file of cron', async () => {
    await reach('apt', { name: 'cron' });
    // crontab logs that it was asked; that is no change which a plan makes.
    await lab.sh('h1', 'systemctl stop cron; systemctl stop rsyslog syslog.socket 2>/dev/null || :');
    await reach('cron', { name: 'nightly', hour: '3', minute: '30', job: 'true 100\\%' });
    await reach('cron', { name: 'MAILTO', env: true, value: 'nobody' });
    expect(await lab.sh('h1', 'crontab -l')).toBe(
      'MAILTO="nobody"\n#Ansible: nightly\n30 3 * * * true 100\\%\n',
    );
    await reach('cron', { name: 'theirs', special_time: 'daily', job: 'true', user: 'nobody' });
    expect(await lab.sh('h1', 'crontab -u nobody -l')).toBe('#Ansible: theirs\n@daily true\n');
    expect((await plan('cron', { name: 'x', job: 'y', user: 'not-there' })).refused).toEqual([
      expect.stringMatching(/^the crontab of not-there cannot be read: .*not-there/),
    ]);
    // cron itself reads what is written, and refuses what it does not understand.
    const wrong = await host.apply(named('cron'), { name: 'wrong', minute: '99', job: 'true' });
    expect(wrong.outputs.map(({ code, stderr }) => [code, /bad minute/.test(stderr)])).toEqual([[1, true]]);
    await reach('cron', { name: 'it', job: 'true', user: 'root', cron_file: 'provision-it' });
    expect(await lab.sh('h1', 'stat -c "%a %U" /etc/cron.d/provision-it; cat /etc/cron.d/provision-it')).toBe(
      '644 root\n#Ansible: it\n* * * * * root true\n',
    );
    await reach('cron', { name: 'it', state: 'absent', cron_file: 'provision-it' });
    expect(await lab.exec('h1', 'ls /etc/cron.d/provision-it')).not.toExitWith(0);
  });

  test('ufw and iptables: rules reach the kernel, and go again', async () => {
    await reach('apt', { name: 'ufw' });
    const ssh = { rule: 'limit', to_port: 'ssh', proto: 'tcp', comment: 'not too often' };
    expect(await reach('ufw', ssh)).toHaveLength(1);
    expect(await reach('ufw', { state: 'enabled', default: 'deny' })).toEqual(['state: disabled -> enabled']);
    expect(await reach('ufw', { default: 'reject', direction: 'outgoing', logging: 'off' })).toEqual([
      'default of outgoing: allow -> reject',
      'logging: low -> off',
    ]);
    await reach('ufw', { rule: 'deny', from_ip: '10.0.0.0/8', insert: 1 });
    await reach('ufw', { rule: 'allow', from_ip: 'fe80::/10', to_port: '53' });
    expect(await lab.sh('h1', 'ufw show added')).toMatch(
      /ufw deny from 10\.0\.0\.0\/8\nufw limit 22\/tcp comment 'not too often'\nufw allow from fe80::\/10 to any port 53/,
    );
    for (const state of ['active', 'inactive']) {
      expect(await reach('ufw', { ...ssh, delete: true })).toHaveLength(state === 'active' ? 1 : 0);
      await reach('ufw', { state: 'disabled' });
    }
    const rule = { chain: 'MINE', protocol: 'tcp', destination_port: '8080', jump: 'ACCEPT' };
    expect((await plan('iptables', rule)).refused).toHaveLength(1);
    expect(await reach('iptables', { ...rule, chain_management: true, comment: "it's $(x)" })).toHaveLength(
      2,
    );
    expect(await lab.sh('h1', 'iptables -S MINE')).toMatch(
      /-A MINE -p tcp -m tcp --dport 8080 -m comment --comment "it\\'s \$\(x\)" -j ACCEPT/,
    );
    await reach('iptables', { chain: 'MINE', flush: true });
    await reach('iptables', { chain: 'MINE', state: 'absent', chain_management: true });
    expect(await reach('iptables', { chain: 'FORWARD', policy: 'DROP' })).toEqual([
      'policy of FORWARD: ACCEPT -> DROP',
    ]);
  });

  test('wait_for sees sshd', async () => {
    expect((await plan('wait_for', { port: 22, timeout: 5 })).refused).toEqual([]);
    expect((await plan('wait_for', { port: 9, timeout: 0 })).refused).toHaveLength(1);
  });
});
