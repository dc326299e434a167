import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dnsNames, parseCertificates } from '../../src/domains/tls-logs/certificates/certificate.ts';
import { findChain } from '../../src/domains/tls-logs/certificates/chain.ts';
import { CertbotProject, failures, live, trusting } from '../helpers/lab/certbot-project.ts';
import type { Lab } from '../helpers/lab/lab.ts';
import { named, taskResults } from '../helpers/lab/run-events.ts';

const token = 'lab-Token_0123456789';
const log = '/var/log/letsencrypt/letsencrypt.log';

describe('a certificate that certbot gets from a real ACME server', () => {
  let project: CertbotProject;
  let lab: Lab;

  beforeAll(async () => {
    project = await CertbotProject.open('certbot');
    lab = project.lab;
  });
  beforeEach(() => project.reset());
  afterAll(() => project?.close());

  async function names(): Promise<string> {
    return dnsNames(new X509Certificate(await project.certificate()))
      .toSorted()
      .join(' ');
  }

  test('it was issued, leads to the root, and is recorded', async () => {
    expect(named(project.first, 'changed')).toContain('h1: Certificate logs.lab: there is none yet');
    const [leaf, ...rest] = parseCertificates(await project.certificate());
    if (!leaf) throw new Error('no certificate');
    expect(leaf.subjectAltName).toBe('DNS:logs.lab');
    expect(leaf.publicKey.asymmetricKeyType).toBe('ec');
    expect(findChain([leaf, ...rest], parseCertificates(await project.acme.root())).kind).toBe('trusted');
    expect(await project.record()).toMatchObject({
      state: 'done',
      present: true,
      domains: ['logs.lab'],
      reason: '',
    });
    const timer = 'systemctl is-enabled certbot.timer; systemctl is-active certbot.timer';
    expect(await lab.sh('h1', timer)).toBe('enabled\nactive\n');
    const modes = "stat -c '%a %U' /etc/letsencrypt/provision /etc/letsencrypt/renewal-hooks/*/*";
    expect(new Set((await lab.sh('h1', modes)).trim().split('\n'))).toEqual(new Set(['700 root']));
  });

  test('another run changes nothing, and does not call certbot', async () => {
    await lab.sh('h1', 'sleep 0.1; touch /root/mark');
    const again = await project.apply();
    expect(again).toExitWith(0);
    expect(named(again, 'changed')).toEqual([]);
    const places = '/etc /usr /root /var/lib/letsencrypt /var/lib/provision /var/log/letsencrypt';
    expect(await lab.sh('h1', `find ${places} -cnewer /root/mark`)).toBe('');
    expect(await project.certs()).toEqual({ code: 0, said: expect.stringContaining('logs.lab') });
  });

  test('only what ran is started again, and commands stop and start what systemd does not know', async () => {
    await lab.sh('h1', 'systemctl stop web; box start; : >/root/box.said');
    const run = await project.apply({
      certbot_stop_command: 'box stop',
      certbot_start_command: 'box start',
      certbot_key_type: 'rsa',
    });
    expect(run).toExitWith(0);
    expect(await lab.sh('h1', 'cat /root/box.said; systemctl is-active web box || true')).toBe(
      'stop\nstart\ninactive\nactive\n',
    );
    await project.expectHeld();
    expect(new X509Certificate(await project.certificate()).publicKey.asymmetricKeyType).toBe('rsa');
  });

  test('what does not start again fails the run, and the next one starts it', async () => {
    const more = {
      certbot_stop_command: 'true',
      certbot_start_command: 'test -e /root/fixed',
      certbot_key_type: 'rsa',
    };
    const run = await project.apply(more);
    expect(run).toExitWith(2);
    expect(failures(run)).toContain('stopped for certbot and not started again: a command');
    await project.expectHeld();
    await lab.sh('h1', 'touch /root/fixed');
    const again = await project.apply(more);
    expect(again).toExitWith(0);
    expect(named(again, 'changed')).toEqual(['h1: What was stopped for certbot and did not start again']);
    expect(named(await project.apply(more), 'changed')).toEqual([]);
  });

  test('a name that is added and one that is taken away are reissued for; a foreign one is kept', async () => {
    const reissued = async (domains: readonly string[], reason: string) => {
      const run = await project.apply({ certbot_domains: domains });
      expect(run).toExitWith(0);
      expect(named(run, 'changed')).toContain(`h1: Certificate logs.lab: ${reason}`);
    };
    await reissued(['logs.lab', 'h1.lab'], 'h1.lab is not among its names');
    expect(await names()).toBe('h1.lab logs.lab');
    await reissued(['logs.lab'], 'h1.lab is no longer wanted');
    expect(await names()).toBe('logs.lab');
    // somebody else widens the certificate by hand
    await lab.sh('h1', 'systemctl stop web');
    const widened = '--cert-name logs.lab --expand -d logs.lab,h1';
    const by = `--standalone --server ${project.acme.directory}`;
    await lab.sh('h1', `${trusting} certbot certonly -n ${by} ${widened}`);
    const kept = await project.certificate();
    expect(named(await project.apply(), 'changed')).toEqual([]);
    expect(await project.certificate()).toBe(kept);
    await reissued(['logs.lab', 'h1.lab'], 'h1.lab is not among its names');
    expect(await names()).toBe('h1 h1.lab logs.lab');
  });

  test.each([
    {
      title: 'the CA does not find the name',
      more: { certbot_domains: ['logs.lab', 'nowhere.lab'] },
      says: [
        'certbot got no certificate for logs.lab,nowhere.lab',
        'nowhere.lab (connection)',
        'nowhere.lab:80',
      ],
    },
    {
      title: 'the CA is not trusted',
      more: { certbot_domains: ['logs.lab', 'h1.lab'], certbot_server_ca: '' },
      says: ['CERTIFICATE_VERIFY_FAILED'],
    },
    {
      title: 'port 80 is held by somebody else',
      more: { certbot_domains: ['logs.lab', 'never.lab'], certbot_stop_services: [] },
      says: ['Could not bind TCP port 80'],
    },
  ])(
    'no certificate because $title: what certbot said, the old one stays, port 80 is held again',
    async ({ more, says }) => {
      const before = await project.certificate();
      const run = await project.apply(more);
      expect(run).toExitWith(2);
      for (const text of [...says, log]) expect(failures(run)).toContain(text);
      expect(await project.certificate()).toBe(before);
      await project.expectHeld();
      expect(await lab.sh('h1', 'systemctl is-active web')).toBe('active\n');
    },
  );

  test('the first certificate is refused: who held port 80 runs again', async () => {
    await lab.sh('h1', 'certbot delete -n --cert-name logs.lab 2>/dev/null');
    const run = await project.apply({ certbot_domains: ['nowhere.lab'], certbot_name: 'logs.lab' });
    expect(run).toExitWith(2);
    expect(failures(run)).toContain('nowhere.lab (connection)');
    await project.expectHeld();
    expect(await lab.sh('h1', 'journalctl -u web | grep -c Stopped')).toBe('1\n');
    expect(await lab.exec('h1', `ls ${live}`)).not.toExitWith(0);
  });

  test('by DNS at Cloudflare, which cannot be reached: arguments, credentials, error, and nothing of the token', async () => {
    const more = {
      certbot_domains: ['logs.lab', 'never.lab'],
      certbot_method: 'dns_cloudflare',
      certbot_cloudflare_api_token: token,
    };
    const run = await project.apply(more, '-v', '--diff');
    expect(run).toExitWith(2);
    expect(named(run, 'changed')).toContain('h1: Token for Cloudflare');
    expect(failures(run)).toContain('api.cloudflare.com');
    const credentials = '/etc/letsencrypt/provision/logs.lab-cloudflare.ini';
    expect(await lab.sh('h1', `cat ${credentials}; stat -c '%a %U:%G' ${credentials}`)).toBe(
      `dns_cloudflare_api_token = ${token}\n600 root:root\n`,
    );
    const logged = await lab.sh('h1', `cat ${log}`);
    expect(logged).toContain(
      `'--authenticator', 'dns-cloudflare', '--dns-cloudflare-credentials', '${credentials}'`,
    );
    expect(logged).toContain("'--dns-cloudflare-propagation-seconds', '10'");
    const plain = await project.applyShown(more);
    for (const text of [run.stdout, run.stderr, plain.stdout, plain.stderr, logged])
      expect(text).not.toContain(token);
    expect(await lab.sh('h1', 'systemctl is-active web')).toBe('active\n');
  });

  // All reasons: test/unit/roles/certbot-settings.test.ts.
  test('settings that do not fit together are refused before the first connection', async () => {
    const run = await project.apply({ certbot_agree_tos: false, certbot_stop_command: 'true' });
    expect(run).toExitWith(1);
    expect(taskResults(run)).toEqual([]);
    const said = run.stdout + run.stderr;
    expect(said).toMatch(/certbot_agree_tos: true/);
    expect(said).toMatch(/certbot_stop_command and certbot_start_command go together/);
  });
});
