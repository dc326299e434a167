import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HomeLabProject, ownCertificate, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';

const live = `/etc/letsencrypt/live/${serverName}/fullchain.pem`;
const record = '/etc/ansible/facts.d/provision_log.fact';

// With fingerprints every new certificate must be made known to the other side first.
describe('a rotation of which a part is left out', () => {
  let lab: Lab;
  let project: HomeLabProject;

  const apply = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await project.run(
      'apply',
      '-q',
      '-e',
      'log_authentication=fingerprint',
      ...args,
    );
    return { code, said: `${stdout}\n${stderr}`.replace(/\s+/g, ' ') };
  };
  const makeDue = async (host: string) => {
    const { code, stderr } = await lab.provision(['ca', 'renew', host, '--directory', project.ca]);
    expect(code, stderr).toBe(0);
  };
  const shown = (host: string) => project.fingerprint(host, `${ownCertificate}/fullchain.pem`);

  beforeAll(async () => {
    lab = await Lab.up(3, 'bookworm', 'rotationlimit');
    project = await HomeLabProject.open(lab);
    expect(await apply()).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await lab?.down();
    await project?.close();
  });

  test('nothing is due: one host alone is looked at without complaint', async () => {
    for (const host of ['h2', 'h1']) expect(await apply('-l', host)).toMatchObject({ code: 0 });
  });

  describe('the certificates of a client and of the server are due', () => {
    const before: string[] = [];

    beforeAll(async () => {
      before.push(await shown('h2'), await project.served());
      await makeDue('h2');
    });

    test('a client alone goes on with its old one, which the server permits', async () => {
      const { code, said } = await apply('-l', 'h2');
      expect(code, said).toBe(2);
      expect(said).toContain('h1 was not brought to these settings');
      expect(await shown('h2')).toBe(before[0]);
      expect(await project.delivers('h2', 'left alone')).toBe(true);
    });

    test('so does one whose log server runs, but cannot be reached', async () => {
      await lab.sh('h1', 'mv /root/.ssh/authorized_keys /root/.ssh/away');
      const { code, said } = await apply();
      await lab.sh('h1', 'mv /root/.ssh/away /root/.ssh/authorized_keys');
      expect(code, said).toBe(4);
      expect(said).toContain('h1 was not brought to these settings');
      expect(await shown('h2')).toBe(before[0]);
      for (const host of ['h2', 'h3']) expect(await project.delivers(host, 'without its server')).toBe(true);
    });

    test('the server alone goes on with its old one, which clients permit', async () => {
      await project.authority.renew(lab, 'h1', [serverName]);
      const { code, said } = await apply('-l', 'h1');
      expect(code, said).toBe(2);
      expect(said).toContain('h2, h3 would not trust the certificate that h1 is to show next');
      expect(await project.served()).toBe(before[1]);
      for (const host of ['h2', 'h3']) expect(await project.delivers(host, 'the server alone')).toBe(true);
    });

    test('a client that fails before it knows the new one keeps the server at its old one', async () => {
      const own = '/etc/rsyslog.d/provision-tls/own';
      await makeDue('h2');
      await lab.sh('h2', `mount --bind ${own} ${own} && mount -o remount,bind,ro ${own}`);
      const { code, said } = await apply();
      await lab.sh('h2', `umount ${own}`);
      expect(code, said).toBe(2);
      expect(said).toContain('h2 would not trust the certificate that h1 is to show next');
      expect(await project.served()).toBe(before[1]);
      for (const host of ['h2', 'h3']) expect(await project.delivers(host, 'one has failed')).toBe(true);
    });

    test('a run for all replaces both', async () => {
      const { code, said } = await apply();
      expect(code, said).toBe(0);
      expect(await shown('h2')).not.toBe(before[0]);
      expect(await project.served()).toBe(await project.fingerprint('h1', live));
      for (const host of ['h2', 'h3']) expect(await project.delivers(host, 'all at once')).toBe(true);
    });
  });

  test('a damaged record of who is permitted is refused before anything is touched', async () => {
    const content = await lab.sh('h1', `cat ${record}`);
    await lab.sh('h1', `echo '{"mode":"fingerprint"' >${record}`);
    const { code, said } = await apply();
    expect(code, said).toBe(2);
    expect(said).toContain(`${record} is damaged`);
    await lab.sh('h1', `cat >${record} <<'end'\n${content}end`);
    expect(await apply()).toMatchObject({ code: 0 });
  });

  test('what a client knows from the time when it was the log server does not concern it', async () => {
    await lab.sh('h2', `echo '{"mode":"name","peers":["h3"]}' >${record}`);
    const { code, said } = await apply();
    expect(code, said).toBe(0);
    expect(await project.delivers('h2', 'once a server')).toBe(true);
  });
});
