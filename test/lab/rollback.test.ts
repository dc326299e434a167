import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import type { CommandResult } from '../helpers/lab/process.ts';
import { named, readEvents } from '../helpers/lab/run-events.ts';
import { changedPaths } from '../helpers/lab/snapshot-change.ts';

const hosts = ['h1', 'h2', 'h3'] as const;

describe.each(bases('bookworm', 'trixie', 'ubuntuish'))('what cannot work is not kept, %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;
  let files: readonly string[];
  let daemons: readonly string[];

  // What lies in rsyslog's configuration, with content, owner and mode, and what the next run sees of it.
  const configuration = (): Promise<string[]> =>
    Promise.all(
      hosts.map((host) =>
        lab.sh(
          host,
          'cd /etc/rsyslog.d; find . ! -path "*/own/*T*" -printf "%p %m %u:%g %l\\n" | sort; cat *.conf /etc/ansible/facts.d/provision_log.fact',
        ),
      ),
    );
  const running = (): Promise<string[]> =>
    Promise.all(hosts.map((host) => lab.sh(host, 'systemctl show -p MainPID --value rsyslog')));
  const remember = async (): Promise<void> => {
    [files, daemons] = await Promise.all([configuration(), running()]);
  };

  /** The run failed; every file is as before, nobody is held, lines still arrive, and a run without the mistake has nothing to do. */
  async function expectAsBefore(run: CommandResult): Promise<void> {
    expect(run).toExitWith(2);
    expect(await configuration()).toEqual(files);
    expect(await project.troubled()).toEqual([]);
    for (const host of ['h2', 'h3']) {
      expect(await project.delivers(host, `after ${expect.getState().currentTestName}`)).toBe(true);
    }
    for (const host of hosts) {
      expect(await lab.sh(host, 'find / -xdev -name ".provision*" -o -name "*.provision-back"')).toBe('');
    }
  }

  beforeAll(async () => {
    lab = await Lab.up(3, base, 'rollback');
    project = await HomeLabProject.open(lab);
    const { code, stdout, stderr } = await project.run('apply', '-q');
    expect(code, stdout + stderr).toBe(0);
    await remember();
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  test.each([
    ['of a client', '{"rsyslog_client_selector": "if ( then"}', ['h2', 'h3'], ''],
    ['of the server', '{"rsyslog_server_max_sessions": 300}', ['h1'], '}'],
  ])(
    'a configuration %s that rsyslogd refuses does not replace the old one',
    async (_of, variable, on, stray) => {
      await lab.sh('h1', `[ -z '${stray}' ] || echo '${stray}' >/etc/rsyslog.d/99-stray.conf`);
      const run = await project.run('apply', '-q', '-e', variable);
      const said = run.stderr.replace(/\s+/g, ' ');
      expect(said).toContain('validation failed, nothing was replaced');
      expect(said).toContain('syntax error on token');
      for (const host of on)
        expect(said).toMatch(new RegExp(`FAILED Configuration of the log \\w+ on ${host}`));
      await lab.sh('h1', 'rm -f /etc/rsyslog.d/99-stray.conf');
      await expectAsBefore(run);
      expect(await running()).toEqual(daemons);
      const again = await project.run('apply', '-q');
      expect(again).toExitWith(0);
      await remember();
    },
  );

  test('another file that breaks the configuration stops a new template before it is written', async () => {
    await lab.sh('h2', 'echo "}" >/etc/rsyslog.d/99-stray.conf');
    const run = await project.run('apply', '-q', '-e', 'rsyslog_client_queue_size=20000');
    const said = run.stderr.replace(/\s+/g, ' ');
    expect(said).toMatch(/FAILED Configuration of the log client on h2/);
    expect(said).toMatch(
      /error during parsing file \/etc\/rsyslog\.d\/99-stray\.conf.*syntax error on token '}'/,
    );
    await lab.sh('h2', 'rm /etc/rsyslog.d/99-stray.conf');
    expect((await running())[1]).toBe(daemons[1]);
    expect(
      await lab.sh('h2', 'grep -o "queue.size=.[0-9]*" /etc/rsyslog.d/10-provision-tls-client.conf'),
    ).toContain('10000');
    // the other client goes on
    expect(
      await lab.sh('h3', 'grep -o "queue.size=.[0-9]*" /etc/rsyslog.d/10-provision-tls-client.conf'),
    ).toContain('20000');
    const fixed = await project.events('apply');
    expect(fixed).toExitWith(0);
    expect(named(fixed, 'changed')).toContain('h3: Configuration of the log client');
    expect(named(await project.events('apply'), 'changed')).toEqual([]);
    await remember();
  });

  test('the same before a restart that a renewal needs: the daemon goes on with the old certificate', async () => {
    const served = await project.served();
    await lab.sh('h1', 'echo "}" >/etc/rsyslog.d/05-stray.conf');
    await project.authority.renew(lab, 'h1', [serverName]);
    const run = await project.run('apply', '-q');
    expect(run.stderr.replace(/\s+/g, ' ')).toMatch(/05-stray\.conf.*syntax error on token '}'/);
    expect(run.stderr).toMatch(/put back: h1/);
    await lab.sh('h1', 'rm /etc/rsyslog.d/05-stray.conf');
    await expectAsBefore(run);
    expect(await running()).toEqual(daemons);
    expect(await project.served()).toBe(served);
    const fixed = await project.events('apply');
    expect(fixed).toExitWith(0);
    const issued = await project.fingerprint('h1', `/etc/letsencrypt/live/${serverName}/fullchain.pem`);
    expect(await project.served()).toBe(issued);
    expect(named(await project.events('apply'), 'changed')).toEqual([]);
    await remember();
  });

  test('a line that does not arrive puts the clients back, and shows what both sides say', async () => {
    const run = await project.run('apply', '-q', '-e', 'log_target=ctl.lab', '-e', 'log_verify_timeout=3');
    const said = run.stderr.replace(/\s+/g, ' ');
    for (const host of ['h2', 'h3']) {
      expect(said).toMatch(
        new RegExp(`${host} -> h1: the line did not arrive within 3 s in /var/log/remote/${host}/`),
      );
      expect(said).toMatch(
        new RegExp(`${host} \\(sender\\):.*cannot connect to ctl\\.lab:6514.*: Connection refused`),
      );
      expect(run.stderr).toMatch(new RegExp(`put back: ${host}: the files of this play were put back`));
    }
    expect(said).toContain('h1 (listener):');
    await expectAsBefore(run);
    const again = readEvents(await project.run('apply', '--json'));
    expect(named(again, 'changed')).toEqual([]);
    await remember();
  });

  if (!bases('bookworm').includes(base)) return; // takes half a minute, and no base differs in it
  test('a port that cannot be taken puts the server back', async () => {
    const before = await lab.snapshot('h2');
    // Without ss the check cannot see who has the port.
    await lab.sh('h1', 'mv "$(command -v ss)" /root/ss');
    const run = await project.run('apply', '-q', '-e', 'log_port=22');
    await lab.sh('h1', 'mv /root/ss /usr/bin/ss');
    const said = run.stderr.replace(/\s+/g, ' ');
    expect(said).toContain('FAILED The port speaks TLS with the deployed certificate on h1');
    expect(said).toContain('port 22 does not speak TLS');
    expect(said).toContain('Address already in use');
    expect(run.stderr).toMatch(/put back: h1: the files of this play were put back/);
    await expectAsBefore(run);
    expect(changedPaths(before, await lab.snapshot('h2'))).toEqual([]); // its play never began
    expect(named(await project.events('apply'), 'changed')).toEqual([]);
  });
});
