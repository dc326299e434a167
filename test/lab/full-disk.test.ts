import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flat } from '../helpers/lab/fault-lab.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import { named, readEvents, taskResults } from '../helpers/lab/run-events.ts';

const noSpace = /no space is left|No space left on device|not enough free space/i;

// Each kind of write on a host: a task that cannot be done when nothing more fits, and what must be as it was then.
const kinds: readonly (readonly [what: string, task: string, state: string, before: string])[] = [
  ['a file', 'copy: {dest: /root/copy, content: "new\\n"}', 'cat /root/copy', 'old\n'],
  ['a new file', 'copy: {dest: /root/fresh, content: "new\\n"}', 'ls /root/fresh', ''],
  ['a big file', 'copy: {dest: /root/big, src: big.bin}', 'cat /root/big', 'old\n'],
  ['a template', 'template: {dest: /root/template, src: t.j2}', 'cat /root/template', 'old\n'],
  ['a line', 'lineinfile: {path: /root/line, line: new}', 'cat /root/line', 'old\n'],
  ['a block', 'blockinfile: {path: /root/block, block: new}', 'cat /root/block', 'old\n'],
  ['a mode', "file: {path: /etc/debian_version, mode: '0600'}", 'stat -c %a /etc/debian_version', '644\n'],
  ['a group', 'group: {name: fresh, gid: 4711}', 'getent group fresh', ''],
  ['a user', 'user: {name: joe, uid: 4712, create_home: false}', 'getent passwd joe', ''],
  ['a host name', 'hostname: {name: fresh}', 'cat /etc/hostname', 'h1\n'],
  ['a crontab', "cron: {name: fresh, minute: '1', job: 'true'}", 'crontab -l 2>&1', 'no crontab for root\n'],
  [
    'a file of cron',
    "cron: {name: fresh, minute: '1', job: 'true', user: root, cron_file: fresh}",
    'ls /etc/cron.d/fresh',
    '',
  ],
  ['a package', 'apt: {name: tree}', 'command -v tree', ''],
  [
    'what a command writes',
    'shell: "head -c 4000000 /dev/zero >/root/by && mv /root/by /root/moved"',
    'ls /root/moved',
    '',
  ],
];

const playbook = (tasks: string, more = '') => `- name: Writes\n  hosts: all\n${more}  tasks:\n${tasks}`;

describe('a host on which nothing more fits', () => {
  let lab: Lab;
  let folder: PlaybookFolder;

  beforeAll(async () => {
    lab = await Lab.up(1, 'bookworm', 'fulldisk');
    folder = await PlaybookFolder.open(lab, ['h1']);
    await lab.sh(
      'h1',
      `apt-get -qq update && apt-get -qq install -y cron >/dev/null 2>&1
       cd /root && for name in copy big template line block both1 both2; do echo old >$name; done`,
    );
    await folder.write('t.j2', '{{ inventory_hostname }}\n');
    await folder.write('big.bin', randomBytes(4_000_000));
    const tasks = kinds.map(([what, task]) => `    - name: ${what}\n      ${task}\n`).join('');
    await folder.write('kinds.yml', playbook(tasks, '  ignore_errors: true\n'));
  });
  afterAll(async () => {
    await lab?.down();
    await folder?.close();
  });

  const tidy = () =>
    lab.sh('h1', 'find / -xdev \\( -name ".provision-*" -o -name "*.provision-back" \\); ls /run/provision');

  describe('each kind of write', () => {
    let failures: ReadonlyMap<string, string>;
    const states = new Map<string, string>();

    beforeAll(async () => {
      await lab.fault('h1', 'full');
      const run = readEvents(await folder.apply('kinds.yml', '--json'));
      failures = new Map(
        taskResults(run).map(({ name, status, message }) => [name, `${status}: ${message ?? ''}`]),
      );
      for (const [what, , state] of kinds) states.set(what, (await lab.exec('h1', state)).stdout);
      await lab.fault('h1', 'unfull');
    });

    test.each(kinds)('%s: what was there stays, and the reason is shown', (what, _task, _state, before) => {
      expect(failures.get(what)).toMatch(/^failed: /);
      expect(failures.get(what)).toMatch(noSpace);
      expect(states.get(what)).toBe(before);
    });

    test('nothing lies about, and once there is space the same run does it all', async () => {
      expect(await tidy()).toBe('');
      const run = readEvents(await folder.apply('kinds.yml', '--json'));
      expect(run).toExitWith(0);
      expect(named(run, 'changed')).toEqual(kinds.map(([what]) => `h1: ${what}`));
    });
  });

  test('files that are written together: none of them is replaced', async () => {
    const task = (name: string) => `    - copy: {dest: /root/${name}, content: "new\\n"}\n`;
    await folder.write('both.yml', playbook(task('both1') + task('both2')));
    await lab.fault('h1', 'full');
    const run = await folder.apply('both.yml');
    const left = await lab.sh('h1', 'cat /root/both1 /root/both2');
    await lab.fault('h1', 'unfull');
    expect(run).toExitWith(2);
    expect(flat(run)).toMatch(noSpace);
    expect(left).toBe('old\nold\n');
    expect(await tidy()).toBe('');
  });

  test('what is to be done after a change cannot be noted: the change is not made, and the reason is shown', async () => {
    const tasks = '    - {name: Change, copy: {dest: /root/noted, content: "new\\n"}, notify: Act}\n';
    const handlers = '  handlers:\n    - {name: Act, command: touch /root/acted}\n';
    await folder.write('noted.yml', playbook(tasks + handlers));
    await lab.fault('h1', 'full');
    const run = await folder.apply('noted.yml');
    await lab.fault('h1', 'unfull');
    expect(run).toExitWith(2);
    expect(flat(run)).toMatch(
      /Change .* not started: the host could not note what is to be done after it .* no space is left/,
    );
    expect((await lab.exec('h1', 'ls /root/noted /root/acted')).stdout).toBe('');
    expect(await folder.apply('noted.yml')).toExitWith(0);
    expect((await lab.exec('h1', 'ls /root/noted /root/acted')).stdout).toBe('/root/acted\n/root/noted\n');
  });

  test('the lock cannot be written: the host fails at once, with the reason', async () => {
    await lab.exec('h1', 'mount -o remount,size=300k /run; cat /dev/zero >/run/fill');
    const run = await folder.apply('both.yml');
    await lab.sh('h1', 'rm /run/fill && mount -o remount,size=64m /run');
    expect(run).toExitWith(2);
    expect(flat(run)).toMatch(
      /the host's lock cannot be taken: \/run\/provision\/holder was not written: no space is left on its file system/,
    );
    expect(await folder.apply('both.yml')).toExitWith(0);
    expect(await tidy()).toBe('');
  });

  test('what an earlier run left can be neither used nor removed: this ends too, with the reason', async () => {
    await lab.sh(
      'h1',
      `mkdir -p /run/provision && printf '1 1\\nwho\\nrun\\nelsewhere:1:1\\n' >/run/provision/holder
       mount --bind /run/provision /run/provision && mount -o remount,bind,ro /run/provision`,
    );
    const run = await folder.apply('both.yml');
    await lab.sh('h1', 'umount /run/provision');
    expect(run).toExitWith(2);
    expect(flat(run)).toMatch(
      /the host's lock cannot be taken: what an earlier run left in \/run\/provision can be neither used nor removed/,
    );
    expect(await folder.apply('both.yml')).toExitWith(0);
  });
});
