import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import type { CommandResult } from '../helpers/lab/process.ts';
import { RotationSender, shortly } from '../helpers/lab/rotation-sender.ts';

const live = `/etc/letsencrypt/live/${serverName}`;
const server = '/etc/rsyslog.d/10-remote.conf';
const client = '/etc/rsyslog.d/50-forward.conf';
const aside = '/var/lib/provision/log-taken-over';
const drivers = `global(
  DefaultNetstreamDriver="ossl"
  DefaultNetstreamDriverCAFile="/etc/ssl/certs/ca-of-the-seed.pem"
  DefaultNetstreamDriverCertFile="${live}/fullchain.pem"
  DefaultNetstreamDriverKeyFile="${live}/privkey.pem"
)`;

// What the author of the first request has in the end: one certificate for all, known by its fingerprint. Only the resumeInterval was 30.
const seedServer = (fingerprint: string) => `${drivers}
ruleset(name="remote") { action(type="omfile" file="/var/log/remote-old.log") }
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.Authmode="x509/fingerprint" PermittedPeer=["${fingerprint}"])
input(type="imtcp" port="514" address="198.18.0.1" ruleset="remote")
module(load="imudp")
input(type="imudp" port="514" address="198.18.0.1" ruleset="remote")
`;
const seedClient = (fingerprint: string) => `${drivers.replace('\n)', '\n  preserveFQDN="off"\n)')}
*.* action(type="omfwd" queue.type="LinkedList" queue.filename="old_fwd" action.resumeInterval="5" action.resumeRetryCount="-1"
  queue.spoolDirectory="/var/lib/rsyslog" queue.saveonshutdown="on" target="198.18.0.1" Port="514" Protocol="tcp"
  StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/fingerprint" StreamDriverPermittedPeers="${fingerprint}")
`;

const install =
  'apt-get -qq update && apt-get -qqy install rsyslog rsyslog-openssl rsyslog-gnutls ca-certificates >/dev/null 2>&1; rsyslogd -v >/dev/null';
const moving = ['-e', 'log_take_over=true', '-e', 'rsyslog_server_udp=true'];

describe.each(bases('bookworm'))('a hand-made setup is taken over on %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;
  let fingerprint: string;

  beforeAll(async () => {
    lab = await Lab.up(3, base, `takeover${base}`);
    project = await HomeLabProject.open(lab, false);
    await project.authority.certbot(lab, 'h1', [serverName], '--both');
    await Promise.all(['h1', 'h2', 'h3'].map((host) => lab.sh(host, install)));
    const copied = await lab.sh('h1', `tar -czh -C / etc/letsencrypt/live | base64 -w0`);
    const shown = await lab.sh('h1', `openssl x509 -in ${live}/cert.pem -noout -fingerprint -sha1`);
    fingerprint = `SHA1:${shown.trim().replace(/.*=/, '')}`;
    const root = await readFile(project.authority.root, 'utf8');
    await Promise.all(
      ['h1', 'h2', 'h3'].map((host) =>
        lab.sh(host, `cat >/etc/ssl/certs/ca-of-the-seed.pem`, { input: root }),
      ),
    );
    await lab.sh('h1', `cat >${server} && systemctl restart rsyslog`, {
      input: seedServer(fingerprint),
    });
    await Promise.all(
      ['h2', 'h3'].map(async (host) => {
        await lab.sh(host, `base64 -d | tar -xz -C / && mkdir -p /var/lib/rsyslog`, {
          input: copied,
        });
        // As the seed does where rsyslogd has a user of its own.
        if (base === 'ubuntuish')
          await lab.sh(
            host,
            'chown -R syslog /etc/letsencrypt /var/lib/rsyslog; chmod 755 /etc/letsencrypt/live',
          );
        // The end of the first request's own file has one brace too many.
        const stray = host === 'h3' ? '}\n' : '';
        await lab.sh(host, `cat >${client} && systemctl restart rsyslog`, {
          input: seedClient(fingerprint) + stray,
        });
      }),
    );
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  const said = ({ stdout, stderr }: CommandResult) => `${stdout}${stderr}`.replace(/\s+/g, ' ');
  const configuration = (host: string) => lab.sh(host, 'cd /etc/rsyslog.d && ls *.conf');
  const listening = "ss -Hltnup | grep rsyslogd | sed -E 's/^(...) .*[:](514|6514) .*/\\1 \\2/' | sort -u";

  test('a plan shows what is moved, and refuses what would end', async () => {
    const refused = await project.run('plan', '-e', 'log_take_over=true');
    expect(refused).toExitWith(2);
    expect(said(refused)).toContain(
      `${server}:11 receives on UDP port 514, which is not encrypted, and log_take_over would end that`,
    );
    expect(said(refused)).toContain('set rsyslog_server_udp: true for devices that cannot do TLS');
    const plan = await project.run('plan', ...moving);
    expect(plan).toExitWith(0);
    expect(said(plan)).toContain(
      `${server}: receives on TCP port 514, receives on UDP port 514, loads imtcp, loads imudp -> set aside in ${aside}`,
    );
    expect(said(plan)).toContain(`${client}: sends to 198.18.0.1:514 -> set aside in ${aside}`);
    const warned = plan.stderr.replace(/\s+/g, ' ');
    expect(warned).toContain(
      `h1 receives already, and that is taken over: ${server}:9 on TCP port 514, ${server}:11 on UDP port 514. It is served until h2, h3 send to port 6514`,
    );
    expect(warned).toContain(`h2 sends to h1 already, and that is taken over: ${client}:`);
    expect(await configuration('h1')).toContain('10-remote.conf\n');
  });

  test('one apply moves all of it, and not a line is lost', async () => {
    const sender = await RotationSender.start(lab, ['h2', 'h3'], 'moving');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const run = await project.run('apply', ...moving);
    const tallies = shortly(await sender.stop('h1', '/var/log/remote-old.log'));
    expect(run).toExitWith(0);
    expect(tallies).toEqual(['h2', 'h3'].map((host) => `${host}: 0 lost, 0 doubled, 0 never logged`));
    expect(said(run)).toContain(`Set aside in ${aside} of each host: h2:${client} (sends to 198.18.0.1:514)`);
    expect(await configuration('h1')).toBe('10-provision-tls-server.conf\n');
    for (const host of ['h2', 'h3'])
      expect(await configuration(host)).toBe('05-provision-journal.conf\n10-provision-tls-client.conf\n');
    expect(await lab.sh('h1', listening)).toBe('tcp 6514\nudp 514\n');
    expect(await lab.sh('h1', `cat ${aside}${server}`)).toBe(seedServer(fingerprint));
    expect(await lab.sh('h2', `cat ${aside}${client}`)).toBe(seedClient(fingerprint));
    await lab.sh('h3', 'logger -n 198.18.0.1 -P 514 -d -- by-udp');
    await expect.poll(() => project.stored('h3'), { timeout: 10_000 }).toContain('by-udp');
  });

  test('again, nothing is changed', async () => {
    const run = await project.run('apply', ...moving);
    expect(run).toExitWith(0);
    expect(said(run)).toMatch(/^.*\b0 changed/);
    expect(run.stderr).not.toContain('taken over');
  });

  test('what waits in the queue of what is moved is sent, and a file can be left alone', async () => {
    const kept = '/etc/rsyslog.d/20-plain.conf';
    const again = `if $programname == "again" then action(type="omfwd" target="198.18.0.1" port="1514" protocol="tcp"
  queue.type="LinkedList" queue.filename="again" queue.saveOnShutdown="on" action.resumeRetryCount="-1" action.resumeInterval="300")\n`;
    await lab.sh('h2', 'cat >/etc/rsyslog.d/60-again.conf && systemctl restart rsyslog', { input: again });
    await lab.sh('h2', 'for n in $(seq 20); do logger -t again -- waits $n.; done; sleep 1');
    const plain = `ruleset(name="plain") { action(type="omfile" file="/var/log/plain.log") }
input(type="imtcp" port="1514" ruleset="plain")\n`;
    await lab.sh('h1', `cat >${kept} && systemctl restart rsyslog`, { input: plain });
    const run = await project.run('apply', ...moving, '-e', JSON.stringify({ log_take_over_keep: [kept] }));
    expect(run).toExitWith(0);
    expect(await lab.sh('h1', "grep -o 'waits [0-9]*' /var/log/plain.log | sort -u | wc -l")).toBe('20\n');
    expect(await lab.sh('h2', `find ${aside} -type f | sort; ls /var/spool/rsyslog`)).toBe(
      `${aside}${client}\n${aside}/etc/rsyslog.d/60-again.conf\nprovision-journal.state\n`,
    );
  });

  const left =
    "find / -xdev ! -path '/proc/*' ! -path '/var/log/journal/*' ! -path '/run/*' ! -path '/usr/lib/*' ! -path /var/lib/provision -name '*provision*'; ls -d /etc/ansible /etc/systemd/journald.conf.d 2>/dev/null; grep -rh provision /etc/rsyslog.conf /etc/rsyslog.d | grep -v 'a brace too many'";

  test('uninstall shows what it would do, and asks', async () => {
    await lab.sh('h2', `rm ${aside}/etc/rsyslog.d/60-again.conf`);
    await lab.sh('h1', 'rm /etc/rsyslog.d/20-plain.conf');
    const plan = await project.run('uninstall', '-C');
    expect(plan).toExitWith(0);
    expect(said(plan)).toContain(`${client}: set aside in ${aside} -> in use again`);
    expect(said(plan)).toContain(`${server}: set aside in ${aside} -> in use again`);
    const asked = await project.run('uninstall');
    expect(asked).toExitWith(1);
    expect(said(asked)).toContain('add --yes to do it');
    expect(await configuration('h1')).toBe('10-provision-tls-server.conf\n');
  });

  test('uninstall leaves nothing behind, and what was there before works again', async () => {
    const run = await project.run('uninstall', '--yes');
    expect(run).toExitWith(0);
    expect(await lab.sh('h1', `cat ${server}`)).toBe(seedServer(fingerprint));
    expect(await lab.sh('h2', `cat ${client}`)).toBe(seedClient(fingerprint));
    for (const host of ['h1', 'h2', 'h3']) expect((await lab.exec(host, left)).stdout).toBe('');
    expect(await lab.sh('h1', listening)).toBe('tcp 514\nudp 514\n');
    expect(await lab.sh('h1', 'ls /var/log/remote')).toContain('h2\nh3\n');
    for (const host of ['h2', 'h3']) await lab.sh(host, `logger -t after -- uninstalled on ${host}`);
    const old = () => lab.sh('h1', 'cat /var/log/remote-old.log');
    // The old port was not there yet when the old forwarders came back: they wait their own resumeInterval.
    await expect.poll(old, { timeout: 60_000, interval: 500 }).toContain('uninstalled on h2');
    await expect.poll(old, { timeout: 60_000, interval: 500 }).toContain('uninstalled on h3');
  });

  test('twice changes nothing; a fresh apply takes over once more, and serves the old port while another sends to it', async () => {
    const again = await project.run('uninstall', '--yes');
    expect(again).toExitWith(0);
    expect(said(again)).toMatch(/^.*\b0 changed/);
    // A device that no inventory knows, and that comes back after a restart of the server.
    const device = `openssl s_client -quiet -connect 198.18.0.1:514 -cert ${live}/fullchain.pem -key ${live}/privkey.pem -cert_chain ${live}/chain.pem`;
    await lab.sh(
      'h1',
      `mkfifo /run/device && systemd-run -q --unit=device sh -c 'exec 3<>/run/device; while :; do ${device} <&3; sleep 0.2; done'`,
    );
    const served = await project.run('apply', ...moving);
    expect(served).toExitWith(0);
    expect(said(served)).toContain(
      '198.18.0.1 still sends to 514 of h1 in the old way, so it is served on. Add that host to log_clients, or end what sends there',
    );
    expect(await lab.sh('h1', listening)).toBe('tcp 514\ntcp 6514\nudp 514\n');
    await lab.sh('h1', 'systemctl stop device');
    const run = await project.run('apply', ...moving);
    expect(run).toExitWith(0);
    expect(await lab.sh('h1', listening)).toBe('tcp 6514\nudp 514\n');
    expect(await configuration('h1')).toBe('10-provision-tls-server.conf\n');
    expect(await project.delivers('h2', 'after-it-all')).toBe(true);
  });
});
