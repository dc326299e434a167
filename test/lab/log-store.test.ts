import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quote } from '../../src/shell/quote.ts';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject } from '../helpers/lab/home-lab-project.ts';
import { type Base, Lab } from '../helpers/lab/lab.ts';

const rotation = '/etc/logrotate.d/provision-tls-server';
const rotate = `logrotate -f ${rotation}`;
const set = (...settings: readonly string[]) => settings.flatMap((one) => ['-e', one]);

let lab: Lab;
let project: HomeLabProject;

async function open(base: Base): Promise<void> {
  lab = await Lab.up(3, base, `store${base}`);
  project = await HomeLabProject.open(lab);
  const first = await apply();
  expect(first.replace(/\s+/g, ' ')).toContain(
    'h1 receives the log of h2, h3: a line of each arrived in this run. Where: h1:/var/log/remote/NAME/syslog.log ' +
      'Read: ssh h1 sudo tail -F /var/log/remote/*/syslog.log Encrypted: the way to logs.lab:6514, TLS 1.2 or newer. ' +
      'In the clear: the files on h1. Next: ',
  );
}
async function close(): Promise<void> {
  await lab?.down();
  await project?.close();
}

let last: readonly string[] = [];

async function apply(...settings: readonly string[]): Promise<string> {
  last = set(...settings);
  const run = await project.run('apply', '-q', ...last);
  expect(run).toExitWith(0);
  return run.stdout;
}

/** Numbered lines of a host, some 200 a second, while something else is done; all of them are on their way in the end. */
async function numbered(host: string, tag: string, meanwhile: () => Promise<void>): Promise<void> {
  const script = `seq 1 1000 | while read -r n; do echo "${tag} $n"; sleep 0.004; done | logger -t ${tag}`;
  const sending = lab.sh(host, script);
  await meanwhile();
  await sending;
  expect(await project.delivers(host, `${tag} is over`)).toBe(true);
}

/** What lies on log server and client, but for received lines and how far rsyslogd has read the journal. */
async function besidesLines(): Promise<readonly string[]> {
  const all = await Promise.all(['h1', 'h2'].map((host) => lab.snapshot(host)));
  // A service of Debian 13 has a private /tmp, anew at each start.
  const changing = /^(var\/(log\/remote|spool\/rsyslog)[ /]|(var\/)?tmp( d |\/systemd-private)).*\n/gm;
  return all.map((text) => text.replace(changing, ''));
}

/** The numbers that are stored, in whatever file of that host, in order. */
async function stored(host: string, tag: string): Promise<readonly string[]> {
  const read = `zcat -f /var/log/remote/${host}/syslog.log* | sed -n 's/.* ${tag}[^ ]*: *${tag} \\([0-9]*\\)$/\\1/p' | sort -n`;
  return (await lab.sh('h1', read)).trim().split('\n');
}

const all = Array.from({ length: 1000 }, (_, index) => String(index + 1));

describe.each(bases('bookworm', 'trixie', 'ubuntuish'))('received files on %s', (base) => {
  beforeAll(() => open(base));
  afterAll(close);

  test('received files are rotated while lines arrive, none is lost, and the files are open anew', async () => {
    await numbered('h2', 'counted', async () => {
      for (let times = 0; times < 3; times++) await lab.sh('h1', `sleep 1.1; ${rotate}`);
    });
    expect(await stored('h2', 'counted')).toEqual(all);
    const files = await lab.sh('h1', 'cd /var/log/remote/h2; stat -c "%n %a %G" *');
    const lines = files.trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.filter((line) => /^syslog\.log-\d{8}-\d{6}\.gz 640 adm$/.test(line))).toHaveLength(2);
    expect(lines.filter((line) => /^syslog\.log-\d{8}-\d{6} 640 adm$/.test(line))).toHaveLength(1);
    const held = await lab.sh(
      'h1',
      'readlink /proc/$(pidof rsyslogd)/fd/* | grep /var/log/remote/ | sort -u',
    );
    expect(held.trim().split('\n')).not.toContainEqual(expect.stringMatching(/log-|deleted/));
  });

  test('what is older than the days to keep goes, also of a host that is gone; the next plan changes nothing', async () => {
    await lab.sh(
      'h1',
      `mkdir /var/log/remote/gone && cd /var/log/remote/gone && for age in 89 91; do
        echo old | gzip >syslog.log-20200101-0000$age.gz; touch -d "$age days ago" syslog.log-20200101-0000$age.gz; done
      touch -d '91 days ago' notes.txt; echo one more >>../h2/syslog.log; ${rotate}`,
    );
    expect((await lab.sh('h1', 'ls /var/log/remote/gone')).trim().split('\n')).toEqual([
      'notes.txt',
      'syslog.log-20200101-000089.gz',
    ]);
    const plan = await project.run('plan', '--detailed-exitcode');
    expect(plan).toExitWith(0);
  });

  test('a renamed host: rsyslogd is restarted and sends the new name; where /etc/hosts has the old one first, the run says so', async () => {
    const rename = (name: string, names: string) =>
      lab.sh(
        'h3',
        `hostnamectl set-hostname ${name} 2>/dev/null || { echo ${name} >/etc/hostname; hostname ${name}; }
        sed -i 's/^127\\.0\\.1\\.1.*/127.0.1.1 ${names}/' /etc/hosts`,
      );
    await rename('renamed', 'renamed h3');
    await apply();
    expect(await lab.sh('h1', 'cat /var/log/remote/renamed/syslog.log')).toMatch(
      / renamed provision-verify\[\d+\]: /,
    );
    await rename('other', 'renamed other');
    const run = await project.run('apply', '-e', 'log_verify_timeout=6');
    // Before 8.2504 rsyslogd asks for no name beyond the host's own.
    expect(run).toExitWith(base === 'trixie' ? 2 : 0);
    if (base === 'trixie')
      expect((run.stdout + run.stderr).replace(/\s+/g, ' ')).toContain(
        "arrived under the name 'renamed' instead of 'other': rsyslogd keeps the name that the host had at its start, and newer ones take the first name of its line in /etc/hosts. Put 'other' first there and restart rsyslog",
      );
    await rename('h3', 'h3');
    await apply();
  });

  // What rsyslogd makes of names does not depend on the base.
  if (bases('bookworm').includes(base))
    describe('names and forms of received files', () => {
      test('provision verify: a line of each client, in a moment, and nothing is changed', async () => {
        await lab.sh('h1', 'rm -rf /run/provision /var/lib/provision');
        const before = await besidesLines();
        const began = performance.now();
        const run = await project.run('verify');
        const took = performance.now() - began;
        expect(run).toExitWith(0);
        expect(run.stdout).toMatch(
          /^ok {6}h2 -> h1: arrived .*\nok {6}h3 -> h1: arrived .*\nthe lines of 2 hosts arrived; /,
        );
        expect(took).toBeLessThan(10_000);
        await lab.sh('h3', 'systemctl stop rsyslog');
        const broken = await project.run('verify', '--json', '-e', 'log_verify_timeout=2');
        await lab.sh('h3', 'systemctl start rsyslog');
        expect(broken).toExitWith(2);
        expect(JSON.parse(broken.stdout)).toMatchObject({
          type: 'verification',
          exitCode: 2,
          unreachable: [],
          clients: [
            {
              host: 'h2',
              arrived: true,
              tls: 'TLSv1.3',
              fingerprint: expect.stringMatching(/^[0-9A-F:]{95}$/),
            },
            { host: 'h3', arrived: false, message: expect.stringContaining('did not arrive within 2 s') },
          ],
        });
        expect(await besidesLines()).toEqual(before);
      });

      test('provision status: one screen and one connection say whether all is well, and nothing is changed', async () => {
        const before = await besidesLines();
        const well = await project.run('status');
        expect(well).toExitWith(0);
        expect(well.stdout).toMatch(/^h1 +active +\d+ days .* in the clear$/m);
        expect(well.stdout).toMatch(
          /^h2 +\d+ s +TLSv1\.3 +- +\d+ days .*\nh3 .*\n\nhealthy: 2 log clients, 1 log server; /m,
        );
        await lab.sh('h2', 'systemctl stop syslog.socket rsyslog');
        await lab.sh('h3', 'echo queued >/var/spool/rsyslog/provision_forward.00000001');
        const ill = await project.run('status', '--json');
        await lab.sh('h2', 'systemctl start rsyslog');
        await lab.sh('h3', 'rm /var/spool/rsyslog/provision_forward.00000001');
        expect(ill).toExitWith(2);
        expect(JSON.parse(ill.stdout)).toMatchObject({
          type: 'status',
          format: 1,
          servers: [{ host: 'h1', daemon: 'active', encrypted: false, disk: { total: expect.any(Number) } }],
          clients: [
            { host: 'h2', server: 'h1', daemon: 'inactive', tls: 'TLSv1.3', queued: 0 },
            { host: 'h3', server: 'h1', daemon: 'active', queued: 7, daysLeft: expect.any(Number) },
          ],
          unreachable: [],
          troubles: [
            { host: 'h2', message: 'rsyslogd does not run (inactive)' },
            { host: 'h3', message: '7 B wait on its disk to be sent' },
          ],
          exitCode: 2,
        });
        expect(await besidesLines()).toEqual(before);
        // What was seen of this log is kept, as a list and as a page.
        const { stdout } = await lab.provision(['runs', '--json']);
        const { runs } = JSON.parse(stdout) as { runs: readonly { command: string; exitCode: number }[] };
        expect(runs.slice(0, 2).map(({ command, exitCode }) => `${command} ${exitCode}`)).toEqual([
          'status 2',
          'status 0',
        ]);
      });

      test('per program, as RFC 5424: names that a sender makes up lead nowhere else', async () => {
        const settings = [
          'log_server_file=%PROGRAMNAME%.log',
          'log_server_format=rfc5424',
          'rsyslog_server_udp=true',
        ];
        await apply(...settings, 'rsyslog_server_open_files=100');
        await lab.sh('h2', 'logger -t gardener -p mail.warning -- watered');
        const look = 'cat /var/log/remote/h2/gardener.log';
        await lab.sh(
          'h1',
          `timeout 20 sh -c 'until [ -s /var/log/remote/h2/gardener.log ]; do sleep 0.1; done'; ${look}`,
        );
        expect(await lab.sh('h1', look)).toMatch(/^<20>1 \d{4}-\d\d-\d\dT\S+ h2 gardener \d+ - - +watered$/m);
        const names = ['..', '.', '../../../tmp/stray', '/tmp/stray', ''];
        await lab.sh('h1', 'touch /tmp/before');
        const datagrams = names.flatMap((host) =>
          names.flatMap((program) => [
            `<13>Nov 28 07:00:00 ${host} ${program}: stray line`,
            `<13>1 2026-11-28T07:00:00Z ${host || '-'} ${program || '-'} - - - stray line`,
          ]),
        );
        const send = datagrams.map((one) => `printf %s ${quote(one)} >/dev/udp/h1/514`).join('\n');
        await lab.sh('h2', `bash -c ${quote(send)}`);
        const arrived = `find /var/log/remote -name '*.log' -exec cat {} + | grep -c 'stray line'`;
        await lab.sh(
          'h1',
          `for n in $(seq 200); do [ "$(${arrived})" -lt ${datagrams.length} ] || exit 0; sleep 0.1; done; exit 1`,
        );
        const strays = await lab.sh(
          'h1',
          `find / -xdev -newer /tmp/before -type f ! -path '/proc/*' ! -path '/sys/*' ! -path '/var/log/journal/*' -exec grep -l 'stray line' {} +`,
        );
        const files = strays.trim().split('\n');
        for (const file of files) expect(file).toMatch(/^\/var\/log\/remote\/[^/]+\/[^/]+\.log$/);
        expect(files.length).toBeGreaterThan(3);
        for (const file of files) expect(file.split('/')).not.toContain('..');
      });

      test('per address, day and facility, as JSON: each line is an object, and only days that are over are rotated', async () => {
        await apply(
          'log_server_directory=/var/log/store/%FROMHOST-IP%',
          'log_server_file=%$YEAR%-%$MONTH%-%$DAY%/%syslogfacility-text%.json',
          'log_server_format=json',
        );
        const text = 'a "quote", a back\\slash, a\ttab, ünï';
        await lab.sh(
          'h2',
          `logger -t gardener -p mail.warning -- ${quote(text)}; printf 'bad \\377 byte\\n' | logger -t gardener -p mail.info`,
        );
        const files = '/var/log/store/198.18.0.2/*/mail.json';
        await lab.sh(
          'h1',
          `for n in $(seq 200); do grep -qs byte ${files} && exit 0; sleep 0.1; done; exit 1`,
        );
        const lines = (await lab.sh('h1', `iconv -f utf-8 ${files}`))
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown);
        expect(lines).toEqual([
          {
            timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
            host: 'h2',
            source_ip: '198.18.0.2',
            facility: 'mail',
            severity: 'warning',
            appname: 'gardener',
            procid: expect.stringMatching(/^\d+$/),
            message: text.replace('\t', '#011'),
          },
          expect.objectContaining({ severity: 'info', message: expect.stringMatching(/^bad . byte$/) }),
        ]);
        await lab.sh(
          'h1',
          `cd /var/log/store/198.18.0.2 && mkdir 2020-01-01 && echo '{}' >2020-01-01/mail.json && touch -d '2 days ago' 2020-01-01/mail.json
      { echo 'logrotate state -- version 2'; for file in "$PWD"/*/*.json; do echo "\\"$file\\" 2026-1-1-0:0:0"; done; } >/tmp/state
      logrotate -s /tmp/state ${rotation}`,
        );
        expect(await lab.sh('h1', 'cd /var/log/store/198.18.0.2 && ls 2020-01-01')).toMatch(
          /^mail\.json-\d{8}-\d{6}\.gz\n$/,
        );
        expect(await lab.sh('h1', `cd /var/log/store/198.18.0.2; rm -r 2020-01-01; ls */mail.json*`)).toMatch(
          /^[\d-]{10}\/mail\.json\n$/,
        );
        const plan = await project.run('plan', '--detailed-exitcode', ...last);
        expect(plan).toExitWith(0);
        // rsyslogd makes the directories that are named after a line.
        expect(await lab.sh('h1', 'ls /var/log/store')).not.toContain('%');
      });

      test('logs that another file rotates already are refused, with what to do; without rotation its file goes', async () => {
        await lab.sh(
          'h1',
          `printf '/var/log/remote/*/*.log {\n  weekly\n}\n' >/etc/logrotate.d/by-hand; rm ${rotation}`,
        );
        const run = await project.run('apply', '-q');
        expect(run).toExitWith(2);
        expect((run.stdout + run.stderr).replace(/\s+/g, ' ')).toMatch(
          /duplicate log entry .* \/etc\/logrotate.d\/by-hand has these logs already: take them out there, or set rsyslog_server_rotate: false/,
        );
        await apply('rsyslog_server_rotate=false');
        await lab.sh('h1', `rm /etc/logrotate.d/by-hand; [ ! -e ${rotation} ]`);
      });
    });
});
