import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bases } from '../helpers/lab/bases.ts';
import { HomeLabProject, ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import {
  clientPermits,
  letIn,
  serverPermits,
  topologiesOn,
  warningOf,
} from '../helpers/lab/topology-case.ts';
import { FalseServer } from '../helpers/lab/topology-false-server.ts';
import { strangers, TopologyStrangers } from '../helpers/lab/topology-strangers.ts';

const conf = '/etc/rsyslog.d/10-provision-tls';
const live = `/etc/letsencrypt/live/${serverName}`;

// A client that was refused tries again after a second, not ten: tests with a false server wait for it.
const soon = 'rsyslog_client_resume_interval=1';

describe.each(bases('bookworm', 'trixie', 'ubuntuish'))('topologies on %s', (base) => {
  let lab: Lab;
  let project: HomeLabProject;
  let outside: TopologyStrangers;

  beforeAll(async () => {
    lab = await Lab.up(3, base, 'topologies');
    project = await HomeLabProject.open(lab);
    // It makes the private CA, whose key one of the strangers needs.
    const first = await project.run('apply', '-q', '-e', soon);
    expect(first).toExitWith(0);
    outside = await TopologyStrangers.issue(project);
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  describe.each(topologiesOn(base))('$name', (row) => {
    const settings = [...row.set, soon].flatMap((one) => ['-e', one]);
    const transport = row.settings.log_transport === 'relp' ? 'relp' : 'tcp';
    const ca = row.settings.log_topology === 'shared' ? 'public' : 'private';

    test('is set up from what was before, and a second plan changes nothing', async () => {
      if (row.issued) await project.authority.renew(lab, 'h1', [serverName], row.issued);
      const run = await project.run('apply', '--diff', '-v', ...settings);
      expect(run).toExitWith(0);
      for (const host of ['h2', 'h3'])
        expect(run.stdout).toMatch(new RegExp(`^${host} -> h1: arrived (in|within) `, 'm'));
      const said = (run.stdout + run.stderr).replace(/\s+/g, ' ');
      const warning = warningOf(row);
      if (warning) expect(said).toMatch(warning);
      else expect(said).not.toContain('warning:');
      expect(await lab.sh('h1', `cat ${conf}-server.conf`)).toMatch(serverPermits(row));
      expect(await lab.sh('h2', `cat ${conf}-client.conf`)).toMatch(clientPermits(row));
      const again = await project.run('plan', '--detailed-exitcode', ...settings);
      expect(again).toExitWith(0);
    });

    test('lines of clients arrive under their names', async () => {
      for (const host of ['h2', 'h3'])
        expect(await project.delivers(host, `${host} with ${row.name}`)).toBe(true);
      // A connection that is closed with something unread is reset, and a restart would not wait for what the server still has to read of it.
      if (transport === 'tcp')
        for (const host of ['h2', 'h3'])
          expect(await lab.sh(host, 'ss -Htn state established dport = :6514')).toMatch(/^0 +0 .*\n$/);
    });

    test(`of strangers ${strangers.filter((who) => letIn(row, who)).join(', ') || 'nobody'} can send`, async () => {
      const stored = await outside.stored(transport, ca);
      for (const who of strangers) {
        const allowed = letIn(row, who);
        if (allowed !== undefined) expect({ [who]: stored[who] }).toEqual({ [who]: allowed ? 20 : 0 });
      }
    });

    const falseServer = row.false_server;
    if (falseServer)
      test(`a false log server is sent nothing: ${falseServer}`, async () => {
        const foreign = falseServer === 'foreign';
        const signer = foreign ? outside.elsewhere : project.authority;
        const impostor = await FalseServer.start(project, signer, foreign ? serverName : falseServer);
        const line = `not for a false server, ${row.name}`;
        // The first finds the old connection dead and may be lost.
        await lab.sh('h2', `logger -t lab-test first; sleep 1; logger -t lab-test -- '${line}'`);
        const received = await impostor.received();
        await impostor.stop();
        expect(received).not.toContain('not for a');
        // RELP gives up for good when it meets a false server; TCP keeps the line.
        if (transport === 'relp') await lab.sh('h2', 'systemctl restart rsyslog');
        expect(await project.delivers('h2', `after the false server, ${row.name}`)).toBe(true);
        if (transport === 'tcp') expect(await project.stored('h2')).toContain(line);
      });

    if (ca === 'public')
      test('the key is the same on all hosts, for their daemons alone, and in no output', async () => {
        const key = await lab.sh('h1', `cat ${live}/privkey.pem`);
        expect(await lab.sh('h3', `cat ${ownCertificate}/privkey.pem`)).toBe(key);
        await lab.sh('h2', 'rm -rf /etc/rsyslog.d/provision-tls/own /etc/rsyslog.d/provision-tls/brought');
        const outputs = [
          await project.run('plan', '-v', ...settings),
          await project.run('plan', '-v', '--json', ...settings),
          await project.run('apply', '--diff', '-v', '--json', ...settings),
        ];
        for (const { code, stderr } of outputs) expect(code, stderr).toBe(0);
        expect(await lab.sh('h2', `cat ${ownCertificate}/privkey.pem`)).toBe(key);
        const lines = key.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
        const encoded = Buffer.from(key).toString('base64').slice(0, 100);
        for (const { stdout, stderr } of outputs)
          for (const secret of [...lines, encoded]) expect(stdout + stderr).not.toContain(secret);
        const modes = await lab.sh(
          'h2',
          `find /etc/rsyslog.d/provision-tls -name privkey.pem -printf '%m %u:%g\\n'`,
        );
        const own = base === 'ubuntuish' ? '640 root:syslog' : '600 root:root';
        expect(modes.trim().split('\n').sort()).toEqual(['600 root:root', own].sort());
      });
  });
});
