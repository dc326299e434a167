import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority } from '../helpers/lab/authority.ts';
import { type Base, Lab } from '../helpers/lab/lab.ts';
import { mustRun, runCommand, startCommand } from '../helpers/lab/process.ts';

const script = join(import.meta.dirname, 'lab');
const limit = '/proc/sys/fs/inotify/max_user_instances';

/** All on this machine that a lab of that name could leave behind. */
async function tracesOf(lab: Lab): Promise<string[]> {
  const { name } = lab;
  const found: string[] = [];
  const spaces = await mustRun('ip', ['netns', 'list']);
  found.push(...spaces.split('\n').filter((line) => line.split(/[- ]/)[0] === name));
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  found.push(...mounts.filter((line) => line.includes(`/provision-lab/${name}`)));
  const cgroups = ['find', '/sys/fs/cgroup', '-type', 'd', '-name', `provision-lab-${name}`];
  found.push(...(await mustRun('env', cgroups)).split('\n').filter(Boolean));
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const words = await runCommand('cat', [`/proc/${pid}/cmdline`]);
    const command = words.stdout.replaceAll('\0', ' ');
    if (command.includes(`--machine=${name}-h`) || command.includes(`/provision-lab/${name}/`)) {
      found.push(`${pid} ${command}`);
    }
  }
  if (existsSync(lab.folder)) found.push(lab.folder);
  if (existsSync('/run/systemd/nspawn/propagate')) {
    const left = await readdir('/run/systemd/nspawn/propagate');
    found.push(...left.filter((entry) => entry.startsWith(`${name}-h`)));
  }
  return found;
}

describe('hosts of a lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.up(2, 'bookworm', 'labhosts');
  });
  afterAll(() => lab?.down());

  test('answer over ssh under their own names, as root, admin and carol', async () => {
    for (const host of ['h1', 'h2']) {
      const { stdout, code } = await lab.ssh(host, 'hostname; id -un; systemctl is-system-running');
      expect({ stdout, code }).toEqual({ stdout: `${host}\nroot\nrunning\n`, code: 0 });
    }
    expect((await lab.ssh('admin@h1', 'sudo -n id -un')).stdout).toBe('root\n');
    expect(await lab.ssh('carol@h1', 'sudo -n id -un')).toExitWith(1);
    expect((await lab.ssh('carol@h1', 'sudo -S -p "" id -un', { input: 'secret-Pw1\n' })).stdout).toBe(
      'root\n',
    );
  });

  test('reach each other by name, and nothing outside', async () => {
    expect((await lab.sh('h1', 'getent hosts h2.lab logs.lab')).split(/\s+/)).toContain('198.18.0.2');
    expect((await lab.exec('h1', 'ip route get 192.0.2.1')).stderr).toContain('unreachable');
    expect((await lab.ctl(['ip', 'route', 'get', '192.0.2.1'])).stderr).toContain('unreachable');
  });

  test('install packages from their own repository', async () => {
    await lab.sh('h1', 'apt-get -qq update && apt-get -qq install -y tree >/dev/null 2>&1 && tree --version');
    const offered = await lab.sh('h1', 'apt-cache policy rsyslog-openssl rsyslog-gnutls rsyslog-relp');
    expect(offered.match(/Candidate: 8\./g)).toHaveLength(3);
  });

  test('a snapshot shows a change, and hides what a login writes', async () => {
    await lab.ssh('h2', 'true');
    const before = await lab.snapshot('h2');
    await lab.ssh('h2', 'id; dpkg-query -W openssl');
    await lab.ssh('admin@h2', 'sudo -n id');
    await lab.ssh('carol@h2', 'sudo -S -p "" id', { input: 'secret-Pw1\n' });
    expect(await lab.snapshot('h2')).toBe(before);
    await lab.sh('h2', 'touch /etc/new; chmod 600 /etc/hostname; rm /etc/issue');
    const after = await lab.snapshot('h2');
    expect(after).not.toBe(before);
    expect(after).toMatch(/^etc\/new f 644 0:0 0 /m);
    expect(after).toMatch(/^etc\/hostname f 600 /m);
    expect(after).toMatch(/^etc\/issue c /m);
  });

  test('a state can be kept and booted from again', async () => {
    await lab.sh('h2', 'echo kept >/root/mark; sync');
    await lab.save('h2', 'kept');
    await lab.sh(
      'h2',
      'echo lost >/root/mark; apt-get -qq update; apt-get -qq install -y tree >/dev/null 2>&1',
    );
    await lab.restore('h2', 'kept');
    expect(await lab.sh('h2', 'cat /root/mark; command -v tree || echo no tree')).toBe('kept\nno tree\n');
  });

  test('full: writing says so, and works again afterwards', async () => {
    await lab.fault('h1', 'full');
    const { code, stderr } = await lab.ssh('h1', 'head -c 100000 /dev/zero >/root/big');
    expect(code).toBe(1);
    expect(stderr).toContain('No space left on device');
    await lab.fault('h1', 'unfull');
    await lab.sh('h1', 'head -c 100000 /dev/zero >/root/big; rm /root/big');
  });

  test('cut: unreachable, and back afterwards', async () => {
    await lab.fault('h1', 'cut');
    const { code, stderr } = await lab.ctl([
      'ssh',
      '-F',
      lab.sshConfig,
      '-o',
      'ConnectTimeout=2',
      'h1',
      'true',
    ]);
    expect(code).toBe(255);
    expect(stderr).toMatch(/timed out|No route to host/);
    await lab.fault('h1', 'uncut');
    expect((await lab.ssh('h1', 'echo back')).stdout).toBe('back\n');
  });

  test('freeze: takes the connection, says nothing, and goes on afterwards', async () => {
    await lab.fault('h1', 'freeze');
    const banner = ['timeout', '1', 'bash', '-c', 'exec 3<>/dev/tcp/h1/22; echo connected; head -1 <&3'];
    const { code, stdout } = await lab.ctl(banner);
    expect({ code, stdout }).toEqual({ code: 124, stdout: 'connected\n' });
    await lab.fault('h1', 'thaw');
    expect((await lab.ssh('h1', 'echo back')).stdout).toBe('back\n');
  });

  test('sessions: a command under way breaks off', async () => {
    const running = lab.start(['ssh', '-F', lab.sshConfig, 'h1', 'echo begun; sleep 60']);
    await running.said('begun');
    await lab.fault('h1', 'sessions');
    expect(await running.result).toExitWith(255);
  });

  test('power: off is unreachable, on has the same disk', async () => {
    await lab.sh('h1', 'echo kept >/root/mark; sync');
    await lab.power('h1', 'off');
    expect(await lab.ssh('h1', 'true')).toExitWith(255);
    await lab.power('h1', 'on');
    expect((await lab.ssh('h1', 'cat /root/mark')).stdout).toBe('kept\n');
  });

  test('latency: every answer takes that long', async () => {
    await lab.fault('h1', 'latency', 40);
    const ping = "import socket,time;t=time.time();socket.create_connection(('h1',22));print(time.time()-t)";
    const { stdout } = await lab.ctl(['python3', '-c', ping]);
    expect(Number(stdout)).toBeGreaterThan(0.08);
    expect((await lab.ssh('h1', 'echo there')).stdout).toBe('there\n');
    await lab.fault('h1', 'latency', 0);
    expect((await lab.ssh('h1', 'echo near')).stdout).toBe('near\n');
  });

  test('a capture sees what hosts say to each other', async () => {
    const capture = await lab.capture('tcp port 7777');
    const listening = 'until ss -Hltn | grep -q :7777; do sleep 0.1; done';
    await lab.sh('h1', `nc -l -p 7777 >/dev/null 2>&1 & ${listening}`);
    await lab.sh('h2', 'echo readable-marker | nc -N h1.lab 7777');
    await lab.sh('h1', 'while pgrep -x nc; do sleep 0.1; done');
    expect(await capture.stop()).toContain('readable-marker');
  });

  test('certificates lie on a host as certbot leaves them, before and after a renewal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'authority-'));
    const live = '/etc/letsencrypt/live/logs.lab';
    const verify = `openssl verify -CAfile /root/root.pem -untrusted ${live}/chain.pem -purpose sslserver ${live}/cert.pem`;
    try {
      const authority = await Authority.create(join(folder, 'authority'));
      await authority.certbot(lab, 'h1', ['logs.lab', 'h1.lab']);
      await lab.sh('h1', 'cat >/root/root.pem', { input: readFileSync(authority.root, 'utf8') });
      expect(await lab.sh('h1', verify)).toBe(`${live}/cert.pem: OK\n`);
      expect(await lab.sh('h1', `readlink ${live}/privkey.pem; stat -Lc %a ${live}/privkey.pem`)).toBe(
        '../../archive/logs.lab/privkey1.pem\n600\n',
      );
      const first = await lab.sh('h1', `cat ${live}/fullchain.pem`);
      expect(first.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
      await authority.renew(lab, 'h1', ['logs.lab', 'h1.lab']);
      expect(await lab.sh('h1', `readlink ${live}/fullchain.pem`)).toBe(
        '../../archive/logs.lab/fullchain2.pem\n',
      );
      expect(await lab.sh('h1', `cat ${live}/fullchain.pem`)).not.toBe(first);
      expect(await lab.sh('h1', verify)).toBe(`${live}/cert.pem: OK\n`);
      const asClient = verify.replace('sslserver', 'sslclient');
      expect((await lab.exec('h1', asClient)).stderr).toContain('unsuitable certificate purpose');
      await authority.renew(lab, 'h1', ['logs.lab'], '--expired');
      expect((await lab.exec('h1', verify)).stderr).toContain('certificate has expired');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe.each<Base>(['trixie', 'ubuntuish'])('a lab of %s', (base) => {
  test('boots, and a login or a dry run leaves no trace in a snapshot', async () => {
    const lab = await Lab.up(1, base, 'labbase');
    try {
      await lab.ssh('h1', 'true');
      const before = await lab.snapshot('h1');
      const { stdout } = await lab.ssh('h1', 'systemctl is-system-running; dpkg-query -W -f "" openssl');
      await lab.ssh('admin@h1', 'sudo -n id');
      await lab.ssh('carol@h1', 'sudo -S -p "" id', { input: 'secret-Pw1\n' });
      expect(stdout).toBe('running\n');
      expect(await lab.snapshot('h1')).toBe(before);
      const syslog = await lab.exec('h1', 'id -un syslog');
      expect(syslog).toExitWith(base === 'ubuntuish' ? 0 : 1);
    } finally {
      await lab.down();
    }
  });
});

describe('lab down', () => {
  test('leaves nothing, and lets another lab live', async () => {
    const [one, other] = await Promise.all([
      Lab.up(2, 'bookworm', 'labone'),
      Lab.up(1, 'bookworm', 'labother'),
    ]);
    try {
      expect(await tracesOf(one)).not.toEqual([]);
      await one.down();
      expect(await tracesOf(one)).toEqual([]);
      expect((await other.ssh('h1', 'hostname')).stdout).toBe('h1\n');
    } finally {
      await one.down();
      await other.down();
    }
    expect(await tracesOf(other)).toEqual([]);
  });

  test('puts the limit back that it raised, with the last lab', async () => {
    const others = async (): Promise<boolean> => (await mustRun(script, ['list', '--names'])).trim() !== '';
    // Other files' labs come and go meanwhile. The folder of all labs goes last, after the limit.
    const wereThere = existsSync('/run/provision-lab');
    const before = readFileSync(limit, 'utf8');
    const lab = await Lab.up(1, 'bookworm', 'lablimit');
    expect(Number(readFileSync(limit, 'utf8'))).toBeGreaterThanOrEqual(8192);
    await lab.down();
    const after = readFileSync(limit, 'utf8');
    if (await others())
      await expect.poll(() => Number(readFileSync(limit, 'utf8'))).toBeGreaterThanOrEqual(8192);
    else if (!wereThere) expect(after).toBe(before);
  });

  test.each([
    ['launchers', 'supervisor.pid'],
    ['containers', 'nspawn.pid'],
  ])('cleans up after %s that were killed, and after a frozen host', async (_what, file) => {
    const lab = await Lab.up(2, 'bookworm', 'labcrash');
    try {
      await lab.fault('h2', 'freeze');
      for (const host of ['h1', 'h2']) {
        const [pid] = readFileSync(join(lab.folder, 'hosts', host, file), 'utf8').split(' ');
        process.kill(Number(pid), 'SIGKILL');
      }
    } finally {
      await lab.down();
    }
    expect(await tracesOf(lab)).toEqual([]);
  });

  test('cleans up after a start that was killed half-way', async () => {
    const lab = await Lab.up(1, 'bookworm', 'labhalf');
    await lab.down();
    const env = { LAB_NS: lab.name };
    const starting = startCommand(script, ['up', '3'], { env });
    await expect
      .poll(() => existsSync(join(lab.folder, 'hosts/h2')), { timeout: 20_000, interval: 5 })
      .toBe(true);
    starting.child.kill('SIGKILL');
    await starting.result;
    const again = await runCommand(script, ['up', '1'], { env });
    expect(again.stderr).toContain('left by a crash');
    await lab.down();
    expect(await tracesOf(lab)).toEqual([]);
  });

  test('has nothing to do where nothing is', async () => {
    const { code, stderr } = await runCommand(script, ['down'], { env: { LAB_NS: 'labnone' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
