import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';

const remote = '/etc/rsyslog.d/10-remote.conf';
const postfix = '/etc/rsyslog.d/postfix.conf';
const socket = '/var/spool/postfix/dev/log';

/** The first seed's own server file, as people have it: one certificate for all, known by its fingerprint. */
const seedServer = (fingerprint: string) => `global(
  DefaultNetstreamDriver="ossl"
  DefaultNetstreamDriverCAFile="/etc/ssl/certs/ca-of-the-seed.pem"
  DefaultNetstreamDriverCertFile="/etc/letsencrypt/live/${serverName}/fullchain.pem"
  DefaultNetstreamDriverKeyFile="/etc/letsencrypt/live/${serverName}/privkey.pem"
)
ruleset(name="remote") { action(type="omfile" file="/var/log/remote-old.log") }
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.Authmode="x509/fingerprint" PermittedPeer=["${fingerprint}"])
input(type="imtcp" port="514" address="198.18.0.1" ruleset="remote")
module(load="imudp")
input(type="imudp" port="514" address="198.18.0.1" ruleset="remote")
`;

const legacyServer = `$DefaultNetstreamDriver gtls
$DefaultNetstreamDriverCAFile /etc/ssl/certs/ca-of-the-seed.pem
$DefaultNetstreamDriverCertFile /etc/letsencrypt/live/${serverName}/fullchain.pem
$DefaultNetstreamDriverKeyFile /etc/letsencrypt/live/${serverName}/privkey.pem
$ModLoad imtcp
$InputTCPServerStreamDriverMode 1
$InputTCPServerStreamDriverAuthMode x509/certvalid
$InputTCPServerRun 514
`;

const drivers =
  'apt-get -qq update && apt-get -qqy install rsyslog rsyslog-openssl rsyslog-gnutls ca-certificates';
const modules =
  "tr ' ' '\\n' </proc/$(systemctl show -p MainPID --value rsyslog)/maps | grep -o 'im[a-z]*\\.so' | sort -u";
const selector = ['-e', 'rsyslog_client_selector=auth,authpriv.*'];
const listening = "ss -Hltnup | grep rsyslogd | sed -E 's/^(...) .*[:](514|6514) .*/\\1 \\2/' | sort -u";

describe.each(bases('bookworm'))('rsyslog as people have it, on %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;

  beforeAll(async () => {
    lab = await Lab.up(3, base, `handmade${base}`);
    project = await HomeLabProject.open(lab);
    await Promise.all(
      ['h1', 'h2', 'h3'].map((host) =>
        lab.sh(host, `${drivers} >/dev/null 2>&1; mkdir -p /etc/ssl/certs; rsyslogd -v >/dev/null`),
      ),
    );
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  async function applied(...args: readonly string[]): Promise<string> {
    const run = await project.run('apply', ...args);
    expect(run).toExitWith(0);
    return (run.stdout + run.stderr).replace(/\s+/g, ' ');
  }
  async function refused(...args: readonly string[]): Promise<string> {
    const run = await project.run('apply', ...args);
    expect(run).not.toExitWith(0);
    expect(run.stdout + run.stderr).not.toContain('Install rsyslog with TLS');
    return (run.stdout + run.stderr).replace(/\s+/g, ' ');
  }
  const write = (host: string, file: string, input: string) => lab.sh(host, `cat >${file}`, { input });
  const oldListener = async (line: string) => {
    await lab.sh('h3', `logger -n 198.18.0.1 -P 514 -d -- ${line}`);
    return (
      (
        await lab.exec(
          'h1',
          `timeout 10 sh -c 'until grep -qs ${line} /var/log/remote-old.log; do sleep 0.1; done'`,
        )
      ).code === 0
    );
  };

  test('a first apply works beside what is there, and names a second forwarder', async () => {
    const fingerprint = `SHA1:${(await lab.sh('h1', `openssl x509 -in /etc/letsencrypt/live/${serverName}/cert.pem -noout -fingerprint -sha1`)).trim().replace(/.*=/, '')}`;
    await lab.sh('h1', `cp /etc/letsencrypt/live/${serverName}/chain.pem /etc/ssl/certs/ca-of-the-seed.pem`);
    await write('h1', remote, seedServer(fingerprint));
    await lab.sh(
      'h2',
      `mkdir -p ${socket.replace('/log', '')} && printf '%s\\n' '$AddUnixListenSocket ${socket}' >${postfix}`,
    );
    // A module over several lines, another with a space, as a regular expression does not see them.
    await lab.sh(
      'h3',
      `sed -i -e 's/^module(load="imklog").*/module(\\n  load="imklog"\\n)/' -e 's/^module(load="imuxsock")/module( load="imuxsock")/' /etc/rsyslog.conf`,
    );
    await write('h3', '/etc/rsyslog.d/50-forward.conf', '*.* @198.18.0.1:514\n');
    await lab.sh('h1', 'systemctl restart rsyslog');
    const said = await applied();
    expect(said).toContain(
      'h3 sends its lines elsewhere too: /etc/rsyslog.d/50-forward.conf:1 to 198.18.0.1:514',
    );
    expect(await lab.sh('h1', listening)).toBe('tcp 514\ntcp 6514\nudp 514\n');
    expect(await oldListener('first')).toBe(true);
    expect(await lab.sh('h2', modules)).toBe('imjournal.so\nimuxsock.so\n');
    expect(await lab.sh('h3', modules)).toBe('imjournal.so\n');
    await lab.sh('h2', `logger -u ${socket} -- from-the-socket`);
    expect(await project.delivers('h2', 'from-the-journal')).toBe(true);
    await expect.poll(() => project.stored('h2'), { timeout: 10_000 }).toContain('from-the-socket');
    expect((await project.stored('h2')).match(/lab-test.*from-the-journal/g)).toHaveLength(1);
    await lab.sh('h3', 'rm /etc/rsyslog.d/50-forward.conf; systemctl restart rsyslog');
    expect(await applied()).toMatch(/^.*\b0 changed/);
  });

  test('a package that comes and goes after a good apply is seen and named', async () => {
    await write('h3', '/etc/rsyslog.d/49-haproxy.conf', `$AddUnixListenSocket ${socket}\n`);
    await lab.sh('h3', `mkdir -p ${socket.replace('/log', '')}; systemctl restart rsyslog`);
    const plan = await project.run('plan');
    expect(plan.stdout).toMatch(
      /imuxsock: not loaded -> loaded for \/etc\/rsyslog\.d\/49-haproxy\.conf:1 only/,
    );
    await applied();
    await lab.sh('h3', `logger -u ${socket} -- from-haproxy`);
    await expect.poll(() => project.stored('h3'), { timeout: 10_000 }).toContain('from-haproxy');
    await lab.sh('h3', 'rm /etc/rsyslog.d/49-haproxy.conf');
    await applied();
    expect(await lab.sh('h3', modules)).toBe('imjournal.so\n');
  });

  test('the other listener goes on whatever its file is called, and in the old language', async () => {
    await lab.sh('h1', `mv ${remote} /etc/rsyslog.d/05-remote.conf`);
    await applied();
    expect(await lab.sh('h1', 'ls /etc/rsyslog.d/*-provision-tls-server.conf')).toBe(
      '/etc/rsyslog.d/10-provision-tls-server.conf\n',
    );
    expect(await lab.sh('h1', listening)).toBe('tcp 514\ntcp 6514\nudp 514\n');
    expect(await oldListener('second')).toBe(true);
    await write('h1', remote, legacyServer);
    await lab.sh('h1', 'rm /etc/rsyslog.d/05-remote.conf');
    await applied();
    expect(await lab.sh('h1', 'ls /etc/rsyslog.d/*-provision-tls-server.conf')).toBe(
      '/etc/rsyslog.d/zz-provision-tls-server.conf\n',
    );
    expect(await lab.sh('h1', listening)).toBe('tcp 514\ntcp 6514\n');
    await lab.sh(
      'h1',
      `rm ${remote}; sed -i 's/^#module(load="im\\(tcp\\|udp\\)")/module(load="im\\1")/; s/^#input(type="im\\(tcp\\|udp\\)" port="514")/input(type="im\\1" port="514")/' /etc/rsyslog.conf`,
    );
    await applied();
    expect(await lab.sh('h1', listening)).toBe('tcp 514\ntcp 6514\nudp 514\n');
    expect(await applied()).toMatch(/^.*\b0 changed/);
  });

  test('what cannot work is refused before anything is changed, with its place', async () => {
    expect(await refused('-e', 'rsyslog_server_udp=true')).toMatch(
      /\/etc\/rsyslog\.conf:\d+ has rsyslogd listen on UDP port 514 already: set rsyslog_server_udp_port to another port/,
    );
    expect(await refused('-e', 'log_port=22')).toMatch(
      /TCP port 22 is taken by sshd: set log_port to another port/,
    );
    await write('h1', remote, '$AllowedSender TCP, 127.0.0.1, 198.18.0.2\n');
    const excluded = await refused();
    expect(excluded).toContain(
      `${remote}:1 lets in only the senders that it names ($AllowedSender), and not h3 (198.18.0.3)`,
    );
    expect(excluded).toContain('write $AllowedSender TCP, 127.0.0.1, 198.18.0.2, 198.18.0.3');
    await lab.sh('h1', `rm ${remote}`);
    await lab.sh('h1', `printf '%s\\n' 'module(load="imrelp")' >>/etc/rsyslog.conf`);
    expect(await refused('-e', 'log_transport=relp')).toMatch(
      /\/etc\/rsyslog\.conf:\d+ loads imrelp after the files of \/etc\/rsyslog\.d were read/,
    );
    await lab.sh('h1', `sed -i '$d' /etc/rsyslog.conf`);
    expect(await refused('-e', 'rsyslog_client_selector=kern.*')).toContain(
      'only lines of the kernel pass it',
    );
  });

  test('the proof passes a selector, and a renamed host', async () => {
    await applied(...selector);
    await lab.sh(
      'h2',
      'hostnamectl set-hostname renamed 2>/dev/null || { echo renamed >/etc/hostname; hostname renamed; }',
    );
    // Its own name comes first there: newer ones send the first of the line.
    await lab.sh('h2', "sed -i 's/^127.0.1.1[[:space:]]*/&renamed /' /etc/hosts");
    await applied(...selector);
    expect(await project.stored('renamed')).toContain('provision-verify');
  });

  test('a host whose rsyslogd has another name: under which name its line came', async () => {
    await lab.sh('h3', 'hostname other');
    const run = await project.run('apply', ...selector, '-e', 'log_verify_timeout=6');
    expect(run).not.toExitWith(0);
    expect((run.stdout + run.stderr).replace(/\s+/g, ' ')).toContain(
      "arrived under the name 'h3' instead of 'other': rsyslogd keeps the name",
    );
  });
});
