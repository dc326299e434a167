import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeAuthority } from '../../src/domains/tls-logs/private-ca/authority-storing.ts';
import { signRequest } from '../../src/domains/tls-logs/private-ca/issuing.ts';
import { makeAuthority } from '../../src/domains/tls-logs/private-ca/new-authority.ts';
import { readAuthority } from '../../src/domains/tls-logs/private-ca/private-ca-files.ts';
import { flat } from '../helpers/lab/fault-lab.ts';
import { HomeLabProject } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { named } from '../helpers/lab/run-events.ts';
import { changedPaths } from '../helpers/lab/snapshot-change.ts';

// Old enough for a certificate that has expired.
const longAgo = new Date(Date.now() - 200 * 86_400_000);
const own = '/etc/rsyslog.d/provision-tls/own';

describe('home-lab.yml where something is wrong from the start', () => {
  let lab: Lab;
  let project: HomeLabProject;

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'troubles');
    project = await HomeLabProject.open(lab);
    await storeAuthority(project.ca, await makeAuthority(longAgo, {}));
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  const converge = async (): Promise<void> => {
    const run = await project.run('apply', '-q');
    expect(run).toExitWith(0);
  };

  test('a client is dead at the first apply: the others work, and it joins when it is back', async () => {
    await lab.power('h3', 'off');
    const run = await project.run('apply', '--connect-timeout', '3');
    await lab.power('h3', 'on');
    expect(run).toExitWith(4);
    expect(flat(run)).toMatch(/Unreachable: h3 what \S+:22: the connection was refused next /);
    expect(await project.delivers('h2', 'h2 without h3')).toBe(true);
    await converge();
    expect(await project.delivers('h3', 'h3 is back')).toBe(true);
    expect(await project.troubled()).toEqual([]);
  });

  test('the log server is dead: nothing is changed on its clients, and their lines wait for it', async () => {
    const clients = ['h2', 'h3'] as const;
    const snapshots = () => Promise.all(clients.map((host) => lab.snapshot(host)));
    const before = await snapshots();
    await lab.power('h1', 'off');
    const run = await project.run('apply', '--connect-timeout', '3');
    const after = await snapshots();
    for (const host of clients) await lab.sh(host, `logger -t lab-test 'meanwhile from ${host}'`);
    await lab.power('h1', 'on');
    expect(run).toExitWith(4);
    expect(flat(run)).toMatch(/Unreachable: h1 what /);
    expect(clients.flatMap((_, n) => changedPaths(before[n] ?? '', after[n] ?? ''))).toEqual([]);
    for (const host of clients)
      await expect
        .poll(() => project.stored(host), { timeout: 60_000, interval: 500 })
        .toContain(`meanwhile from ${host}`);
    await converge();
  });

  test.each([
    ['half an hour behind', '30 minutes ago', 0, /h2: the host's clock is (30|29|31) min behind/],
    ['an hour ahead', '1 hour', 0, /h2: the host's clock is (1 h|59 min|1 h 1 min) ahead of/],
    [
      'two hours behind',
      '2 hours ago',
      2,
      /FAILED .* on h2 .*the host's clock is .* behind this machine's .* set the clock that is wrong/,
    ],
  ])('the clock of a client is %s: this is reported, and changes nothing', async (_what, by, code, said) => {
    const date = `#!/bin/sh\\nexec /bin/date -d "${by}" "$@"\\n`;
    await lab.sh('h2', `printf '${date}' >/usr/local/bin/date; chmod 755 /usr/local/bin/date`);
    const run = await project.run('apply');
    await lab.sh('h2', 'rm /usr/local/bin/date');
    expect(run).toExitWith(code);
    expect(flat(run)).toMatch(said);
    expect(flat(run)).toMatch(code === 0 ? / 0 changed on every host;/ : / 0 changed; of 3 hosts 1 failed;/);
    expect(await project.delivers('h2', `with a clock that is off: ${by}`)).toBe(true);
  });

  test("a client's file was removed under rsyslogd: a run has it opened again, and the next has nothing to do", async () => {
    await converge();
    const file = '/var/log/remote/h2/syslog.log';
    expect(await project.delivers('h2', 'before it is removed')).toBe(true);
    await lab.sh('h1', `rm ${file}`);
    const run = await project.run('apply', '-v');
    expect(run).toExitWith(0);
    expect(flat(run)).not.toContain('no longer wrote to /var/log/remote/h3/');
    expect(await project.delivers('h2', 'after it was removed')).toBe(true);
    const again = await project.events('apply');
    expect(again).toExitWith(0);
    expect(named(again, 'changed')).toEqual([]);
  });

  test('another inventory makes the log server a client of another log: it is refused, and nothing is touched', async () => {
    const other = `
all: {vars: {log_server_name: logs.lab}}
log_server: {hosts: {elsewhere: {ansible_host: h3, log_certificate_source: host}}}
log_clients: {hosts: {h1: }}
`;
    const own = await readFile(join(project.folder, 'inventory.yml'), 'utf8');
    await project.write('inventory.yml', other);
    const before = await Promise.all(['h1', 'h3'].map((host) => lab.snapshot(host)));
    const run = await project.run('apply');
    const after = await Promise.all(['h1', 'h3'].map((host) => lab.snapshot(host)));
    await project.write('inventory.yml', own);
    expect(run).not.toExitWith(0);
    expect(flat(run)).toContain(
      'h1 is the log server of h2, h3, set up from an inventory that shares no host with this one',
    );
    expect(flat(run)).toContain('remove /etc/ansible/facts.d/provision_log.fact on h1');
    expect(before.map((one, at) => changedPaths(one, after[at] ?? ''))).toEqual([[], []]);
  });

  test('the certificate of a client has expired: it stores nothing, and the next run renews it', async () => {
    await lab.sh(
      'h2',
      'openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /root/old.key -subj /CN=h2 -out /root/old.csr 2>/dev/null',
    );
    const stored = readAuthority(project.ca);
    if (stored?.key.kind !== 'plain') throw new Error('the CA has no plain key');
    const { certificate, key } = stored;
    const request = await lab.sh('h2', 'cat /root/old.csr');
    const wanted = { names: ['h2'], days: 90, server: false };
    const pem = await signRequest(request, wanted, { certificate, key: key.key }, longAgo);
    await lab.sh(
      'h2',
      `set -e; umask 077; old=${own}/20200101T000000Z; mkdir $old; cat /root/old.key >$old/privkey.pem
cat >$old/fullchain.pem <<'END'
${pem}END
ln -sfn 20200101T000000Z ${own}/current; systemctl restart rsyslog; logger -t lab-test 'with an expired certificate'`,
    );
    const refused =
      "timeout 20 sh -c 'until journalctl -q -u rsyslog | grep -qi expired; do sleep 0.2; done'";
    expect(await lab.exec('h1', refused)).toExitWith(0);
    expect(await project.stored('h2')).not.toContain('with an expired certificate');
    const certs = await project.run('certs');
    expect(certs).toExitWith(2);
    expect(flat(certs)).toMatch(/h2 .*expired/);
    const run = await project.events('apply');
    expect(run).toExitWith(0);
    expect(named(run, 'changed').filter((task) => !task.startsWith('h2: '))).toEqual([]);
    expect(await project.delivers('h2', 'with the next one')).toBe(true);
    const after = await project.run('certs');
    expect(after).toExitWith(0);
  });

  test('nothing more fits on the disk of a client whose certificate is due: it goes on with the one before, until there is space', async () => {
    expect(await lab.provision(['ca', 'renew', 'h2', '-d', project.ca])).toExitWith(0);
    const shown = () => project.fingerprint('h2', `${own}/current/fullchain.pem`);
    const before = await shown();
    await lab.fault('h2', 'full');
    const run = await project.run('apply');
    const left = await lab.sh('h2', `ls -A ${own} | grep -v '^[0-9]*T[0-9]*Z$'; ls /run/provision`);
    await lab.fault('h2', 'unfull');
    expect(run).toExitWith(2);
    expect(flat(run)).toMatch(
      /FAILED .* on h2 .*(no space is left|No space left on device).* next make room: `ssh h2 df -h`/,
    );
    expect(left).toBe('current\n');
    expect(await shown()).toBe(before);
    expect(await project.delivers('h2', 'with the certificate of before')).toBe(true);
    await converge();
    expect(await shown()).not.toBe(before);
    expect(await project.delivers('h2', 'with the one that fitted')).toBe(true);
  });

  test.each([
    ['show', '--json'],
    ['issue', 'printer'],
    ['renew', 'h3'],
    ['revoke', 'printer'],
  ])('provision ca %s %s while an apply renews a certificate: both do their work', async (...words) => {
    const ca = ['-d', project.ca];
    expect(await lab.provision(['ca', 'renew', 'h2', ...ca])).toExitWith(0);
    const before = await project.fingerprint('h2', `${own}/current/fullchain.pem`);
    const running = project.start('--json');
    await running.said('"host-connected"');
    const command = await lab.provision(['ca', ...words, ...ca], {
      cwd: project.folder,
    });
    const run = await running.result;
    expect(command).toExitWith(0);
    expect(run).toExitWith(0);
    await converge(); // does what was asked for too late for the run beside it
    expect(await project.fingerprint('h2', `${own}/current/fullchain.pem`)).not.toBe(before);
    const shown = await lab.provision(['ca', 'show', '--json', ...ca]);
    expect(shown).toExitWith(0);
    const again = await project.run('apply');
    expect(flat(again)).toMatch(/ 0 changed on every host;/);
  });
});
