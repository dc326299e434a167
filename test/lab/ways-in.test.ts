import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { FaultLab, flat } from '../helpers/lab/fault-lab.ts';
import { morePackages } from '../helpers/lab/repository-packages.ts';
import { readEvents } from '../helpers/lab/run-events.ts';

const password = 'secret-Pw1';
const ofRoot = 'secret-Pw2';

// Users of every host: what sudoers says of them.
const sudoers: Readonly<Record<string, string>> = {
  requiretty: 'Defaults:requiretty requiretty\nrequiretty ALL=(ALL) NOPASSWD: ALL',
  lecture: 'Defaults:lecture lecture=always, lecture_file=/etc/sudo_lecture\nlecture ALL=(ALL) ALL',
  insults: 'Defaults:insults insults\ninsults ALL=(ALL) ALL',
  nostamp: 'Defaults:nostamp timestamp_timeout=0\nnostamp ALL=(ALL) ALL',
  once: 'Defaults:once passwd_tries=1\nonce ALL=(ALL) ALL',
  prompt: 'Defaults:prompt passprompt_override, passprompt="[secret of %u] "\nprompt ALL=(ALL) ALL',
  usepty: 'Defaults:usepty use_pty\nusepty ALL=(ALL) ALL',
  targetpw: 'Defaults:targetpw targetpw\ntargetpw ALL=(ALL) ALL',
  onlyapt: 'onlyapt ALL=(ALL) NOPASSWD: /usr/bin/apt-get',
  stranger: '',
  nologin: 'nologin ALL=(ALL) NOPASSWD: ALL',
  forced: 'forced ALL=(ALL) NOPASSWD: ALL',
  sftponly: 'sftponly ALL=(ALL) NOPASSWD: ALL',
  wrapped: 'wrapped ALL=(ALL) NOPASSWD: ALL',
  doasfree: '',
  doasask: '',
  nosu: '',
};
const users = Object.keys(sudoers);

const lecture =
  'A password is required for what follows.\nSorry, try again to be good: you are not in the sudoers of heaven.\n';

// Several logins of one host at once, which is more than sshd takes by default.
const sshd = `MaxStartups 100
Match User forced
  ForceCommand echo backups only
Match User sftponly
  ForceCommand internal-sftp
Match User wrapped
  ForceCommand /bin/sh -c "$SSH_ORIGINAL_COMMAND"
`;

const setUp = `set -e
for user in ${users.join(' ')}; do
  useradd -m -s /bin/bash $user
  install -d -m 700 -o $user -g $user /home/$user/.ssh
  install -m 600 -o $user -g $user /root/.ssh/authorized_keys /home/$user/.ssh/authorized_keys
  echo "$user:${password}" | chpasswd
done
usermod -s /usr/sbin/nologin nologin
cat >/etc/sudo_lecture <<'end'
${lecture}end
cat >/etc/sudoers.d/variants <<'end'
${Object.values(sudoers).join('\n')}
end
chmod 440 /etc/sudoers.d/variants
visudo -cq
echo 'root:${ofRoot}' | chpasswd
apt-get update -qq && apt-get install -qqy opendoas rsync >/dev/null
printf '%s\n' 'permit nopass doasfree' 'permit doasask' >/etc/doas.conf
sed -i '/pam_rootok/a auth required pam_wheel.so deny group=nosu' /etc/pam.d/su
cat >/etc/ssh/sshd_config.d/variants.conf <<'end'
${sshd}end
systemctl reload ssh
`;

const become = `- name: Become
  hosts: all
  become: true
  tasks:
    - name: Leave a mark
      copy: {dest: /root/mark, content: "marked\\n", mode: '0644'}
    - name: A command of its own
      command: id -un
      changed_when: false
`;

describe('ways into a host', () => {
  let faults: FaultLab;

  beforeAll(async () => {
    faults = await FaultLab.open('waysin', morePackages);
    await Promise.all(faults.hosts.map((host) => faults.lab.sh(host, setUp)));
    await faults.folder.write('become.yml', become);
    // Each user is a host of the inventory: all of them are h1.
    const hosts = users.map((user) => `    ${user}: {ansible_user: ${user}}\n`).join('');
    await faults.folder.write('users.yml', `all:\n  vars: {ansible_host: h1}\n  hosts:\n${hosts}`);
    await faults.folder.write('password.json', JSON.stringify({ ansible_become_password: password }));
    await faults.folder.write('root.json', JSON.stringify({ ansible_become_password: ofRoot }));
    await faults.folder.write('wrong.json', JSON.stringify({ ansible_become_password: 'wrong-Pw1' }));
  });
  beforeEach(() => faults.reset());
  afterAll(() => faults?.close());

  /** Why each user could not be used, as the last lines of the run's events say it. */
  async function refusals(...more: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const inventory = join(faults.folder.path, 'users.yml');
    const args = ['plan', join(faults.folder.path, 'become.yml'), '-i', inventory, '--json', ...more];
    const run = readEvents(await faults.lab.provision(args));
    expect(run.stdout + run.stderr).not.toMatch(/(wrong|secret)-Pw\d/);
    return new Map(
      run.events.flatMap((event) =>
        event.type === 'host-unreachable' || event.type === 'host-failed'
          ? [[event.host, [event.message, 'hint' in event ? event.hint : ''].join('; ')]]
          : [],
      ),
    );
  }

  const vars = (file: string) => ['-e', `@${join(faults.folder.path, file)}`];
  const wanted =
    /sudo wants a password to become 'root': sudo: a password is required.*-K \(--ask-become-pass\)/s;
  const wrong = /sudo refused the password to become 'root'.*-K \(--ask-become-pass\)/s;
  const noRule = /sudoers does not let the login user become 'root'.*visudo/s;
  const noTerminal = /sudo on the host wants a terminal.*take `Defaults requiretty` out/s;
  const noShell = (said: string) =>
    new RegExp(`runs something else than the shell .* printed: ${said}.*nologin.*ForceCommand`, 's');

  describe.each<[string, readonly string[], Readonly<Record<string, RegExp | undefined>>]>([
    [
      'without a password',
      [],
      {
        requiretty: noTerminal,
        lecture: wanted,
        insults: wanted,
        nostamp: wanted,
        once: wanted,
        prompt: wanted,
        usepty: wanted,
        targetpw: wanted,
        onlyapt: wanted,
        stranger: wanted,
        nologin: noShell('This account is currently not available'),
        forced: noShell('backups only'),
        sftponly: noShell('This service allows sftp connections only'),
        wrapped: undefined,
      },
    ],
    [
      'with the right password',
      ['password.json'],
      {
        requiretty: noTerminal,
        lecture: undefined,
        insults: undefined,
        nostamp: undefined,
        once: undefined,
        prompt: undefined,
        usepty: undefined,
        targetpw: wrong,
        onlyapt: noRule,
        stranger: noRule,
        wrapped: undefined,
      },
    ],
    [
      'with a wrong password',
      ['wrong.json'],
      {
        lecture: wrong,
        insults: wrong,
        nostamp: wrong,
        once: wrong,
        prompt: wrong,
        usepty: wrong,
        targetpw: wrong,
        stranger: wrong,
      },
    ],
  ])('sudo %s', (_how, files, expected) => {
    let found: ReadonlyMap<string, string>;
    beforeAll(async () => {
      found = await refusals(...files.flatMap(vars), '-l', Object.keys(expected).join(','));
    });

    test.each(Object.entries(expected))('%s', (user, reason) => {
      if (reason === undefined) expect(found.get(user)).toBeUndefined();
      else expect(found.get(user)).toMatch(reason);
    });
  });

  test('rsync and large files travel behind a sudo that wants a password, through its terminal too', async () => {
    const inventory = await faults.folder.write(
      'travel.yml',
      'all: {hosts: {h1: {ansible_user: lecture}, h2: {ansible_user: usepty}}}\n',
    );
    const bytes = randomBytes(2_000_000);
    await mkdir(join(faults.folder.path, 'sent'), { recursive: true });
    await writeFile(join(faults.folder.path, 'sent/bytes'), bytes);
    await faults.folder.write(
      'travel-play.yml',
      `- hosts: all
  become: true
  tasks:
    - { name: Push, synchronize: { src: sent/, dest: /root/sent } }
    - { name: Pull, synchronize: { mode: pull, src: /root/sent/, dest: 'back/{{ inventory_hostname }}/' } }
    - { name: Copy, copy: { src: sent/bytes, dest: /root/copied, mode: "0600" } }
`,
    );
    await mkdir(join(faults.folder.path, 'back'), { recursive: true });
    const run = await faults.folder.apply('travel-play.yml', '-i', inventory, ...vars('password.json'));
    expect(run).toExitWith(0);
    for (const host of ['h1', 'h2']) {
      expect((await readFile(join(faults.folder.path, `back/${host}/bytes`))).equals(bytes)).toBe(true);
      expect(await faults.lab.sh(host, 'cd /root; stat -c %U sent/bytes; cmp sent/bytes copied')).toBe(
        'root\n',
      );
    }
  });

  test('sudo that lectures, insults or forgets at once: a run as each of them does its work', async () => {
    const hosts =
      'all: {hosts: {h1: {ansible_user: lecture}, h2: {ansible_user: insults}, h3: {ansible_user: nostamp}}}\n';
    const inventory = await faults.folder.write('three.yml', hosts);
    const run = await faults.folder.apply('become.yml', '-i', inventory, ...vars('password.json'));
    expect(run).toExitWith(0);
    expect(await faults.marked()).toEqual([...faults.hosts]);
  });

  test('a wrong password is given once, not three times: nobody is locked out by it', async () => {
    await refusals(...vars('wrong.json'), '-l', 'nostamp');
    // By its own name, not _COMM: journald finds none for a process that has ended before its line is read.
    const said = "journalctl -q -o cat -t sudo | grep 'nostamp.*incorrect'";
    const journal = await faults.lab.sh('h1', `timeout 20 sh -c "until ${said}; do sleep 0.2; done"`);
    expect(journal).toMatch(/nostamp : 1 incorrect password attempt ;/);
    expect(journal).not.toMatch(/[23] incorrect password attempts/);
  });

  test.each<[string, 'doas' | 'su', readonly string[], RegExp | undefined]>([
    ['doasfree', 'doas', [], undefined],
    [
      'doasask',
      'doas',
      ['password.json'],
      /doas wants a password to become 'root', and takes it from a terminal only.*permit nopass/s,
    ],
    ['stranger', 'doas', [], /doas\.conf does not let the login user become 'root'.*permit nopass/s],
    ['stranger', 'su', ['root.json'], undefined],
    [
      'stranger',
      'su',
      ['wrong.json'],
      /su refused the password to become 'root'.*password of the user that is become/s,
    ],
    ['stranger', 'su', [], /su wants a password to become 'root'.*-K.*password of 'root'/s],
    ['nosu', 'su', ['root.json'], /su does not let the login user become 'root'.*pam\.d\/su/s],
  ])('%s by %s %j', async (user, method, files, reason) => {
    const found = await refusals('-l', user, '-e', `ansible_become_method=${method}`, ...files.flatMap(vars));
    if (reason === undefined) expect([...found]).toEqual([]);
    else expect(found.get(user)).toMatch(reason);
  });

  test('doas and su: a run through each of them does its work, and ends what takes too long', async () => {
    const inventory = await faults.folder.write(
      'methods.yml',
      `all:
  hosts:
    h1: {ansible_user: doasfree, ansible_become_method: doas}
    h2: {ansible_user: stranger, ansible_become_method: su}
    h3: {}
`,
    );
    const options = ['-i', inventory, ...vars('root.json')];
    const run = await faults.folder.apply('become.yml', ...options);
    expect(run).toExitWith(0);
    expect(await faults.marked()).toEqual([...faults.hosts]);
    await faults.folder.write(
      'long.yml',
      `- hosts: h1,h2
  become: true
  tasks:
    - name: Who it is
      command: sh -c 'test "$(id -un) $HOME" = "root /root"'
      changed_when: false
    - name: Too long
      command: sleep 4711
      timeout: 2
`,
    );
    const long = await faults.folder.apply('long.yml', ...options);
    expect(long).toExitWith(2);
    expect(flat(long)).toMatch(/h1 .*2 s/);
    for (const host of ['h1', 'h2'])
      expect(await faults.lab.sh(host, 'pgrep -fx "sleep 4711" || echo gone')).toBe('gone\n');
    expect(run.stdout + run.stderr + long.stdout + long.stderr).not.toContain(ofRoot);
  });

  test('become_method of a play: from root to another user by su, without a password', async () => {
    await faults.folder.write(
      'down.yml',
      `- hosts: h1
  become: true
  become_user: doasfree
  become_method: su
  tasks:
    - command: sh -c 'test "$(id -un) $HOME" = "doasfree /home/doasfree"'
      changed_when: false
`,
    );
    const run = await faults.folder.apply('down.yml');
    expect(run).toExitWith(0);
  });

  test('MaxSessions 1: one host is reported with the setting to change, the others go on', async () => {
    const config = '/etc/ssh/sshd_config.d/00-sessions.conf';
    await faults.lab.sh('h1', `echo MaxSessions 1 >${config} && systemctl reload ssh`);
    const enough = await faults.folder.apply('mark.yml');
    const alone = await faults.marked();
    await faults.reset();
    const more = await faults.folder.apply('become.yml', '-e', 'ansible_user=admin');
    await faults.lab.sh('h1', `rm ${config} && systemctl reload ssh`);
    // What one shell can do needs no second session.
    expect(enough).toExitWith(0);
    expect(alone).toEqual([...faults.hosts]);
    expect(more).toExitWith(4);
    expect(flat(more)).toMatch(
      /Unreachable: h1 what the host refuses another session .* raise MaxSessions in its sshd_config/,
    );
    expect(await faults.marked()).toEqual(expect.arrayContaining(['h2', 'h3']));
    await faults.expectTidy();
    expect(await faults.folder.apply('become.yml')).toExitWith(0);
  });

  test('IPv6 literals: as names, in ansible_host, in brackets with a port, in a limit', async () => {
    const { lab, folder } = faults;
    await lab.ctl(['ip', 'address', 'add', 'fd18::fe/64', 'dev', 'br0', 'nodad']);
    for (const host of faults.hosts)
      await lab.sh(host, `ip address add fd18::${host.slice(1)}/64 dev eth0 nodad`);
    await lab.sh(
      'h3',
      "printf 'Port 22\\nPort 2222\\n' >/etc/ssh/sshd_config.d/00-ports.conf && systemctl restart ssh",
    );
    const known = await readFile(lab.knownHosts, 'utf8');
    const inventory = await folder.write(
      'six.yml',
      `all:
  vars: {ansible_ssh_private_key_file: ${lab.identity}}
  hosts: {one: {ansible_host: 'fd18::1'}, 'fd18::2': , '[fd18::3]:2222': }
`,
    );
    const unknown = await folder.apply('mark.yml', '-i', inventory);
    expect(unknown).toExitWith(4);
    expect(flat(unknown)).toMatch(/the host key of \[fd18::3\]:2222 is not known/);
    const names = ['fd18::1', 'fd18::2', '[fd18::3]:2222'];
    const lines = known.split('\n').filter((line) => line.startsWith('h'));
    await writeFile(
      lab.knownHosts,
      `${known}${lines.map((line, n) => `${names[n]} ${line.split(' ').slice(1).join(' ')}\n`).join('')}`,
    );
    const run = await folder.apply('mark.yml', '-i', inventory);
    expect(run).toExitWith(0);
    expect(await faults.marked()).toEqual([...faults.hosts]);
    await faults.reset();
    const limited = await folder.apply('mark.yml', '-i', inventory, '-l', 'fd18::3');
    expect(limited).toExitWith(0);
    expect(await faults.marked()).toEqual(['h3']);
    await writeFile(lab.knownHosts, known);
  });

  test('~/.ssh that cannot be written, here and there: known hosts are used, an unknown one is not taken', async () => {
    const { lab, folder } = faults;
    const home = join(folder.path, 'home');
    await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 });
    const known = await readFile(lab.knownHosts, 'utf8');
    await writeFile(join(home, '.ssh/known_hosts'), known);
    await writeFile(join(home, '.ssh/id_ed25519'), await readFile(lab.identity), { mode: 0o600 });
    await writeFile(join(home, '.ssh/config'), 'Host *\n  User root\n  StrictHostKeyChecking accept-new\n');
    await lab.sh('h1', 'mount --bind /root/.ssh /root/.ssh && mount -o remount,bind,ro /root/.ssh');
    const readOnly = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && HOME=$0 exec "$@"';
    const apply = () =>
      lab.ctl(['sh', '-c', readOnly, home, process.execPath, 'dist/cli/main.js', ...folder.args('mark.yml')]);
    const run = await apply();
    expect(run).toExitWith(0);
    expect(await faults.marked()).toEqual([...faults.hosts]);
    await faults.reset();
    await writeFile(join(home, '.ssh/known_hosts'), known.replace(/^h2.*\n/m, ''));
    const unknown = await apply();
    await lab.sh('h1', 'umount /root/.ssh');
    expect(unknown).toExitWith(4);
    expect(flat(unknown)).toMatch(
      /the new host key of h2 cannot be recorded: EROFS: .* make \S+known_hosts writable, or take `StrictHostKeyChecking accept-new` out/,
    );
    expect(await faults.marked()).toEqual([]);
  });
});
