import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import type { CommandResult } from '../helpers/lab/process.ts';
import { type EventRun, named, readEvents, recapOf, taskResults } from '../helpers/lab/run-events.ts';

const fileServer = join(import.meta.dirname, '../helpers/lab/file-server.ts');
const hosts = ['h1', 'h2', 'h3'] as const;

const system = join(import.meta.dirname, 'playbooks/system.yml');

describe('real apt, systemd, accounts and sudo', () => {
  let lab: Lab;
  let folder: PlaybookFolder;

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'realhosts');
    folder = await PlaybookFolder.open(lab, hosts);
  });
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });

  const say = ({ stdout, stderr }: CommandResult): string => stdout + stderr;
  const events = async (playbook: string, ...args: readonly string[]): Promise<EventRun> => {
    const run = readEvents(await folder.apply(playbook, '--json', ...args));
    expect(run).toExitWith(0);
    return run;
  };
  /** Names of the tasks that changed something, on every host the same. */
  const changedOn = (run: EventRun): string[] => {
    const [first = [], ...others] = hosts.map((host) =>
      named(run, 'changed').flatMap((line) => (line.startsWith(`${host}: `) ? [line.slice(4)] : [])),
    );
    for (const other of others) expect(other).toEqual(first);
    return [...first];
  };

  describe('as admin, whose sudo asks for nothing', () => {
    const settings = { wanted: true, shell: '/bin/sh', seconds: 1000, state: 'started', enabled: true };
    const apply = async (change: Partial<typeof settings>): Promise<EventRun> => {
      await folder.write('system.yml', await readFile(system, 'utf8'));
      const vars = JSON.stringify({ ...settings, ...change, ansible_user: 'admin' });
      const planned = readEvents(
        await lab.provision(['plan', ...folder.args('system.yml', '--json', '-e', vars).slice(1)]),
      );
      const run = await events('system.yml', '-e', vars);
      const key = ({ host, task, status }: { host: string; task: string; status: string }) =>
        `${host} ${task} ${status}`;
      const done = taskResults(run).map(key);
      // What the plan knew has come true.
      for (const result of taskResults(planned))
        if (result.status !== 'unknown') expect(done).toContain(key(result));
      const again = await events('system.yml', '-e', vars);
      expect(changedOn(again)).toEqual([]);
      for (const host of hosts) expect(recapOf(again)[host]).toMatchObject({ connections: 1 });
      return run;
    };
    const unit = (host: string) => lab.exec(host, 'systemctl is-active ticker; systemctl is-enabled ticker');

    test('package, group, account, unit and service are made', async () => {
      const run = await apply({});
      expect(changedOn(run)).toEqual([
        'Package',
        'Group',
        'Account',
        'Unit file',
        'Service',
        'Restart ticker',
      ]);
      for (const host of hosts) {
        expect(await lab.exec(host, 'tree --version')).toExitWith(0);
        expect(await lab.sh(host, 'getent passwd ticker; id -Gn ticker; getent group tickers')).toBe(
          'ticker:x:4711:4711:Ticks & "tocks":/home/ticker:/bin/sh\ntickers adm\ntickers:x:4711:\n',
        );
        expect((await unit(host)).stdout).toBe('active\nenabled\n');
        expect(await lab.sh(host, 'ps -o user=,args= -C sleep')).toMatch(/^ticker +\/bin\/sleep 1000$/m);
      }
    });

    test('a changed unit restarts the service once, a changed account touches nothing else', async () => {
      expect(changedOn(await apply({ seconds: 2000 }))).toEqual(['Unit file', 'Restart ticker']);
      for (const host of hosts)
        expect(await lab.sh(host, 'ps -o args= -C sleep')).toContain('/bin/sleep 2000');
      expect(changedOn(await apply({ seconds: 2000, shell: '/bin/bash' }))).toEqual(['Account']);
      for (const host of hosts) expect(await lab.sh(host, 'getent passwd ticker')).toMatch(/:\/bin\/bash$/m);
    });

    test('the service is stopped and disabled, and started again', async () => {
      const off = { seconds: 2000, shell: '/bin/bash', state: 'stopped', enabled: false };
      expect(changedOn(await apply(off))).toEqual(['Service']);
      for (const host of hosts) expect((await unit(host)).stdout).toBe('inactive\ndisabled\n');
      expect(changedOn(await apply({ ...off, state: 'started' }))).toEqual(['Service']);
      for (const host of hosts) expect((await unit(host)).stdout).toBe('active\ndisabled\n');
    });

    test('package, account and group are removed', async () => {
      for (const host of hosts) await lab.sh(host, 'systemctl stop ticker');
      expect(changedOn(await apply({ wanted: false }))).toEqual([
        'Package',
        'Account',
        'Group goes with its user',
      ]);
      for (const host of hosts) {
        expect(
          (await lab.exec(host, 'command -v tree; id ticker; getent group tickers; ls /home/ticker')).stdout,
        ).toBe('');
      }
    });
  });

  test('a task of one host is done on another, and its facts are of the first', async () => {
    await folder.write(
      'delegate.yml',
      `- hosts: h2:h3
  tasks:
    - name: Note on h1
      copy: {dest: "/root/note-{{ inventory_hostname }}", content: "{{ ansible_facts.hostname }} was here\\n", mode: '0600'}
      delegate_to: h1
    - name: Who is asked
      command: hostname
      delegate_to: h1
      run_once: true
      register: shown
      changed_when: false
    - name: Everyone knows
      assert: {that: "shown.stdout == 'h1'"}
    - name: On the control node
      command: hostname
      delegate_to: localhost
      changed_when: false
`,
    );
    const run = await events('delegate.yml');
    expect(await lab.sh('h1', 'cat /root/note-h2 /root/note-h3')).toBe('h2 was here\nh3 was here\n');
    for (const host of ['h2', 'h3']) expect((await lab.exec(host, 'ls /root/note-*')).stdout).toBe('');
    expect([...named(run, 'changed')].sort()).toEqual(['h2: Note on h1', 'h3: Note on h1']);
    expect(named(await events('delegate.yml'), 'changed')).toEqual([]);
  });

  test('a host is restarted, and the play goes on there', async () => {
    await folder.write(
      'reboot.yml',
      `- hosts: h2
  tasks:
    - {name: First, command: cat /proc/sys/kernel/random/boot_id, register: first, changed_when: false}
    - {name: Lost with the boot, copy: {content: x, dest: /run/note}}
    - {name: Restart, reboot: , register: restart}
    - {name: Second, command: cat /proc/sys/kernel/random/boot_id, register: second, changed_when: false}
    - {name: Look, stat: {path: /run/note}, register: note}
    - {name: Judge, assert: {that: [first.stdout != second.stdout, not note.stat.exists, restart.rebooted]}}
`,
    );
    const run = await events('reboot.yml');
    expect(named(run, 'changed')).toEqual(['h2: Lost with the boot', 'h2: Restart']);
    expect(recapOf(run)).toMatchObject({ h2: { failed: 0, ok: 4 } });
    // Its lock was taken anew, and is free again.
    expect(named(await events('delegate.yml'), 'failed')).toEqual([]);
  });

  test('h2 and h3 are reached through h1, with one connection each', async () => {
    await lab.fault('h2', 'latency', 0);
    const through = await folder.write(
      'ssh_config',
      `Host h2 h3\n  ProxyJump h1\n${(await lab.ctl(['cat', lab.sshConfig])).stdout}`,
    );
    await folder.write(
      'jump.yml',
      `- hosts: h2:h3
  tasks:
    - name: From where
      shell: echo "$SSH_CONNECTION" | cut -d' ' -f1
      register: from
      changed_when: false
    - name: From h1
      assert: {that: "from.stdout == h1"}
      vars: {h1: "${(await lab.ctl(['getent', 'hosts', 'h1.lab'])).stdout.split(' ')[0]}"}
`,
    );
    const run = await events('jump.yml', '--ssh-config', through);
    for (const host of ['h2', 'h3']) {
      expect(recapOf(run)[host]).toMatchObject({ connections: 1, failed: 0, ok: 2 });
    }
    // The control: without the jump the same assertion fails.
    expect(await folder.apply('jump.yml')).toExitWith(2);
    await lab.fault('h1', 'cut');
    const cut = await folder.apply('jump.yml', '--ssh-config', through, '--connect-timeout', '2');
    await lab.fault('h1', 'uncut');
    expect(cut).toExitWith(4);
    expect(say(cut)).toMatch(/h1/);
  });

  test('a file is fetched by HTTP, checked by its checksum, and not fetched again', async () => {
    const content = randomBytes(100_000);
    await folder.write('fetched.bin', content);
    const server = lab.start([process.execPath, fileServer, folder.path, '8080']);
    try {
      await server.said('serving');
      const address = (await lab.ctl(['getent', 'hosts', 'ctl.lab'])).stdout.split(' ')[0];
      const url = `http://${address}:8080/fetched.bin`;
      const fetch = (checksum: string) => `- hosts: all
  tasks:
    - name: Something that fetches
      apt: {name: "{{ 'wget' if inventory_hostname == 'h1' else 'curl' }}", update_cache: true, cache_valid_time: 3600}
    - name: Fetch
      get_url: {url: "${url}", dest: /root/fetched.bin, checksum: "sha256:${checksum}", mode: '0600'}
`;
      await folder.write('fetch.yml', fetch('0'.repeat(64)));
      const wrong = await folder.apply('fetch.yml');
      expect(wrong).toExitWith(2);
      expect(say(wrong)).toMatch(/checksum/i);
      for (const host of hosts)
        expect((await lab.exec(host, 'ls -A /root | grep -e fetched -e provision')).stdout).toBe('');
      const right = createHash('sha256').update(content).digest('hex');
      await folder.write('fetch.yml', fetch(right));
      expect(changedOn(await events('fetch.yml'))).toEqual(['Fetch']);
      for (const host of hosts) {
        expect(await lab.sh(host, 'sha256sum /root/fetched.bin; stat -c %a /root/fetched.bin')).toBe(
          `${right}  /root/fetched.bin\n600\n`,
        );
      }
      expect(changedOn(await events('fetch.yml'))).toEqual([]);
    } finally {
      server.child.kill();
    }
    expect((await server.result).stdout.match(/^sent fetched\.bin$/gm)).toHaveLength(2 * hosts.length);
  });

  test('serial: one host after the other, and the rest is not begun when one fails', async () => {
    await folder.write(
      'serial.yml',
      `- hosts: all
  serial: 1
  tasks:
    - name: Begin
      shell: date +%s%N >/root/begun
    - name: End
      shell: sleep 0.3; date +%s%N >/root/ended
    - name: Stumble
      fail: {msg: enough}
      when: inventory_hostname == stumbling
`,
    );
    await events('serial.yml', '-e', 'stumbling=none');
    const times: number[] = [];
    for (const host of hosts)
      times.push(...(await lab.sh(host, 'cat /root/begun /root/ended')).trim().split('\n').map(Number));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const host of hosts) await lab.sh(host, 'rm /root/begun /root/ended');
    const failing = await folder.apply('serial.yml', '-e', 'stumbling=h2');
    expect(failing).toExitWith(2);
    expect((await lab.exec('h3', 'ls /root/begun')).stdout).toBe('');
  });

  test('far away: a converged run costs round trips, not tasks', async () => {
    const tasks = Array.from(
      { length: 30 },
      (_, n) => `    - copy: {dest: "/root/far-${n}", content: "${n}", mode: '0600'}\n`,
    );
    await folder.write('far.yml', `- hosts: all\n  tasks:\n${tasks.join('')}`);
    for (const host of hosts) await lab.fault(host, 'latency', 100);
    await events('far.yml');
    const began = performance.now();
    const run = await events('far.yml');
    const seconds = (performance.now() - began) / 1000;
    for (const host of hosts) {
      expect(recapOf(run)[host]).toMatchObject({ connections: 1, execs: 2, ok: 30, changed: 0 });
      await lab.fault(host, 'latency', 0);
    }
    expect(seconds).toBeLessThan(30 * 0.2); // what one round trip a task alone would take
  });
});
