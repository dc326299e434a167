import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serverName } from '../helpers/lab/home-lab-project.ts';
import { clients, nothingLost, RotationLab } from '../helpers/lab/rotation-lab.ts';

const own = '/etc/rsyslog.d/provision-tls/own';
const live = `/etc/letsencrypt/live/${serverName}/fullchain.pem`;

/** What keeps h4 from having its new certificate. */
const obstacles = [
  {
    name: "somebody's file breaks rsyslog's configuration",
    make: `echo 'module(load="imnothing")' >/etc/rsyslog.d/99-broken.conf`,
    end: 'rm /etc/rsyslog.d/99-broken.conf',
    said: /FAILED The whole configuration is valid on h4 .*imnothing/,
  },
  {
    name: 'its new certificate cannot be stored',
    make: `mount --bind ${own} ${own} && mount -o remount,bind,ro ${own}`,
    end: `umount ${own}`,
    said: /FAILED Certificate from the private CA, its key made here on h4 .*Read-only file system/,
  },
];

describe('a rotation that does not go to its end', () => {
  let lab: RotationLab;

  beforeAll(async () => {
    lab = await RotationLab.open('bookworm', 'unrotated');
  });
  afterAll(async () => {
    await lab?.close();
  });

  // Whatever became of one test, the next begins with all hosts in order.
  let fix: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const one of fix) await one();
    if (fix.length > 0) await lab.project.run('apply', '-q');
    fix = [];
  });

  test.each(obstacles)(
    '$name on one client: trust stays wide, and the next run ends it',
    async (obstacle) => {
      fix = [() => lab.lab.exec('h4', obstacle.end)];
      await lab.lab.sh('h4', obstacle.make);
      await lab.renewCa();
      const before = await lab.shown('h4');
      const failed = await lab.rotate();
      expect(failed.run).toExitWith(2);
      expect(failed.lines).toEqual(nothingLost);
      expect(failed.said).toMatch(obstacle.said);
      expect(failed.said).toMatch(/stay permitted: no line was proven from h4\. Run the same command again/);
      expect(await lab.shown('h4')).toBe(before);
      expect(await lab.trust('h1')).toBe('2 root, 3 by name');
      await lab.lab.sh('h4', obstacle.end);
      const ended = await lab.rotate();
      expect(ended.run).toExitWith(0);
      expect(ended.lines).toEqual(nothingLost);
      expect(await lab.shown('h4')).not.toBe(before);
      expect(await lab.trust('h1')).toBe('1 root, 3 by name');
    },
  );

  test('a client that is down is reported, its lines stay welcome, and the next run ends the rotation', async () => {
    fix = [() => lab.lab.power('h4', 'on')];
    await lab.lab.power('h4', 'off');
    await lab.renewCa();
    const without = await lab.rotate(['h2', 'h3']);
    expect(without.run).toExitWith(4);
    expect(without.lines).toEqual(nothingLost.slice(0, 2));
    expect(without.said).toMatch(/h4 .*unreachable/);
    expect(without.said).toMatch(/stay permitted: no line was proven from h4\. Run the same command again/);
    expect(await lab.trust('h1')).toBe('2 root, 3 by name');
    await lab.lab.power('h4', 'on');
    fix = [];
    expect(await lab.project.delivers('h4', 'with the certificate of before')).toBe(true);
    const ended = await lab.rotate();
    expect(ended.run).toExitWith(0);
    expect(ended.lines).toEqual(nothingLost);
    expect(await lab.trust('h1')).toBe('1 root, 3 by name');
    expect(await lab.project.delivers('h4', 'with the new certificate')).toBe(true);
  });

  test('provision is killed while clients are held: they go on by themselves, and nothing is lost', async () => {
    await lab.set({ log_hold_seconds: 5 });
    const slow = '/etc/systemd/system/rsyslog.service.d';
    const wait = `mkdir ${slow} && printf '[Service]\\nExecStartPre=/bin/sleep 3\\n' >${slow}/slow.conf`;
    await lab.lab.sh('h1', `${wait} && systemctl daemon-reload`);
    await lab.renewServer();
    const held = (host: string) =>
      lab.lab.sh(host, `timeout 60 sh -c 'while systemctl -q is-active rsyslog; do sleep 0.02; done'`);
    const { lines } = await lab.whileLogging(async () => {
      const running = lab.project.start('-q');
      await Promise.all(clients.map(held));
      running.child.kill('SIGKILL');
      expect(await running.result).toExitWith(null);
      const free = `timeout 30 sh -c 'until systemctl -q is-active rsyslog; do sleep 0.1; done'`;
      await Promise.all(clients.map((host) => lab.lab.sh(host, free)));
    });
    expect(lines).toEqual(nothingLost);
    await lab.lab.sh('h1', `rm -r ${slow} && systemctl daemon-reload`);
    const ended = await lab.rotate();
    expect(ended.run).toExitWith(0);
    expect(ended.lines).toEqual(nothingLost);
    expect(await lab.project.served()).toBe(await lab.project.fingerprint('h1', live));
  });

  test('clients that read the socket: the run warns, and lines that come slowly are not lost', async () => {
    await lab.set({ rsyslog_client_input: 'socket' });
    expect(await lab.project.run('apply', '-q')).toExitWith(0);
    await lab.renewServer();
    const { run, said, lines } = await lab.rotate(clients, 20);
    expect(run).toExitWith(0);
    expect(said).toMatch(/warning: h2, h3, h4: this client reads a socket, not the journal/);
    expect(lines).toEqual(nothingLost);
    expect(await lab.project.served()).toBe(await lab.project.fingerprint('h1', live));
  });

  test('relp: a line may come twice, but none is lost', async () => {
    await lab.set({ rsyslog_client_input: null, log_transport: 'relp' });
    const changed = await lab.project.run('apply', '-q');
    expect(changed).toExitWith(0);
    await lab.renewServer();
    const { run, lines } = await lab.rotate();
    expect(run).toExitWith(0);
    expect(lines.filter((line) => !line.includes(': 0 lost, '))).toEqual([]);
    expect(await lab.project.served()).toBe(await lab.project.fingerprint('h1', live));
  });
});
