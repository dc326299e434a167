import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AcmeServer } from '../helpers/lab/acme-server.ts';
import { bases } from '../helpers/lab/bases.ts';
import { trusting } from '../helpers/lab/certbot-project.ts';
import { HomeLabProject, ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { PlaybookFolder } from '../helpers/lab/playbook-folder.ts';
import type { CommandResult } from '../helpers/lab/process.ts';
import { morePackages } from '../helpers/lab/repository-packages.ts';
import { clients, nothingLost, RotationLab } from '../helpers/lab/rotation-lab.ts';
import { RotationSender, shortly } from '../helpers/lab/rotation-sender.ts';
import { named } from '../helpers/lab/run-events.ts';

const live = `/etc/letsencrypt/live/${serverName}`;
const hook = '/etc/letsencrypt/renewal-hooks/deploy/provision-log-server';
const record = '/var/lib/provision/log-server-renewal.json';
const acmeSh = `/root/.acme.sh/${serverName}_ecc`;

// As cron starts pip's certbot, and as snap's leaves its own libraries to what it runs.
const fromCron = `env -i PATH=/usr/bin:/bin RENEWED_LINEAGE=${live} ${hook}`;
const fromSnap = `env -i PATH=/snap/certbot/current/bin:/usr/bin LD_LIBRARY_PATH=/root/snap OPENSSL_CONF=/root/snap/none.cnf RENEWED_LINEAGE=${live} RENEWED_DOMAINS=${serverName} ${hook}`;
const renew = `${trusting} certbot renew --no-random-sleep-on-renew --force-renewal`;
const brokenLibraries =
  'mkdir -p /root/snap && for l in libssl libcrypto; do echo x >/root/snap/$l.so.3; done';

const oneLine = (run: CommandResult) => `${run.stdout}\n${run.stderr}`.replaceAll(/\s+/g, ' ');

describe('a renewed certificate is served although no control node is there', () => {
  let rotation: RotationLab;
  let lab: Lab;

  beforeAll(async () => {
    rotation = await RotationLab.open('bookworm', 'serverrenewal');
    lab = rotation.lab;
  });
  afterAll(() => rotation?.close());

  async function mustApply(): Promise<void> {
    const run = await rotation.project.run('apply', '-q');
    expect(run).toExitWith(0);
  }

  const noted = async () => JSON.parse(await lab.sh('h1', `cat ${record}`));
  const issued = () => rotation.project.fingerprint('h1', `${live}/cert.pem`);

  /**
   * The hook puts what is issued to use; gives what became of 20 lines a second of each client.
   * @param pause milliseconds after it: a client that was refused tries again after ten seconds
   */
  async function renews(command: string, pause: number): Promise<readonly string[]> {
    const before = await rotation.project.served();
    const work = async () => {
      const run = await lab.exec('h1', command);
      await new Promise((resolve) => setTimeout(resolve, pause));
      return run;
    };
    const { result, lines } = await rotation.whileLogging(work, clients, 20);
    expect(result, oneLine(result)).toMatchObject({ code: 0, stderr: '' });
    const served = await rotation.project.served();
    expect(served).not.toBe(before);
    expect(await noted()).toMatchObject({ state: 'done', fingerprint: served.replace(/^.*=/, '') });
    return lines;
  }

  /** Nothing is left to be done, and `provision certs` says who did it. */
  async function inOrder(): Promise<void> {
    // `certs` takes no lock.
    const [certs, run] = await Promise.all([rotation.project.run('certs'), rotation.project.events('apply')]);
    expect(certs).toExitWith(0);
    expect(oneLine(certs)).toMatch(/put to use by itself at \d{4}-\d\d-\d\dT[^ ]*Z: /);
    expect(run).toExitWith(0);
    expect(named(run, 'changed')).toEqual([]);
    expect(await rotation.project.troubled()).toEqual([]);
  }

  test('syslog with OpenSSL: rsyslogd is restarted in a quiet moment, and no line is lost', async () => {
    await rotation.renewServer();
    expect(await renews(fromCron, 12_000)).toEqual(nothingLost);
    expect(await noted()).toMatchObject({ did: 'restarted rsyslogd', domains: [serverName] });
    expect(await lab.sh('h1', `stat -L -c '%U:%G %a' ${ownCertificate}/*`)).toBe(
      'root:root 644\nroot:root 600\n',
    );
    await inOrder();
  });

  describe('where connections cannot be reset, and clients try again each second', () => {
    // In the place of ss: it cannot reset, as with a kernel that lacks this, or it is the moment at which the hook is killed.
    const instead = (script: string) =>
      `mv /usr/bin/ss /root/ss && printf '%s\\n' '#!/bin/sh' '${script}' 'exec /root/ss "$@"' >/usr/bin/ss && chmod 755 /usr/bin/ss`;
    const backAgain = 'mv -f /root/ss /usr/bin/ss';

    beforeAll(async () => {
      await rotation.set({ rsyslog_client_resume_interval: 1 });
      await mustApply();
    });

    test.each([
      ['there is no ss', 'mv /usr/bin/ss /root/ss'],
      [
        'the kernel cannot reset connections',
        instead('[ "$1" != -K ] || { echo "RTNETLINK answers: Operation not supported" >&2; exit 0; }'),
      ],
    ])('%s: a plain restart, after which everything arrives', async (_what, without) => {
      await lab.sh('h1', without);
      await rotation.renewServer();
      const lines = await renews(fromCron, 3_000);
      await lab.sh('h1', backAgain);
      // The lines of a moment, which a client writes to a server that has just ended.
      for (const line of lines) expect(line).toMatch(/^h\d: ([0-5]?\d) lost.*, 0 doubled, 0 never logged$/);
      expect(await noted()).toMatchObject({ did: 'restarted rsyslogd' });
      await inOrder();
    });

    test.each([
      [
        'connections are to be reset: it goes on, no line is lost, and the next run does the rest',
        '[ "$1" != -K ] || { kill -9 "$PPID"; exit 0; }',
        false,
      ],
      [
        'its port was closed: it is started again, and no line is lost',
        'case "$*" in *listening*) /root/ss "$@"; kill -9 "$PPID"; exit 0 ;; esac',
        true,
      ],
    ])('the hook is killed while rsyslogd is stopped and %s', async (_when, script, anew) => {
      await lab.sh('h1', instead(script));
      await rotation.renewServer();
      const before = await rotation.project.served();
      const work = async () => {
        const run = await lab.exec(
          'h1',
          `${fromCron}; grep -h ^State "/proc/$(systemctl show -p MainPID --value rsyslog)/status"`,
        );
        await new Promise((resolve) => setTimeout(resolve, 11_000));
        return run;
      };
      const { result, lines } = await rotation.whileLogging(work, clients, 20);
      await lab.sh('h1', backAgain);
      expect(result.stdout).toContain('T (stopped)');
      // Whose connection was reset while it sent sends that again.
      expect(lines.map((line) => (anew ? line.replace(/\d+ doubled[^,]*/, '0 doubled') : line))).toEqual(
        nothingLost,
      );
      expect(await rotation.project.served()).toBe(anew ? await issued() : before);
      const certs = await rotation.project.run('certs');
      expect(certs).toExitWith(2);
      expect(oneLine(certs)).toContain('putting it to use was cut off on');
      await mustApply();
      expect(await rotation.project.served()).toBe(await issued());
      expect(await rotation.project.troubled()).toEqual([]);
    });
  });

  test("snap's libraries are left alone, and another certificate's renewal too", async () => {
    await lab.sh('h1', brokenLibraries);
    await rotation.renewServer();
    const before = await rotation.project.served();
    const other = await lab.exec('h1', `env RENEWED_LINEAGE=/etc/letsencrypt/live/other.lab ${hook}`);
    expect(other).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await rotation.project.served()).toBe(before);
    expect(await lab.exec('h1', fromSnap)).toExitWith(0);
    expect(await rotation.project.served()).toBe(await issued());
    expect(await lab.exec('h1', fromSnap)).toExitWith(0);
    expect((await noted()).did).toBe('it was in use already');
  });

  test.each([
    ['it is expired', ['--expired'], serverName, 'clients would not trust it: certificate has expired'],
    ['it is for clients only', ['--client'], serverName, 'clients would not trust it: un'],
    ['its names changed', [], 'other.lab', `it is not for ${serverName}`],
  ] as const)('nothing is put to use: %s', async (_what, options, name, reason) => {
    const served = await rotation.project.served();
    const folder = join(rotation.project.folder, `bad-${name}${options.join('')}`);
    await rotation.project.authority.issue(folder, [name], ...options);
    await putAside(folder);
    const run = await lab.exec('h1', fromCron);
    expect(run).toExitWith(1);
    expect(run.stderr).toContain(reason);
    expect(await rotation.project.served()).toBe(served);
    expect(await noted()).toMatchObject({ state: 'failed', reason: expect.stringContaining(reason) });
    expect(oneLine(await rotation.project.run('certs'))).toContain('it was not put to use on');
    await lab.sh('h1', `rm -rf /etc/letsencrypt && cp -a /root/letsencrypt /etc/letsencrypt`);
  });

  /** Files of the control machine in the place of what certbot has, which is kept. */
  async function putAside(folder: string): Promise<void> {
    await lab.sh('h1', 'rm -rf /root/letsencrypt && cp -a /etc/letsencrypt /root/letsencrypt');
    for (const file of ['fullchain.pem', 'privkey.pem']) {
      const { stdout } = await lab.ctl(['cat', join(folder, file)]);
      await lab.sh('h1', `cat >${live}/${file}`, { input: stdout });
    }
  }

  test('the key is of another certificate, or rsyslog would not start: nothing is put to use', async () => {
    await rotation.renewServer();
    const served = await rotation.project.served();
    await lab.sh(
      'h1',
      `cp ${live}/privkey.pem /root/key && openssl genpkey -quiet -algorithm ed25519 -out /root/other 2>/dev/null || openssl genpkey -algorithm ed25519 -out /root/other; cat /root/other >${live}/privkey.pem`,
    );
    expect((await lab.exec('h1', fromCron)).stderr).toContain('key and certificate do not belong together');
    await lab.sh('h1', `cat /root/key >${live}/privkey.pem; echo '}' >/etc/rsyslog.d/99-broken.conf`);
    expect((await lab.exec('h1', fromCron)).stderr).toContain('the configuration of rsyslog is not valid');
    expect(await rotation.project.served()).toBe(served);
    expect(await rotation.shown('h1')).toBe(served);
    await lab.sh('h1', 'rm /etc/rsyslog.d/99-broken.conf');
  });

  test('what the port does not serve is taken back', async () => {
    const served = await rotation.project.served();
    // The address at which this copy of the hook asks is nobody's: nothing can be served there. It asks for a shorter time, too.
    const run = await lab.exec(
      'h1',
      `sed "s/127\\.0\\.0\\.1/198.18.9.8/; s/serves 15/serves 1/" ${hook} >/root/hook && RENEWED_LINEAGE=${live} sh /root/hook`,
    );
    expect(run).toExitWith(1);
    expect(run.stderr).toContain(
      'did not serve it within 15 s (restarted rsyslogd); the one before is in use again',
    );
    expect(await rotation.project.served()).toBe(served);
    expect(await rotation.shown('h1')).toBe(served);
  });

  test('nothing more fits on the disk: the one before stays in use, and the same renewal works when there is space', async () => {
    await rotation.renewServer();
    const served = await rotation.project.served();
    await lab.fault('h1', 'full');
    const run = await lab.exec('h1', fromCron);
    await lab.fault('h1', 'unfull');
    expect(run).toExitWith(1);
    expect(run.stderr).toContain('provision: the log server goes on with its present certificate: ');
    expect(run.stderr).toMatch(/cannot be written|No space left on device/);
    expect(await rotation.project.served()).toBe(served);
    expect(await rotation.shown('h1')).toBe(served);
    expect(
      await lab.sh('h1', `cd ${ownCertificate}/.. && ls -A | grep -v '^[0-9]*T[0-9]*Z$'; ls /run/provision`),
    ).toBe('current\n');
    expect(await lab.exec('h1', fromCron)).toExitWith(0);
    expect(await rotation.project.served()).toBe(await issued());
  });

  test('a run of provision has the host: the hook waits for it', async () => {
    const begin =
      'mkdir -p /run/provision; sleep 4 & p=$!; s=$(sed "s/.*) //" /proc/$p/stat | cut -d" " -f20); printf "%s %s\\nsomebody\\nrun\\nx:1:1\\n" $p $s >/run/provision/holder';
    const run = await lab.exec('h1', `${begin}; date +%s; ${fromCron}; date +%s; ls /run/provision`);
    const [from, to, ...left] = run.stdout.trim().split('\n');
    expect(Number(to) - Number(from)).toBeGreaterThanOrEqual(3);
    expect(left).toEqual([]);
    expect(await rotation.project.served()).toBe(await issued());
    await inOrder();
  });

  test('with RELP nothing is lost, and nothing is restarted with OpenSSL', async () => {
    await rotation.set({ log_transport: 'relp' });
    await mustApply();
    await rotation.renewServer();
    const lines = await renews(fromCron, 1_000);
    expect(lines.map((line) => line.replace(/, .*/, ''))).toEqual(clients.map((host) => `${host}: 0 lost`));
    expect((await noted()).did).toContain('no restart');
    await inOrder();
  });

  test('clients that know the server by its fingerprint must learn the next one first: no hook', async () => {
    await rotation.set({ log_transport: null, log_driver: 'gtls', log_authentication: 'fingerprint' });
    await mustApply();
    expect(await lab.exec('h1', `test -e ${hook}`)).toExitWith(1);
  });

  test('by its name it is there again; with GnuTLS nothing is lost, and nothing is restarted', async () => {
    await rotation.set({ log_authentication: null });
    await mustApply();
    expect(await lab.exec('h1', `test -x ${hook}`)).toExitWith(0);
    await rotation.renewServer();
    expect(await renews(fromCron, 1_000)).toEqual(nothingLost);
    expect((await noted()).did).toContain('no restart');
    await inOrder();
  });

  test('acme.sh runs it as its renew hook; a hook that is there stays', async () => {
    const conf = `${acmeSh}/${serverName}.conf`;
    await lab.sh(
      'h1',
      `mkdir -p ${acmeSh}; cp -L ${live}/fullchain.pem ${acmeSh}/fullchain.cer; cp -L ${live}/privkey.pem ${acmeSh}/${serverName}.key; printf "%s\\n" "Le_Domain='${serverName}'" "Le_RenewHook=''" >${conf}`,
    );
    const files = {
      log_certificate_file: `${acmeSh}/fullchain.cer`,
      log_certificate_key_file: `${acmeSh}/${serverName}.key`,
    };
    await rotation.set(files);
    await mustApply();
    expect(await lab.sh('h1', `cat ${conf}`)).toBe(
      `Le_Domain='${serverName}'\nLe_RenewHook='/usr/local/sbin/provision-log-renewed'\n`,
    );
    await rotation.renewServer();
    await lab.sh(
      'h1',
      `cat ${live}/fullchain.pem >${acmeSh}/fullchain.cer; cat ${live}/privkey.pem >${acmeSh}/${serverName}.key`,
    );
    await lab.sh('h1', `. ${conf}; cd ${acmeSh} && eval "$Le_RenewHook"`);
    expect(await rotation.project.served()).toBe(await issued());
    await inOrder();
    await lab.sh(
      'h1',
      `sed -i "s/^Le_RenewHook=.*/Le_RenewHook='__ACME_BASE64__START_$(printf 'echo mine' | base64)__ACME_BASE64__END_'/" ${conf}`,
    );
    const run = await rotation.project.run('apply');
    expect(oneLine(run)).toContain('acme.sh runs a hook of yours');
    expect(await lab.sh('h1', `cat ${conf}`)).toContain('__ACME_BASE64__');
  });
});

describe.each(bases('trixie', 'ubuntuish'))('a renewed certificate is served on %s', (base) => {
  let rotation: RotationLab;

  beforeAll(async () => {
    rotation = await RotationLab.open(base, 'serverbases', { rsyslog_client_resume_interval: 1 });
  });
  afterAll(() => rotation?.close());

  // Whose connection is reset while it sends some lines at once sends all of them again.
  test('by the user of its rsyslogd, without a line that is lost', async () => {
    const { lab, project } = rotation;
    await rotation.renewServer();
    const before = await project.served();
    const work = async () => {
      const run = await lab.exec('h1', fromCron);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      return run;
    };
    const { result, lines } = await rotation.whileLogging(work, clients, 20);
    expect(result, oneLine(result)).toMatchObject({ code: 0, stderr: '' });
    for (const line of lines) expect(line).toMatch(/^h\d: 0 lost, \d\d? doubled.*, 0 never logged$/);
    const served = await project.served();
    expect(served).not.toBe(before);
    expect(served).toBe(await project.fingerprint('h1', `${live}/cert.pem`));
    expect(named(await project.events('apply'), 'changed')).toEqual([]);
  });
});

describe.each(bases('bookworm'))('the real certbot renews on %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;
  let folder: PlaybookFolder;

  beforeAll(async () => {
    lab = await Lab.up(2, base, 'serveracme', morePackages);
    folder = await PlaybookFolder.open(lab, ['h1']);
    const acme = await AcmeServer.start(lab, 'h2', folder.path);
    await folder.write('site.yml', '- {hosts: all, roles: [certbot]}\n');
    const variables = {
      certbot_domains: [serverName],
      certbot_agree_tos: true,
      certbot_server: acme.directory,
      certbot_server_ca: acme.ca,
    };
    const got = await folder.apply('site.yml', '-q', '-e', JSON.stringify(variables));
    if (got.code !== 0) throw new Error(oneLine(got));
    project = await HomeLabProject.open(lab, false);
    await writeFile(project.authority.root, await acme.root());
    const hosts = {
      log_server: { hosts: { h1: null }, vars: { log_certificate_source: 'host' } },
      log_clients: { hosts: { h2: null } },
    };
    await project.write(
      'inventory.yml',
      JSON.stringify({ all: { vars: { log_server_name: serverName }, children: hosts } }),
    );
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
    await folder?.close();
  });

  test('and the log server serves the new certificate at once; an apply has nothing to do', async () => {
    const run = await project.run('apply', '-q');
    expect(run).toExitWith(0);
    const before = await project.served();
    await lab.sh('h1', renew);
    const served = await project.served();
    expect(served).not.toBe(before);
    expect(served).toBe(await project.fingerprint('h1', `${live}/cert.pem`));
    expect(await project.delivers('h2', 'after the renewal')).toBe(true);
    expect(named(await project.events('apply'), 'changed')).toEqual([]);
    expect(await project.run('certs')).toExitWith(0);
  });

  test('and nginx before the log server is reloaded: it serves the new certificate, and no line is lost', async () => {
    const behind = ['-e', 'rsyslog_server_proxy=nginx', '-e', 'rsyslog_server_plain_port=10514'];
    expect(await project.run('apply', '-q', ...behind)).toExitWith(0);
    const before = await project.served();
    const daemons = 'cat /run/nginx.pid; pidof rsyslogd';
    const running = await lab.sh('h1', daemons);
    const sender = await RotationSender.start(lab, ['h2'], 'reloaded');
    await lab.sh('h1', renew);
    expect(shortly(await sender.stop('h1'))).toEqual(['h2: 0 lost, 0 doubled, 0 never logged']);
    const served = await project.served();
    expect(served).not.toBe(before);
    expect(served).toBe(await project.fingerprint('h1', `${live}/cert.pem`));
    expect(await lab.sh('h1', daemons)).toBe(running);
    expect(named(await project.events('apply', ...behind), 'changed')).toEqual([]);
    expect(await project.run('certs', ...behind)).toExitWith(0);
  });
});
