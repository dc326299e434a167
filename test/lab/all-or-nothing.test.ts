import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';

const journald = '/etc/systemd/journald.conf.d/zz-provision-rsyslog.conf';
const journal = '/etc/rsyslog.d/05-provision-journal.conf';
const tls = '/etc/rsyslog.d/provision-tls';

/** A file or directory that nothing can be put in place of; it is gone with a reboot. */
const pinned = (path: string) => `mount --bind ${path} ${path} && mount -o remount,bind,ro ${path}`;
const unpinned = (path: string) => `umount ${path} 2>/dev/null || true`;

/** What is in the way on a client, and the task that fails for it. */
interface Row {
  readonly host: 'h2' | 'h3';
  readonly task: string;
  readonly breaks: string;
  readonly clears: string;
}

// The input is to become the journal; or certificates are due, and another setting changes, too.
const journalInput = ['-e', 'rsyslog_client_input=journal'];
const renewed = ['-e', 'rsyslog_client_input=socket', '-e', 'rsyslog_client_resume_interval=2'];

// Two clients at a time: one run judges both.
const rounds: readonly (readonly [Row, Row, settings: readonly string[]])[] = [
  [
    {
      host: 'h2',
      task: 'rsyslog reads nothing else',
      breaks: `sed -i 's/^module(load="imklog").*/module(load="imklog") module(load="immark")/' /etc/rsyslog.conf`,
      clears: `sed -i 's/ module(load="immark")//' /etc/rsyslog.conf`,
    },
    {
      host: 'h3',
      task: 'rsyslog reads the journal',
      breaks: `mkdir -p ${journal}/journal.conf`,
      clears: `rm -r ${journal}`,
    },
    journalInput,
  ],
  [
    {
      host: 'h2',
      task: 'journald does not forward lines',
      breaks: `mkdir -p ${journald}/journald.conf`,
      clears: `rm -r ${journald}`,
    },
    {
      host: 'h3',
      task: 'Change the input of rsyslog',
      breaks:
        'mkdir -p /etc/systemd/journald.conf.d; printf "[Journal]\\nForwardToSyslog=yes\\n" >/etc/systemd/journald.conf.d/zzz-forward.conf',
      clears: 'rm /etc/systemd/journald.conf.d/zzz-forward.conf',
    },
    journalInput,
  ],
  [
    {
      host: 'h2',
      task: 'Certificate from the private CA, its key made here',
      breaks: pinned(`${tls}/own`),
      clears: unpinned(`${tls}/own`),
    },
    {
      host: 'h3',
      task: 'Configuration of the log client',
      breaks: `echo 'action(type="omnone")' >/etc/rsyslog.d/99-broken.conf`,
      clears: 'rm /etc/rsyslog.d/99-broken.conf',
    },
    renewed,
  ],
];

describe('a host on which a task failed', () => {
  let lab: Lab;
  let project: HomeLabProject;

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'nothing');
    project = await HomeLabProject.open(lab);
    const { code, stdout, stderr } = await project.run('apply', '-q', '-e', 'rsyslog_client_input=socket');
    expect(code, stdout + stderr).toBe(0);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  async function ca(...words: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await lab.provision(['ca', ...words, '-d', project.ca]);
    expect(code, stdout + stderr).toBe(0);
  }

  const configuration = (host: string): Promise<string> =>
    lab.sh(
      host,
      'find /etc/rsyslog.d /etc/systemd/journald.conf.d /etc/rsyslog.conf ! -path "*/own/*T*" -printf "%p %m %u:%g %l\\n" | sort; cat /etc/rsyslog.conf /etc/rsyslog.d/*.conf 2>/dev/null; true',
    );

  /** A line comes once into the client's own file, and once into the server's. */
  async function expectOnce(host: string, line: string): Promise<void> {
    expect(await project.delivers(host, line), line).toBe(true);
    // A second one would come by the other way, which may be slower.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const count = `grep -cF -- '${line}'`;
    expect(await lab.sh(host, `${count} /var/log/syslog`), line).toBe('1\n');
    expect(await lab.sh('h1', `${count} /var/log/remote/${host}/syslog.log`), line).toBe('1\n');
  }

  /** Lines come once: at once, after a restart of rsyslogd by somebody else, and after a power cut. */
  async function expectInForce(host: string, senders: readonly string[], what: string): Promise<void> {
    const once = (when: string) =>
      Promise.all(
        senders.map(async (sender) => {
          // A client of a server that was restarted finds the old connection dead with this line, which may be lost.
          if (sender !== host) await lab.sh(sender, 'logger -t lab-test first; sleep 1');
          await expectOnce(sender, `${when} ${what} ${sender}`);
        }),
      );
    await once('at once');
    await lab.sh(host, 'systemctl restart rsyslog');
    await once('restarted');
    await lab.power(host, 'off');
    await lab.power(host, 'on');
    await once('booted');
  }

  const cases = rounds.map(
    ([one, other, settings]) => [one.task, other.task, [one, other], settings] as const,
  );
  test.each(cases)(
    '%s and %s failed: all is as before, and no line is doubled or lost',
    async (task, _other, rows, settings) => {
      const hosts = rows.map(({ host }) => host);
      if (settings === renewed) for (const host of hosts) await ca('renew', host);
      await Promise.all(rows.map(({ host, breaks }) => lab.sh(host, breaks)));
      const before = await Promise.all(hosts.map(configuration));
      const run = await project.run('apply', '-q', ...settings);
      expect(run).toExitWith(2);
      const said = run.stderr.replace(/\s+/g, ' ');
      for (const { host, task } of rows)
        expect(said).toMatch(new RegExp(`FAILED ${task}( \\(\\w+\\))? on ${host}`));
      expect(await Promise.all(hosts.map(configuration))).toEqual(before);
      await Promise.all(hosts.map((host) => expectInForce(host, [host], task)));
      await Promise.all(rows.map(({ host, clears }) => lab.sh(host, clears)));
    },
  );

  test('and can be when nothing is in the way', async () => {
    const { code, stdout, stderr } = await project.run(
      'apply',
      '-q',
      ...journalInput,
      '-e',
      'rsyslog_client_resume_interval=2',
    );
    expect(code, stdout + stderr).toBe(0);
    await Promise.all(['h2', 'h3'].map((host) => expectOnce(host, `moved ${host}`)));
    expect(await project.run('certs', ...journalInput)).toExitWith(0);
  });

  // The log server's plays are not taken back: what they leave must do until the next run.
  test.each([
    [
      'Root that the server trusts for its clients, the private CA',
      `${tls}/client-ca.pem`,
      () => ca('renew'),
      [],
    ],
    [
      'Configuration of the log server',
      '/etc/rsyslog.d/10-provision-tls-server.conf',
      () => project.authority.renew(lab, 'h1', [serverName]),
      ['-e', 'rsyslog_server_max_sessions=150'],
    ],
  ])(
    '%s failed on the log server: no line is doubled or lost, and the next run does the rest',
    async (task, file, due, changed) => {
      await due();
      const settings = [...journalInput, '-e', 'rsyslog_client_resume_interval=2', ...changed];
      await lab.sh('h1', pinned(file));
      const run = await project.run('apply', '-q', ...settings);
      expect(run).toExitWith(2);
      expect(run.stderr.replace(/\s+/g, ' ')).toMatch(new RegExp(`FAILED ${task}( \\(\\w+\\))? on h1`));
      await expectInForce('h1', ['h2', 'h3'], task);
      await lab.sh('h1', unpinned(file));
      const next = await project.run('apply', '-q', ...settings);
      expect(next).toExitWith(0);
      await Promise.all(['h2', 'h3'].map((host) => expectOnce(host, `${host} after ${task}`)));
      expect(await project.run('certs', ...settings)).toExitWith(0);
    },
  );
});
