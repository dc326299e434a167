import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { flat } from '../helpers/lab/fault-lab.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { changedPaths } from '../helpers/lab/snapshot-change.ts';

const hosts = ['h1', 'h2', 'h3'] as const;
const archive = `/etc/letsencrypt/archive/${serverName}`;
const live = `/etc/letsencrypt/live/${serverName}`;

describe('a renewal that went wrong is refused, and all goes on as it was', () => {
  let lab: Lab;
  let project: HomeLabProject;
  let running: readonly string[];
  let line = 0;

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'badcerts');
    project = await HomeLabProject.open(lab);
    await project.authority.issue(join(project.folder, 'leaf'), [serverName]);
    const run = await project.run('apply', '-q');
    expect(run).toExitWith(0);
    running = await daemons();
    await project.authority.renew(lab, 'h1', [serverName]);
    await lab.sh('h1', `cp -a ${archive} /root/good`);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });
  afterEach(() =>
    lab.sh(
      'h1',
      `rm -rf ${archive} /usr/local/bin/date && cp -a /root/good ${archive} && chmod 700 /etc/letsencrypt/archive`,
    ),
  );

  const daemons = () => Promise.all(hosts.map((host) => lab.sh(host, 'systemctl show -p MainPID rsyslog')));
  const snapshots = () => Promise.all(hosts.map((host) => lab.snapshot(host)));

  /** A run that must fail on the log server, change nothing on any host and leave the daemons alone. */
  async function refused(...args: readonly string[]): Promise<string> {
    const before = await snapshots();
    const run = await project.run('apply', ...args);
    expect(run).toExitWith(2);
    const after = await snapshots();
    expect(hosts.flatMap((_, index) => changedPaths(before[index] ?? '', after[index] ?? ''))).toEqual([]);
    expect(await daemons()).toEqual(running);
    expect(run.stdout).toMatch(/^0 changed; of 3 hosts 1 failed; /m);
    expect(await project.delivers('h2', `the server goes on ${line++}`)).toBe(true);
    expect(run.stdout + run.stderr).not.toContain('PRIVATE KEY-----');
    return flat(run);
  }

  const onServer: readonly [string, string, RegExp][] = [
    [
      'the key is encrypted',
      `openssl pkey -in ${live}/privkey.pem -aes256 -passout pass:x -out /root/k && cat /root/k >${live}/privkey.pem && rm /root/k`,
      /the key (\S+privkey\.pem) is encrypted.*openssl pkey -in \1 -out \1\.plain/,
    ],
    ['the key is empty', `: >${live}/privkey.pem`, /the key \S+privkey\.pem is empty/],
    [
      'a directory lies where the key was',
      `rm ${archive}/privkey2.pem && mkdir ${archive}/privkey2.pem`,
      /the key \S+privkey\.pem is a directory/,
    ],
    [
      'everybody may read the key',
      `chmod 755 /etc/letsencrypt/archive && chmod 644 ${archive}/privkey2.pem`,
      /the key \S+privkey\.pem can be read by everybody on its host: chmod 600/,
    ],
    [
      'the key belongs to somebody else',
      `chown admin ${archive}/privkey2.pem`,
      /the key \S+privkey\.pem belongs to admin, who can read and replace it: chown root/,
    ],
    [
      'certificate and key are swapped',
      `cp ${archive}/fullchain2.pem /root/f && cp ${archive}/privkey2.pem ${archive}/fullchain2.pem && mv /root/f ${archive}/privkey2.pem`,
      /the key \S+ holds a certificate and no key.*the certificate file holds a private key and no certificate/,
    ],
  ];

  test.each(onServer)('%s', async (_what, spoil, says) => {
    await lab.sh('h1', spoil);
    expect(await refused()).toMatch(says);
  });

  test.each([
    [
      'the certificate itself',
      'leaf/cert.pem',
      /holds no CA certificate, only one for logs\.lab: put the root/,
    ],
    [
      'the intermediate',
      'leaf/chain.pem',
      /holds the intermediate .*LE1.*, not the root that issued it: put the root/,
    ],
    ['a key', 'leaf/privkey.pem', /the CA file holds a private key and no certificate/],
    ['an empty file', 'empty.pem', /the CA file is empty/],
  ])('the root to trust is %s', async (_what, name, says) => {
    await project.write('empty.pem', '');
    expect(await refused('-e', `log_root_file=${join(project.folder, name)}`)).toMatch(says);
  });

  test("the server's clock is off by more than the certificate allows", async () => {
    await lab.sh(
      'h1',
      'printf \'#!/bin/sh\\nexec /bin/date -d "2 days ago" "$@"\\n\' >/usr/local/bin/date; chmod 755 /usr/local/bin/date',
    );
    const said = await refused();
    expect(said).toMatch(
      /warning: h1: the host's clock is (2 d|1 d 23 h \d+ min)( \d+ min)? behind this machine's/,
    );
    expect(said).toMatch(
      /is valid from .*: now for this machine, but not for the host; .*: set the clock that is wrong/,
    );
  });

  test('once it is fixed the same run renews', async () => {
    const run = await project.run('apply', '-q');
    expect(run).toExitWith(0);
    expect(run.stderr).not.toContain('warning');
    expect(await project.served()).toBe(await project.fingerprint('h1', `${live}/cert.pem`));
  });
});
