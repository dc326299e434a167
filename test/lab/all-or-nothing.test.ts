import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HomeLabProject } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';

const journald = '/etc/systemd/journald.conf.d/zz-provision-rsyslog.conf';
const journal = '/etc/rsyslog.d/05-provision-journal.conf';

/** What is in the way on a client, and the task that fails for it, when the input is to become the journal. */
interface Row {
  readonly host: 'h2' | 'h3';
  readonly task: string;
  readonly breaks: string;
  readonly clears: string;
}

// Two clients at a time: one run judges both.
const rounds: readonly (readonly [Row, Row])[] = [
  [
    {
      host: 'h2',
      task: 'rsyslog reads nothing else',
      breaks: "echo '$AddUnixListenSocket /run/postfix-log' >/etc/rsyslog.d/postfix.conf",
      clears: 'rm /etc/rsyslog.d/postfix.conf',
    },
    {
      host: 'h3',
      task: 'rsyslog reads the journal',
      breaks: `mkdir -p ${journal}/journal.conf`,
      clears: `rm -r ${journal}`,
    },
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
  ],
];

describe('a client whose input could not be changed', () => {
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

  const cases = rounds.map((rows) => [rows.map(({ task }) => `'${task}'`).join(' and '), rows] as const);
  test.each(cases)('%s failed: all is as before, and no line is doubled or lost', async (_tasks, rows) => {
    const hosts = rows.map(({ host }) => host);
    await Promise.all(rows.map(({ host, breaks }) => lab.sh(host, breaks)));
    const before = await Promise.all(hosts.map(configuration));
    const run = await project.run('apply', '-q', '-e', 'rsyslog_client_input=journal');
    expect(run.code, run.stdout + run.stderr).toBe(2);
    const said = run.stderr.replace(/\s+/g, ' ');
    for (const { host, task } of rows)
      expect(said).toMatch(new RegExp(`FAILED ${task}( \\(\\w+\\))? on ${host}`));
    expect(await Promise.all(hosts.map(configuration))).toEqual(before);
    const once = (when: string) =>
      Promise.all(hosts.map((host) => expectOnce(host, `${when} ${rows[0].task} ${host}`)));
    await once('at once');
    await Promise.all(hosts.map((host) => lab.sh(host, 'systemctl restart rsyslog')));
    await once('restarted');
    await Promise.all(
      hosts.map(async (host) => {
        await lab.power(host, 'off');
        await lab.power(host, 'on');
      }),
    );
    await once('booted');
    await Promise.all(rows.map(({ host, clears }) => lab.sh(host, clears)));
  });

  test('and can be when nothing is in the way', async () => {
    const { code, stdout, stderr } = await project.run('apply', '-q', '-e', 'rsyslog_client_input=journal');
    expect(code, stdout + stderr).toBe(0);
    await Promise.all(['h2', 'h3'].map((host) => expectOnce(host, `moved ${host}`)));
  });
});
