import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  CertificatesDocument,
  ShownCertificate,
} from '../../src/domains/tls-logs/commands/certs/certs-document.ts';
import { HomeLabProject, serverName } from '../helpers/lab/home-lab-project.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { mustRun } from '../helpers/lab/process.ts';

const own = '/etc/rsyslog.d/provision-tls/own';
const newest = `${own}/20991231T000000Z`;
const live = `/etc/letsencrypt/live/${serverName}`;

let lab: Lab;
let project: HomeLabProject;

beforeAll(async () => {
  lab = await Lab.up(3, 'bookworm', 'certs');
  project = await HomeLabProject.open(lab);
});
afterAll(async () => {
  await lab?.down();
  await project?.close();
});

async function look(...args: readonly string[]): Promise<CertificatesDocument> {
  const { code, stdout, stderr } = await project.run('certs', '--json', ...args);
  expect(stderr).toBe('');
  const document: CertificatesDocument = JSON.parse(stdout);
  expect(code).toBe(document.exitCode);
  return document;
}

async function apply(): Promise<void> {
  const { code, stdout, stderr } = await project.run('apply', '--tags', 'certificates');
  expect(code, stdout + stderr).toBe(0);
}

function of(document: CertificatesDocument, host: string | null): ShownCertificate {
  const found = document.certificates.filter((one) => one.host === host);
  expect(found, host ?? 'control node').toHaveLength(1);
  return found[0] as ShownCertificate;
}

/** Hosts whose certificate is due, and why. */
function due({ certificates }: CertificatesDocument): readonly string[] {
  return certificates.flatMap(({ host, due: reasons }) => reasons.map(({ code }) => `${host}: ${code}`));
}

/** Puts another pair into use on a host behind everybody's back, without a restart. */
async function slipIn(host: string, certificate: string, key: string): Promise<void> {
  await lab.sh(
    host,
    `sleep 1; rm -rf ${newest} && mkdir ${newest} && cat ${certificate} >${newest}/fullchain.pem && cat ${key} >${newest}/privkey.pem
chmod 0600 ${newest}/privkey.pem && ln -sfn 20991231T000000Z ${own}/current`,
  );
}

describe('provision certs', { timeout: 300_000 }, () => {
  test('before the first run: everything is to be made, and nothing is touched', async () => {
    const before = await lab.snapshot('h2');
    const document = await look();
    expect(document).toMatchObject({ exitCode: 2, due: 4, unseen: [] });
    expect(of(document, null).due).toMatchObject([{ code: 'missing' }]);
    expect(of(document, 'h1').stages).toMatchObject({
      issued: { fingerprints: [expect.any(String)] },
      deployed: { fingerprints: [] },
    });
    expect(await lab.snapshot('h2')).toBe(before);
  });

  test('after it: all in order, three stages the same on every host, exit code 0', async () => {
    await apply();
    const document = await look();
    expect(due(document)).toEqual([]);
    expect(document.exitCode).toBe(0);
    for (const host of ['h1', 'h2', 'h3']) {
      const { stages, equal, daysLeft, fingerprint } = of(document, host);
      expect(Object.keys(stages), host).toEqual(['issued', 'deployed', 'served']);
      expect([equal, daysLeft], host).toEqual([true, 89]);
      expect(await project.fingerprint(host, `${own}/current/fullchain.pem`), host).toContain(fingerprint);
    }
    expect(of(document, 'h1').names).toEqual([serverName]);
    expect(of(document, 'h2').issuer).toBe(of(document, null).subject);
    expect(await project.served()).toContain(of(document, 'h1').fingerprint);
  });

  test('shows it to a person within 80 columns', async () => {
    const { code, stdout, stderr } = await project.run('certs');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/^h2 +h2 +89 days left {2}ok\n +\/etc\S+: issued = deployed = served$/m);
    expect(stdout).toMatch(/\nall in order; next due: \S+ on h\d in (59|60) days\n$/);
  });

  test('--warn-days 1000: due, and what to do', async () => {
    const document = await look('--warn-days', '1000');
    expect(due(document)).toEqual(['h1: expiring', 'h2: expiring', 'h3: expiring']);
    expect(document.exitCode).toBe(2);
    // What the public authority issued, a run does not renew.
    expect(document.next[0]).toContain('`certbot renew` on h1');
    expect(document.next.at(-1)).toMatch(/^provision apply \S*home-lab\.yml -i .* --tags certificates$/);
  });

  test('certbot renewed: issued differs, until a run has deployed it', async () => {
    await project.authority.renew(lab, 'h1', [serverName]);
    const document = await look();
    expect(due(document)).toEqual(['h1: differs']);
    const { stages, equal, remedy } = of(document, 'h1');
    expect([equal, remedy]).toEqual([false, 'apply']);
    expect(stages.deployed?.fingerprints).toEqual(stages.served?.fingerprints);
    expect(stages.issued?.fingerprints).not.toEqual(stages.deployed?.fingerprints);
    await apply();
    expect(due(await look())).toEqual([]);
  });

  test('a missed restart of the server: served differs', async () => {
    await project.authority.renew(lab, 'h1', [serverName]);
    await slipIn('h1', `${live}/fullchain.pem`, `${live}/privkey.pem`);
    const { stages, due: reasons } = of(await look(), 'h1');
    expect(stages.issued?.fingerprints).toEqual(stages.deployed?.fingerprints);
    expect(stages.deployed?.fingerprints).not.toEqual(stages.served?.fingerprints);
    expect(reasons.map(({ message }) => message).join('\n')).toContain('served');
    await apply();
    expect(due(await look())).toEqual([]);
  });

  test("a client's certificate that its daemon never loaded: served differs", async () => {
    const file = (name: string) => join(project.folder, name);
    await lab.sh(
      'h2',
      'openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /root/next.key -subj /CN=h2 -out /root/next.csr',
    );
    await project.write('next.csr', await lab.sh('h2', 'cat /root/next.csr'));
    await project.write(
      'next.cnf',
      'subjectAltName=DNS:h2\nextendedKeyUsage=clientAuth\nkeyUsage=critical,digitalSignature\n',
    );
    const ca = [
      '-CA',
      join(project.ca, 'ca.pem'),
      '-CAkey',
      join(project.ca, 'ca-key.pem'),
      '-set_serial',
      '77',
    ];
    const signed = ['-in', file('next.csr'), '-extfile', file('next.cnf'), '-days', '90'];
    const pem = await mustRun('openssl', ['x509', '-req', ...signed, ...ca]);
    await lab.sh('h2', `cat >/root/next.pem <<'END'\n${pem}END`);
    await slipIn('h2', '/root/next.pem', '/root/next.key');

    const document = await look();
    expect(due(document)).toEqual(['h2: trouble']);
    const { stages, equal, serial, due: reasons } = of(document, 'h2');
    expect([equal, serial]).toEqual([false, '4D']);
    expect(stages).toMatchObject({ served: { fingerprints: [] } });
    expect(reasons[0]?.message).toMatch(/^served: rsyslog uses an earlier one: it was started 20/);
    await apply();
    expect(due(await look())).toEqual([]);
  });

  test('a client that trusts a CA of before beside the wanted one: due, until a run has removed it', async () => {
    const before = join(project.folder, 'before');
    await mustRun('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/CN=CA of before',
      ],
      ...['-keyout', `${before}.key`, '-out', `${before}.pem`],
    ]);
    const file = '/etc/rsyslog.d/provision-tls/server-ca.pem';
    await lab.sh('h2', `cat >>${file}`, { input: await mustRun('cat', [`${before}.pem`]) });
    const document = await look();
    expect(document.exitCode).toBe(2);
    const wide = document.certificates.filter(({ place }) => place === file);
    expect(wide.map(({ host, due: reasons }) => [host, reasons.map(({ message }) => message)])).toEqual([
      ['h2', ['deployed: 1 CA certificate is trusted still beside the wanted one']],
    ]);
    await apply();
    expect(due(await look())).toEqual([]);
    expect(await lab.sh('h2', `grep -c BEGIN ${file}`)).toBe('1\n');
  });

  test('an expired one: reported in full, though a run would refuse it at once', async () => {
    await project.authority.renew(lab, 'h1', [serverName], '--expired');
    const document = await look();
    expect(document.exitCode).toBe(2);
    expect(due(document)).toEqual(expect.arrayContaining(['h1: differs', 'h1: expired']));
    expect(document.certificates).toHaveLength(4);
    expect(document.unseen).toMatchObject([
      { host: 'h1', reason: 'incomplete', message: expect.stringContaining('expired on') },
    ]);
    await project.authority.renew(lab, 'h1', [serverName]);
    await apply();
  });

  test('a server with gtls reads its files at every connection: what is deployed is served, without a restart', async () => {
    const gtls = ['-e', 'log_driver=gtls'];
    const { code, stdout, stderr } = await project.run('apply', ...gtls);
    expect(code, stdout + stderr).toBe(0);
    await project.authority.renew(lab, 'h1', [serverName]);
    await slipIn('h1', `${live}/fullchain.pem`, `${live}/privkey.pem`);
    const document = await look(...gtls);
    expect(due(document)).toEqual([]);
    for (const host of ['h1', 'h2', 'h3']) {
      expect(Object.keys(of(document, host).stages), host).toEqual(['issued', 'deployed', 'served']);
    }
    const back = await project.run('apply');
    expect(back).toExitWith(0);
  });

  test('a host that is down: exit code 4, or 2 when something is due elsewhere', async () => {
    await lab.power('h3', 'off');
    const down = await look('--connect-timeout', '3');
    expect(down).toMatchObject({ exitCode: 4, due: 0, unseen: [{ host: 'h3', reason: 'unreachable' }] });
    expect(down.next).toEqual([expect.stringContaining('once they are back: provision certs')]);
    await project.authority.renew(lab, 'h1', [serverName]);
    expect(await look('--connect-timeout', '3')).toMatchObject({ exitCode: 2, due: 1 });
  });
});
