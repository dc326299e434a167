import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { PlaybookFolder } from './playbook-folder.ts';
import type { CommandResult } from './process.ts';

const hosts = ['h1', 'h2', 'h3'] as const;

const mark = `- name: Marks
  hosts: all
  tasks:
    - name: Leave a mark
      copy: {dest: /root/mark, content: "marked\\n", mode: '0644'}
`;
const slow = `- name: Slow
  hosts: all
  tasks:
    - name: Before
      copy: {dest: /root/before, content: "before\\n", mode: '0644'}
    - name: Takes its time
      shell: echo begun >/root/begun; sleep {{ seconds }}; echo ended >/root/ended
      args: {creates: /root/ended}
      vars: {seconds: 3}
    - name: After
      copy: {dest: /root/after, content: "after\\n", mode: '0644'}
`;
const big = `- name: Big
  hosts: all
  tasks:
    - name: A big file
      copy: {dest: /root/big, src: big.bin, mode: '0644'}
    - name: After it
      copy: {dest: /root/after, content: "after\\n", mode: '0644'}
`;

describe('what goes wrong is told, and the other hosts go on', () => {
  let lab: Lab;
  let folder: PlaybookFolder;

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'badinput');
    folder = await PlaybookFolder.open(lab, hosts);
    await folder.write('mark.yml', mark);
    await folder.write('slow.yml', slow);
    await folder.write('big.yml', big);
    await folder.write('big.bin', randomBytes(4_000_000));
  });
  beforeEach(async () => {
    await Promise.all(
      hosts.map((host) => lab.sh(host, 'cd /root && rm -f mark before begun ended after big')),
    );
  });
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });

  const flat = ({ stdout, stderr }: CommandResult): string => `${stdout}\n${stderr}`.replace(/\s+/g, ' ');
  const marked = async (): Promise<string[]> => {
    const found = await Promise.all(
      hosts.map(async (host) => (await lab.exec(host, 'cat /root/mark')).stdout),
    );
    return hosts.filter((_, n) => found[n] === 'marked\n');
  };
  const waitFor = (host: string, path: string) =>
    lab.sh(host, `timeout 30 sh -c 'until [ -e ${path} ]; do sleep 0.05; done'`);

  /** Nothing half-written lies on any host, and no lock is left. */
  async function expectTidy(): Promise<void> {
    for (const host of hosts) {
      expect(
        await lab.sh(
          host,
          'find / -xdev ( -name ".provision-*" -o -name "*.provision-back" )'.replace(/[()]/g, '\\$&'),
        ),
      ).toBe('');
    }
  }

  /** h1 could not be worked on; h2 and h3 were, and the result says all that. */
  async function expectOnlyH1Lost(run: CommandResult, code: 2 | 4, ...said: readonly (string | RegExp)[]) {
    expect(run.code, flat(run)).toBe(code);
    for (const words of said) expect(flat(run)).toMatch(words);
    const lost = code === 4 ? 'failed=0 unreachable=1' : 'failed=1 unreachable=0';
    expect(flat(run)).toMatch(new RegExp(`h1 ok=0 changed=0 skipped=0 ${lost} `));
    expect(flat(run)).toMatch(new RegExp(`of 3 hosts 1 ${code === 4 ? 'unreachable' : 'failed'}`));
    expect(await marked()).toEqual(['h2', 'h3']);
    await expectTidy();
  }

  describe('a host cannot be reached', () => {
    afterAll(() => lab.fault('h1', 'latency', 0));

    test('it is off', async () => {
      await lab.power('h1', 'off');
      const run = await folder.apply('mark.yml', '--connect-timeout', '3');
      await lab.power('h1', 'on');
      await expectOnlyH1Lost(
        run,
        4,
        /Unreachable: h1 what [\d.]+:22: the connection was refused next nothing listens there/,
      );
    });

    test('its cable is pulled', async () => {
      await lab.fault('h1', 'cut');
      const run = await folder.apply('mark.yml', '--connect-timeout', '2');
      await lab.fault('h1', 'uncut');
      await expectOnlyH1Lost(
        run,
        4,
        /Unreachable: h1 what [\d.]+:22: no answer within 2 s next see that the host is up/,
      );
    });

    test('it hangs', async () => {
      await lab.fault('h1', 'freeze');
      const run = await folder.apply('mark.yml', '--connect-timeout', '2');
      await lab.fault('h1', 'thaw');
      await expectOnlyH1Lost(
        run,
        4,
        /Unreachable: h1 what [\d.]+:22: something listens, but does not greet as an SSH server/,
      );
    });

    test('it does not take the key', async () => {
      await lab.sh('h1', 'mv /root/.ssh/authorized_keys /root/.ssh/away');
      const run = await folder.apply('mark.yml');
      await lab.sh('h1', 'mv /root/.ssh/away /root/.ssh/authorized_keys');
      await expectOnlyH1Lost(
        run,
        4,
        `'root' at`,
        `refused every key: tried ${lab.identity} (ssh-ed25519 SHA256:`,
        'bring a key over with `ssh-copy-id h1`, name the right one with `IdentityFile`, or check the user',
      );
    });

    test('the connection is lost in the middle: the next run goes on from there', async () => {
      const running = folder.start('slow.yml');
      await waitFor('h1', '/root/begun');
      await lab.fault('h1', 'sessions');
      const run = await running.result;
      expect(run.code, flat(run)).toBe(4);
      expect(flat(run)).toMatch(
        /Unreachable: h1 what the connection was lost in mid-command.* next .*run again/,
      );
      for (const host of ['h2', 'h3']) expect(await lab.sh(host, 'cat /root/after')).toBe('after\n');
      expect((await lab.exec('h1', 'ls /root/after')).code).not.toBe(0);
      await expectTidy();
      await waitFor('h1', '/root/ended'); // until then its steps are still at work
      const again = await folder.apply('slow.yml');
      expect(again.code, flat(again)).toBe(0);
      expect(await lab.sh('h1', 'cat /root/after')).toBe('after\n');
      expect(flat(again)).toMatch(/h1 ok=2 changed=1 /);
      expect(flat(again)).toMatch(/h2 ok=3 changed=0 /);
    });

    test('the connection is lost while a file is on its way: there is no half of it', async () => {
      await lab.fault('h1', 'latency', 100);
      const received = `sed -n 's/^ *eth0: *\\([0-9]*\\).*/\\1/p' /proc/net/dev`;
      const before = Number(await lab.sh('h1', received));
      const running = folder.start('big.yml', '-l', 'h1');
      const halfway = `until [ "$(${received})" -gt ${before + 2_000_000} ]; do sleep 0.02; done`;
      await lab.sh('h1', halfway, { timeout: 30_000 });
      await lab.fault('h1', 'sessions');
      const run = await running.result;
      expect(run.code, flat(run)).toBe(4);
      expect((await lab.exec('h1', 'ls /root/big /root/after')).stdout).toBe('');
      await expectTidy();
      await lab.fault('h1', 'latency', 0);
      expect((await folder.apply('big.yml', '-l', 'h1')).code).toBe(0);
    });
  });

  describe('a host must not be reached', () => {
    /** Lets the lab's known_hosts be another one for the time of a run. */
    async function withKnownHosts(change: (text: string) => string, run: () => Promise<CommandResult>) {
      const kept = await readFile(lab.knownHosts, 'utf8');
      await writeFile(lab.knownHosts, change(kept));
      try {
        return await run();
      } finally {
        await writeFile(lab.knownHosts, kept);
      }
    }

    test.each([
      [
        'its key has changed',
        swapped,
        /is not the one at \S+known_hosts:1: it shows ssh-ed25519 SHA256:\S+, on file is SHA256:/,
        'ssh-keygen -f',
      ],
      [
        'its key is not known',
        dropped,
        /the host key of [\d.]+ is not known: ssh-ed25519 SHA256:/,
        'ssh-keyscan -t ed25519',
      ],
    ] as const)(
      '%s: the run ends before anything is done anywhere',
      async (_what, change, reason, advice) => {
        const run = await withKnownHosts(change, () => folder.apply('mark.yml'));
        expect(run.code, flat(run)).toBe(4);
        expect(flat(run)).toMatch(reason);
        expect(flat(run)).toContain(advice);
        const shown = await lab.sh('h1', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
        expect(flat(run)).toContain(shown.split(' ')[1]);
        expect(await marked()).toEqual([]);
        expect((await folder.apply('mark.yml')).code).toBe(0);
      },
    );
  });

  describe('a host lets nobody become root', () => {
    const onlyH1 = `all:
  vars: {ansible_become: true}
  hosts: {h1: {ansible_user: carol}, h2: {ansible_user: admin}, h3: {ansible_user: admin}}
`;
    test('sudo wants a password and gets none', async () => {
      const inventory = await folder.write('sudo.yml', onlyH1);
      const run = await folder.apply('mark.yml', '-i', inventory);
      await expectOnlyH1Lost(
        run,
        2,
        "sudo wants a password to become 'root'",
        'give it with -K (--ask-become-pass), or allow',
      );
    });

    test('sudo gets a wrong password, from a file', async () => {
      const inventory = await folder.write('sudo.yml', onlyH1);
      const password = await folder.write('password.yml', 'ansible_become_password: wrong-Pw1\n');
      const run = await folder.apply('mark.yml', '-i', inventory, '-e', `@${password}`, '-v', '--json');
      expect(run.code).toBe(2);
      expect(run.stdout + run.stderr).toContain("sudo refused the password to become 'root'");
      expect(run.stdout + run.stderr).not.toContain('wrong-Pw1');
      expect(await marked()).toEqual(['h2', 'h3']);
      await expectTidy();
    });

    test.each([
      ['a wrong one', 'wrong-Pw1', 2, "sudo refused the password to become 'root'"],
      ['the right one', 'secret-Pw1', 0, '3 changed on '],
    ])('a password is typed, %s', async (_which, password, code, said) => {
      const args = folder.args('mark.yml', '-b', '-K', '-e', 'ansible_user=carol');
      const terminal = await lab.provisionOnTerminal(args, { input: `${password}\n` });
      const { stdout } = terminal;
      expect(terminal.code).toBe(code);
      expect(stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/\s+/g, ' ')).toContain(said);
      expect(stdout).toContain('sudo password:');
      expect(await marked()).toEqual(code === 0 ? [...hosts] : []);
    });

    test('there is no terminal to type it at', async () => {
      const run = await folder.apply('mark.yml', '-b', '-K', '-e', 'ansible_user=carol');
      expect(run.code).toBe(1);
      expect(flat(run)).toMatch(
        /cannot ask "sudo password:": there is no terminal why: .* hint: run it from a terminal/,
      );
    });
  });

  describe('a host has no space left', () => {
    afterEach(() => lab.fault('h1', 'unfull'));

    test('a file does not fit: what was there stays', async () => {
      await lab.sh('h1', 'echo old >/root/big');
      await lab.fault('h1', 'full');
      const run = await folder.apply('big.yml');
      expect(run.code, flat(run)).toBe(2);
      expect(flat(run)).toMatch(
        /FAILED A big file on h1 .*No space left on device.* \/root\/big was not written/,
      );
      expect(flat(run)).toMatch(/Failed: h1 task A big file at \S+big\.yml:4:7 .*--limit h1/);
      expect(await lab.sh('h1', 'cat /root/big')).toBe('old\n');
      for (const host of ['h2', 'h3']) expect(await lab.sh(host, 'cat /root/after')).toBe('after\n');
      await expectTidy();
      await lab.fault('h1', 'unfull');
      expect((await folder.apply('big.yml')).code).toBe(0);
    });

    test('packages do not fit: the next run installs them', async () => {
      await folder.write(
        'tree.yml',
        '- hosts: all\n  tasks:\n    - name: Tree\n      apt: {name: tree, update_cache: true}\n',
      );
      await lab.fault('h1', 'full');
      const run = await folder.apply('tree.yml');
      expect(run.code, flat(run)).toBe(2);
      expect(flat(run)).toMatch(/FAILED Tree on h1 .*(No space left on device|enough free space)/);
      for (const host of ['h2', 'h3']) expect((await lab.exec(host, 'tree --version')).code).toBe(0);
      await lab.fault('h1', 'unfull');
      const again = await folder.apply('tree.yml');
      expect(again.code, flat(again)).toBe(0);
      expect((await lab.exec('h1', 'tree --version')).code).toBe(0);
    });
  });

  describe('the playbook is wrong: nobody is connected to', () => {
    // No host of this inventory exists: whoever connected would report it as unreachable, with code 4.
    const nowhere = 'all: {hosts: {h1: {ansible_host: 198.18.0.99}}}\n';
    const task = (text: string): string => `- name: Wrong\n  hosts: all\n  tasks:\n    - ${text}\n`;

    test.each([
      [
        'a missing file',
        task('copy: {dest: /root/x, src: nothere.txt}'),
        /wrong\.yml:4:34: there is no file 'nothere\.txt'.*hint: src names a file on this machine/,
      ],
      [
        'a missing template',
        task('template: {dest: /root/x, src: nothere.j2}'),
        /wrong\.yml:4:38: there is no file 'nothere\.j2'/,
      ],
      [
        'an unknown variable',
        task('copy: {dest: /root/x, content: "{{ not_there }}"}'),
        /wrong\.yml:4:42: the variable 'not_there' is not defined/,
      ],
      [
        'a wrong type',
        task('file: {path: /root/x, state: directory, recurse: often}'),
        /wrong\.yml:4:56: 'recurse' must be true or false, not 'often'/,
      ],
      ['an unknown module', task('coppy: {dest: /root/x}'), /wrong\.yml:4:7: .*'coppy'.*did you mean 'copy'/],
      ['broken YAML', task('copy: {dest: /root/x'), /wrong\.yml:\d+:\d+: .*hint: /],
      [
        'several mistakes',
        task('copy: {dest: /root/x, src: nothere.txt, mode: 9}\n      notify: Nobody'),
        /there is no file.*there is no handler 'Nobody'.*problems; nothing was changed/,
      ],
    ])('%s', async (_what, playbook, said) => {
      await folder.write('wrong.yml', playbook);
      const run = await folder.apply('wrong.yml', '-i', await folder.write('nowhere.yml', nowhere));
      expect(run.code, flat(run)).toBe(1);
      expect(flat(run)).toMatch(said);
      expect(run.stderr).toMatch(/^ +> +\d+ \| /m);
    });

    test('there is no such playbook, inventory or host', async () => {
      expect(await folder.apply('nothere.yml')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('there is no file'),
      });
      const inventory = await folder.apply('mark.yml', '-i', '/nowhere/hosts.yml');
      expect(inventory).toMatchObject({ code: 1, stderr: expect.stringContaining('/nowhere/hosts.yml') });
      const limit = await folder.apply('mark.yml', '-l', 'h9');
      expect(limit).toMatchObject({ code: 1, stderr: expect.stringContaining("'h9'") });
    });

    test('a variable of home-lab.yml has the wrong type', async () => {
      const home = ['apply', 'playbooks/home-lab.yml', '-i', 'test/demo/inventory.yml'];
      const run = await lab.provision([...home, '-e', 'log_port=many']);
      expect(run.code).toBe(1);
      expect(flat(run)).toMatch(
        /'log_port' must be a whole number, not 'many'.*rsyslog_common declares it so/,
      );
    });
  });

  describe('a run is not alone, or is stopped', () => {
    test('two runs at once on one host: the second names the first and goes on elsewhere', async () => {
      const first = folder.start('slow.yml', '-l', 'h1');
      await waitFor('h1', '/root/begun');
      const second = await folder.apply('mark.yml');
      await expectOnlyH1Lost(
        second,
        2,
        /another run has this host: root@\S+ \(provision apply slow\.yml, process \d+, since \S+Z\); wait until it has ended/,
      );
      expect(flat(second)).toContain(`process ${first.child.pid}`);
      const ended = await first.result;
      expect(ended.code, flat(ended)).toBe(0);
      expect((await folder.apply('mark.yml')).code).toBe(0); // nobody has it now
    });

    test('Ctrl-C: the steps in flight are finished, the next run does the rest', async () => {
      const running = folder.start('slow.yml');
      await Promise.all(hosts.map((host) => waitFor(host, '/root/begun')));
      running.child.kill('SIGINT');
      await running.said('interrupted: finishing the steps in flight');
      const run = await running.result;
      expect(run.code, flat(run)).toBe(130);
      expect(flat(run)).toContain('interrupted: nothing new was begun; run the same command again to go on');
      for (const host of hosts) {
        expect(await lab.sh(host, 'cat /root/before /root/ended; ls /root/after || true')).toBe(
          'before\nended\n',
        );
      }
      await expectTidy();
      const again = await folder.apply('slow.yml');
      expect(again.code, flat(again)).toBe(0);
      expect(flat(again)).toMatch(/ 3 changed on /);
    });

    test('Ctrl-C twice: it stops at once', async () => {
      const running = folder.start('slow.yml', '-e', 'seconds=8');
      await waitFor('h1', '/root/begun');
      running.child.kill('SIGINT');
      await running.said('interrupted: finishing');
      await new Promise((resolve) => setTimeout(resolve, 400)); // npm repeats a signal at once: that is not a second one
      const pressed = performance.now();
      running.child.kill('SIGINT');
      const run = await running.result;
      expect(performance.now() - pressed).toBeLessThan(4000);
      expect(run.code, flat(run)).toBe(130);
      expect(flat(run)).toContain('stopping at once; what was in flight may be half done');
      await expectTidy();
    });
  });
});

// Another key for h1 than the one it shows: that of h2.
function swapped(text: string): string {
  const [h1 = '', h2 = '', ...others] = text.split('\n');
  return [`${h1.split(' ')[0]} ${h2.split(' ').slice(1).join(' ')}`, h2, ...others].join('\n');
}

function dropped(text: string): string {
  return text.split('\n').slice(1).join('\n');
}
