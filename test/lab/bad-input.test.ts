import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FaultLab, flat } from '../helpers/lab/fault-lab.ts';

describe('what cannot work is reported, and the other hosts go on', () => {
  let faults: FaultLab;

  beforeAll(async () => {
    faults = await FaultLab.open('badinput');
  });
  beforeEach(() => faults.reset());
  afterAll(() => faults?.close());

  describe('a host lets nobody become root', () => {
    const onlyH1 = `all:
  vars: {ansible_become: true}
  hosts: {h1: {ansible_user: carol}, h2: {ansible_user: admin}, h3: {ansible_user: admin}}
`;
    test('sudo wants a password and gets none', async () => {
      const inventory = await faults.folder.write('sudo.yml', onlyH1);
      const run = await faults.folder.apply('mark.yml', '-i', inventory);
      await faults.expectOnlyH1Lost(
        run,
        2,
        "sudo wants a password to become 'root'",
        'give it with -K (--ask-become-pass), or allow',
      );
    });

    test('sudo gets a wrong password, from a file', async () => {
      const inventory = await faults.folder.write('sudo.yml', onlyH1);
      const password = await faults.folder.write('password.yml', 'ansible_become_password: wrong-Pw1\n');
      const run = await faults.folder.apply(
        'mark.yml',
        '-i',
        inventory,
        '-e',
        `@${password}`,
        '-v',
        '--json',
      );
      expect(run).toExitWith(2);
      expect(run.stdout + run.stderr).toContain("sudo refused the password to become 'root'");
      expect(run.stdout + run.stderr).not.toContain('wrong-Pw1');
      expect(await faults.marked()).toEqual(['h2', 'h3']);
      await faults.expectTidy();
    });

    test.each([
      ['a wrong one', 'wrong-Pw1', 2, "sudo refused the password to become 'root'"],
      ['the right one', 'secret-Pw1', 0, '3 changed on '],
    ])('a password is typed, %s', async (_which, password, code, said) => {
      const args = faults.folder.args('mark.yml', '-b', '-K', '-e', 'ansible_user=carol');
      const terminal = await faults.lab.provisionOnTerminal(args, { input: `${password}\n` });
      const { stdout } = terminal;
      expect(terminal).toExitWith(code);
      expect(stdout.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').replace(/\s+/g, ' ')).toContain(said);
      expect(stdout).toContain('become password:');
      expect(await faults.marked()).toEqual(code === 0 ? [...faults.hosts] : []);
    });

    test('there is no terminal to type it at', async () => {
      const run = await faults.folder.apply('mark.yml', '-b', '-K', '-e', 'ansible_user=carol');
      expect(run).toExitWith(1);
      expect(flat(run)).toMatch(
        /cannot ask "become password:": there is no terminal why: .* hint: run it from a terminal/,
      );
    });
  });

  describe('a host has no space left', () => {
    afterEach(() => faults.lab.fault('h1', 'unfull'));

    test('a file does not fit: what was there stays', async () => {
      await faults.lab.sh('h1', 'echo old >/root/big');
      await faults.lab.fault('h1', 'full');
      const run = await faults.folder.apply('big.yml');
      expect(run).toExitWith(2);
      expect(flat(run)).toMatch(
        /FAILED A big file on h1 .*No space left on device.* \/root\/big was not written/,
      );
      expect(flat(run)).toMatch(
        /FAILED A big file on h1 .* at \S+big\.yml:4:7 next make room: `ssh h1 df -h`/,
      );
      expect(await faults.lab.sh('h1', 'cat /root/big')).toBe('old\n');
      for (const host of ['h2', 'h3']) expect(await faults.lab.sh(host, 'cat /root/after')).toBe('after\n');
      await faults.expectTidy();
      await faults.lab.fault('h1', 'unfull');
      expect(await faults.folder.apply('big.yml')).toExitWith(0);
    });

    test('packages do not fit: the next run installs them', async () => {
      await faults.folder.write(
        'tree.yml',
        '- hosts: all\n  tasks:\n    - name: Tree\n      apt: {name: tree, update_cache: true}\n',
      );
      await faults.lab.fault('h1', 'full');
      const run = await faults.folder.apply('tree.yml');
      expect(run).toExitWith(2);
      expect(flat(run)).toMatch(/FAILED Tree on h1 .*(No space left on device|enough free space)/);
      for (const host of ['h2', 'h3']) expect(await faults.lab.exec(host, 'tree --version')).toExitWith(0);
      await faults.lab.fault('h1', 'unfull');
      const again = await faults.folder.apply('tree.yml');
      expect(again).toExitWith(0);
      expect(await faults.lab.exec('h1', 'tree --version')).toExitWith(0);
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
      await faults.folder.write('wrong.yml', playbook);
      const run = await faults.folder.apply(
        'wrong.yml',
        '-i',
        await faults.folder.write('nowhere.yml', nowhere),
      );
      expect(run).toExitWith(1);
      expect(flat(run)).toMatch(said);
      expect(run.stderr).toMatch(/^ +> +\d+ \| /m);
    });

    test('there is no such playbook, inventory or host', async () => {
      expect(await faults.folder.apply('nothere.yml')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('there is no file'),
      });
      const inventory = await faults.folder.apply('mark.yml', '-i', '/nowhere/hosts.yml');
      expect(inventory).toMatchObject({ code: 1, stderr: expect.stringContaining('/nowhere/hosts.yml') });
      const limit = await faults.folder.apply('mark.yml', '-l', 'h9');
      expect(limit).toMatchObject({ code: 1, stderr: expect.stringContaining("'h9'") });
    });

    test('a variable of home-lab.yml has the wrong type', async () => {
      const home = ['apply', 'playbooks/home-lab.yml', '-i', 'test/demo/inventory.yml'];
      const run = await faults.lab.provision([...home, '-e', 'log_port=many']);
      expect(run).toExitWith(1);
      expect(flat(run)).toMatch(
        /'log_port' must be a whole number, not 'many'.*rsyslog_common declares it so/,
      );
    });
  });
});
