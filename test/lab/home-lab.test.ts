import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject, ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { type EventRun, named, recapOf, taskResults } from '../helpers/lab/run-events.ts';
import { changedPaths } from '../helpers/lab/snapshot-change.ts';

const hosts = ['h1', 'h2', 'h3'] as const;
const clients = ['h2', 'h3'] as const;
const certificateTask = 'Certificate that is on the host already';
const heldRestart = 'Restart rsyslog while the clients wait';
const arrival =
  /^(h[23]) -> h1: arrived (?:in|within) \d+ ms, TLSv1\.3, TLS_AES_256_GCM_SHA384, served certificate = deployed certificate$/gm;

// A restart may give the daemon a new private /tmp.
const restarted = /^(var\/)?tmp(\/systemd-private-\w+-rsyslog\.service-.*)?$/;
// On the server the new certificate comes, and in /var/lib a directory comes and goes that keeps what would be put back.
const renewed = /^(var\/lib|etc\/rsyslog\.d\/provision-tls\/own(\/.*)?)$/;

/** The main process of each host's rsyslogd. */
function daemons(lab: Lab): Promise<string[]> {
  return Promise.all(hosts.map((host) => lab.sh(host, 'systemctl show -p MainPID --value rsyslog')));
}

/** What the run said of holding, as `h1: Restart rsyslog: 2 hosts held for`. */
function holds(run: EventRun): readonly string[] {
  return taskResults(run).flatMap(({ host, name, message }) => {
    const [, said] = /^(\d+ hosts? held for) \d+\.\d\d s$/m.exec(message ?? '') ?? [];
    return said === undefined ? [] : `${host}: ${name}: ${said}`;
  });
}

function snapshots(lab: Lab): Promise<string[]> {
  return Promise.all(hosts.map((host) => lab.snapshot(host)));
}

/** Paths that changed on each host since, but for what rsyslogd itself keeps writing. */
async function changedSince(lab: Lab, before: readonly string[]): Promise<(readonly string[])[]> {
  return (await snapshots(lab)).map((now, n) => changedPaths(before[n] ?? '', now));
}

/** One line for each result, host by host, without what check mode cannot know. */
function resultList(run: EventRun): string[] {
  return hosts.flatMap((host) =>
    taskResults(run)
      .filter((result) => result.host === host)
      .map(({ task, item, status }) => `${host} ${task} ${item ?? ''}: ${status}`),
  );
}

/** The lines of a key that make it a secret, however it is cut. */
function secrets(pem: string): string[] {
  createPrivateKey(pem); // else these lines would prove nothing
  return pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
}

describe.each(bases('bookworm', 'trixie', 'ubuntuish'))('home-lab.yml on %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;
  let planned: EventRun;
  const said: string[] = [];

  beforeAll(async () => {
    lab = await Lab.up(3, base, 'homelab');
    project = await HomeLabProject.open(lab);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  test('plan shows all changes as diffs and changes nothing at all', async () => {
    const before = await snapshots(lab);
    const text = await project.run('plan', '--detailed-exitcode');
    expect(await snapshots(lab)).toEqual(before);
    expect(text).toExitWith(2);
    expect(text.stdout).toMatch(/^Plan: [1-9]\d* to change, \d+ unknown, \d+ ok on 3 hosts$/m);
    expect(text.stdout).toMatch(/package rsyslog(-openssl)?: absent -> installed/);
    for (const [name, line] of [
      ['server', 'PermittedPeer=["h2", "h3"]'],
      ['client', `StreamDriverPermittedPeers="${serverName}"`],
    ]) {
      const diff = text.stdout.split(`+++ /etc/rsyslog.d/10-provision-tls-${name}.conf`)[1] ?? '';
      expect(diff).toMatch(/^\s+@@ -0,0 \+1,\d+ @@$/m);
      expect(diff).toContain(line);
    }
    planned = await project.events('plan');
    expect(planned).toExitWith(0);
    expect(await snapshots(lab)).toEqual(before);
    for (const host of hosts) {
      const execs = recapOf(planned)[host];
      expect(execs).toMatchObject({ connections: 1, verifyExecs: 0, failed: 0, unreachable: false });
      // Facts, the look-ahead, and what restarts: of clients first for the new input, then for the forwarding.
      expect(execs?.execs).toBeLessThanOrEqual(host === 'h1' ? 3 : 4);
    }
    said.push(text.stdout, text.stderr, planned.stdout);
  });

  test('apply does what the plan said, and every client proves that its lines arrive', async () => {
    const applied = await project.events('apply', '--diff', '-v');
    said.push(applied.stdout, applied.stderr);
    expect(applied).toExitWith(0);
    const plan = resultList(planned);
    const done = resultList(applied);
    const key = (line: string) => line.replace(/: \w+$/, '');
    expect(done.map(key)).toEqual(plan.map(key));
    const wrong = plan.flatMap((line, index) => {
      const unknown = line.endsWith(': unknown');
      return unknown || line === done[index] ? [] : [`${line}, in truth ${done[index]}`];
    });
    // What this run itself did can be asked, and proven, only then: nothing else may be different from the plan.
    const later = [
      'h1 5.pre_tasks.1.log_rotation.1 :',
      ...clients.flatMap((host) => [
        `${host} 6.pre_tasks.1.log_rotation.1 :`,
        `${host} 6.roles.log_verify.2 :`,
        // Once for all: what is set up now.
        ...(host === 'h2' ? [`${host} 6.roles.log_verify.4 :`] : []),
      ]),
    ];
    expect(wrong).toEqual(later.map((task) => `${task} skipped, in truth ${task} ok`));
    expect(named(planned, 'changed').length).toBeGreaterThan(15);
    const messages = taskResults(applied).map(({ message }) => message ?? '');
    const proven = [...messages.join('\n').matchAll(arrival)].map(([, host]) => host);
    expect(proven.sort()).toEqual(clients);
    for (const host of clients) {
      expect(await project.delivers(host, `first line of ${host} on ${base}`)).toBe(true);
      expect(await project.stored(host)).toContain(`first line of ${host} on ${base}`);
    }
    expect(await project.served()).toBe(await project.fingerprint('h1', `${ownCertificate}/fullchain.pem`));
    expect(await project.troubled()).toEqual([]);
  });

  test('keys are readable by the daemon and nobody else, and are in no output', async () => {
    for (const host of hosts) {
      const user = (await lab.sh(host, 'ps -o user= -C rsyslogd')).trim();
      expect(user).toBe(base === 'ubuntuish' ? 'syslog' : 'root');
      const listed = await lab.sh(host, `stat -L -c '%U:%G %a' ${ownCertificate}/privkey.pem`);
      expect(listed.trim()).toBe(user === 'root' ? 'root:root 600' : `root:${user} 640`);
      const read = (who: string) =>
        lab.exec(
          host,
          `setpriv --reuid ${who} --regid ${who} --init-groups cat ${ownCertificate}/privkey.pem`,
        );
      const key = await read(user);
      expect(key).toExitWith(0);
      expect(await read('admin')).not.toExitWith(0);
      const loose = 'find /etc/rsyslog.d ! -type l -perm /022 -o -name "*.pem" ! -user root';
      expect(await lab.sh(host, loose)).toBe('');
      for (const secret of secrets(key.stdout)) {
        expect(said.filter((text) => text.includes(secret))).toEqual([]);
        const onControl = await lab.ctl(['grep', '-rlF', '-e', secret, project.folder, `${lab.folder}/home`]);
        expect(onControl).toMatchObject({ code: 1, stdout: '' });
      }
    }
    expect(await lab.sh('h1', 'find / -xdev -name ".provision*"')).toBe('');
  });

  test('a copy of the playbook of an earlier release changes nothing, in the same tasks', async () => {
    const today = await project.events('apply');
    const copy = await project.older('apply');
    expect(copy).toExitWith(0);
    expect(named(copy, 'changed')).toEqual([]);
    // Of its last phase, which was one file for both sides, each host still does what it does today.
    const narrowing = /^h\d [78]\./;
    const before = (run: EventRun) => resultList(run).filter((line) => !narrowing.test(line));
    expect(before(copy)).toEqual(before(today));
    const narrowed = (run: EventRun) =>
      taskResults(run)
        .filter(({ task, host, status }) => narrowing.test(`${host} ${task}`) && status !== 'skipped')
        .map(({ host, name, status }) => `${host} ${name}: ${status}`)
        .filter((line) => !line.includes(' Trust is narrowed: '))
        .toSorted();
    expect(narrowed(copy)).toEqual(narrowed(today));
    expect(narrowed(today)).toContain('h1 How far trust is narrowed: ok');
  });

  test('a second apply changes nothing, with 1 connection and 2 execs for each host', async () => {
    const before = await snapshots(lab);
    const text = await project.run('apply', '-v');
    expect(text).toExitWith(0);
    expect(text.stdout).toMatch(
      /^h1: 1 connection, 2 execs \(\+1 to verify\)\nh2, h3: 1 connection, 2 execs$/m,
    );
    expect(text.stdout).toMatch(/^0 changed on every host; /m);
    expect([...text.stdout.matchAll(arrival)].map(([, host]) => host).sort()).toEqual(clients);
    for (const host of hosts) {
      expect(text.stdout).toMatch(new RegExp(`^${host} +ok=\\d+ +changed=0 +skipped=\\d+ +failed=0 `, 'm'));
    }
    const run = await project.events('apply');
    expect(run).toExitWith(0);
    for (const host of hosts) {
      expect(recapOf(run)[host]).toMatchObject({ changed: 0, failed: 0, connections: 1, execs: 2 });
    }
    expect(await changedSince(lab, before)).toEqual([[], [], []]);
    const planAgain = await project.run('plan', '--detailed-exitcode');
    expect(planAgain).toExitWith(0);
  });

  test.each([
    ['', []],
    [', with --tags certificates', ['--tags', 'certificates']],
  ])(
    'a renewal deploys the new certificate, restarts the server, and changes nothing else%s',
    async (_how, tags) => {
      const old = await project.served();
      const running = await daemons(lab);
      await project.authority.renew(lab, 'h1', [serverName]);
      const before = await snapshots(lab);

      const plan = await project.run('plan', ...tags);
      expect(plan).toExitWith(0);
      const [, restart = ''] = plan.stdout.split(`* ${heldRestart} (handler)`);
      expect(restart).toMatch(/^ +h1\n +state: active -> restarted\n +held meanwhile: h2, h3\n/);
      expect(plan.stdout).toMatch(/^Plan: 3 to change, \d+ unknown, \d+ ok on 3 hosts$/m);
      expect(await changedSince(lab, before)).toEqual([[], [], []]);
      expect(await daemons(lab)).toEqual(running);
      expect(await project.served()).toBe(old);

      const run = await project.events('apply', ...tags);
      expect(run).toExitWith(0);
      const done = [certificateTask, 'Certificate changed', heldRestart];
      expect(named(run, 'changed')).toEqual(done.map((name) => `h1: ${name}`));
      expect(holds(run)).toEqual([`h1: ${heldRestart}: 2 hosts held for`]);
      const stray = (await changedSince(lab, before)).flatMap((paths, n) =>
        paths
          .filter((path) => !restarted.test(path) && !(n === 0 && renewed.test(path)))
          .map((path) => `${hosts[n]}: ${path}`),
      );
      expect(stray).toEqual([]);
      const issued = await project.fingerprint('h1', `/etc/letsencrypt/live/${serverName}/fullchain.pem`);
      expect(issued).not.toBe(old);
      expect(await project.fingerprint('h1', `${ownCertificate}/fullchain.pem`)).toBe(issued);
      expect(await project.served()).toBe(issued);
      // The server was restarted, and its clients were stopped meanwhile; all of them run again.
      const anew = await daemons(lab);
      expect(hosts.filter((_, n) => anew[n] === running[n])).toEqual([]);
      expect(await project.troubled()).toEqual([]);
      for (const host of clients)
        expect(await project.delivers(host, `after the renewal from ${host}, ${issued}`)).toBe(true);
      const again = await project.events('apply', ...tags);
      expect(named(again, 'changed')).toEqual([]);
      expect(holds(again)).toEqual([]);
      expect(again).toExitWith(0);
      expect(await daemons(lab)).toEqual(anew);
    },
  );

  test('a daemon that serves a certificate of before is restarted', async () => {
    const served = await project.served();
    await project.authority.renew(lab, 'h1', [serverName]);
    // What a run leaves that was cut off between the swap and the restart.
    await lab.sh(
      'h1',
      `cd /etc/rsyslog.d/provision-tls/own && new=20990101T000000Z && cp -a "$(readlink current)" $new &&
       cat /etc/letsencrypt/live/${serverName}/fullchain.pem >$new/fullchain.pem &&
       cat /etc/letsencrypt/live/${serverName}/privkey.pem >$new/privkey.pem && ln -sfn $new current`,
    );
    expect(await project.served()).toBe(served);
    const run = await project.events('apply');
    expect(run).toExitWith(0);
    expect(named(run, 'changed')).toEqual(['h1: rsyslog has read what lies on disk']);
    expect(holds(run)).toEqual(['h1: rsyslog has read what lies on disk: 2 hosts held for']);
    expect(await project.troubled()).toEqual([]);
    const issued = await project.fingerprint('h1', `/etc/letsencrypt/live/${serverName}/fullchain.pem`);
    expect(issued).not.toBe(served);
    expect(await project.served()).toBe(issued);
    for (const host of clients)
      expect(await project.delivers(host, `after the repair from ${host}`)).toBe(true);
    const again = await project.events('apply');
    expect(named(again, 'changed')).toEqual([]);
  });
});
