import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  CertbotProject,
  failures,
  hookTask,
  live,
  recordFile,
  trusting,
} from '../helpers/lab/certbot-project.ts';
import type { Lab } from '../helpers/lab/lab.ts';
import { named } from '../helpers/lab/run-events.ts';

const renew = `${trusting} certbot renew --no-random-sleep-on-renew --force-renewal`;

describe('renewals by certbot, and what the hooks of the role make of them', () => {
  let project: CertbotProject;
  let lab: Lab;

  beforeAll(async () => {
    project = await CertbotProject.open('certbotrenewal');
    lab = project.lab;
  });
  beforeEach(() => project.reset());
  afterAll(() => project?.close());

  test('certbot renew runs all hooks; who held port 80 runs again', async () => {
    const look = 'echo "$RENEWED_DOMAINS" >/root/deployed; systemctl is-active web >>/root/deployed || true';
    await project.apply({ certbot_deploy_command: look });
    const before = await project.certificate();
    await lab.sh('h1', renew);
    expect(await project.certificate()).not.toBe(before);
    expect(await project.record()).toMatchObject({ state: 'done', present: true });
    expect(await lab.sh('h1', 'cat /root/deployed')).toBe('logs.lab \ninactive\n');
    await project.expectHeld();
    expect(await lab.sh('h1', 'ls /run/provision-certbot')).toBe('');
  });

  test("certbot's own service renews what is due, and trusts the ACME service", async () => {
    const before = await project.certificate();
    await project.makeDue();
    await lab.sh('h1', 'systemctl start certbot.service');
    expect(await project.certificate()).not.toBe(before);
    expect(await project.record()).toMatchObject({ state: 'done', present: true });
    await project.expectHeld();
  });

  test('few days are left although the timer should have renewed: apply does', async () => {
    const before = await project.certificate();
    const run = await project.apply({ certbot_renew_days: 100 });
    expect(run).toExitWith(0);
    expect(named(run, 'changed')).toContain(
      'h1: Certificate logs.lab: only 89 days are left, and certbot.timer (active) did not renew it',
    );
    expect(await project.certificate()).not.toBe(before);
    expect(named(await project.apply({ certbot_renew_days: 80 }), 'changed')).toEqual([]);
  });

  test('a deploy command fails: certs shows it, apply runs it again until it works', async () => {
    const more = { certbot_deploy_command: 'echo no room for größe; test -e /root/fixed' };
    await project.apply(more);
    await lab.sh('h1', renew);
    const reason = 'exit code 1: no room for größe';
    expect(await project.record()).toMatchObject({ state: 'failed', present: true, reason });
    const seen = await project.certs(more);
    expect(seen).toEqual({
      code: 2,
      said: expect.stringMatching(/the deploy hook failed on \d{4}-\d\d-\d\d: /),
    });
    expect(seen.said).toContain(reason);
    const run = await project.apply(more);
    expect(run).toExitWith(2);
    expect(named(run, 'failed')).toEqual([hookTask]);
    expect(failures(run)).toContain('no room for größe');
    await lab.sh('h1', 'touch /root/fixed');
    expect(named(await project.apply(more), 'changed')).toEqual([hookTask]);
    expect(await project.record()).toMatchObject({ state: 'done', present: true });
    expect(await project.certs(more)).toExitWith(0);
  });

  test('certbot is killed in the middle: port 80 is held again, and the hook shows as cut off', async () => {
    const more = { certbot_deploy_command: '[ ! -e /root/slow ] || { touch /root/begun; sleep 100; }' };
    await project.apply(more);
    await project.makeDue();
    await lab.sh('h1', 'touch /root/slow; systemctl start --no-block certbot');
    await lab.sh('h1', "timeout 60 sh -c 'until [ -e /root/begun ]; do sleep 0.1; done'");
    expect(await lab.sh('h1', 'systemctl is-active web || true')).toBe('inactive\n');
    expect((await project.certs(more)).said).not.toContain('deploy hook');
    await lab.sh('h1', 'systemctl kill -s KILL certbot');
    await project.expectHeld();
    expect(await project.record()).toMatchObject({ state: 'begun', present: true });
    expect(await project.certs(more)).toEqual({
      code: 2,
      said: expect.stringContaining('the deploy hook was cut off on'),
    });
    await lab.sh('h1', 'rm /root/slow');
    expect(named(await project.apply(more), 'changed')).toEqual([hookTask]);
    expect(await project.record()).toMatchObject({ state: 'done', present: true });
  });

  test('keys that a deploy command prints go nowhere', async () => {
    const more = { certbot_deploy_command: `cat ${live}/privkey.pem; exit 1` };
    await project.apply(more);
    const by = await lab.exec('h1', `${renew} 2>&1`);
    const run = await project.apply(more, '-v', '--diff');
    expect(named(run, 'failed')).toEqual([hookTask]);
    const key = (await lab.sh('h1', `sed -n 2p ${live}/privkey.pem`)).trim();
    const logged = await lab.sh('h1', `cat ${recordFile} /var/log/letsencrypt/*.log; journalctl`);
    for (const text of [by.stdout, run.stdout, run.stderr, logged]) expect(text).not.toContain(key);
  });

  test('the ACME server breaks off: the post hook runs, the certificate stays', async () => {
    const wait = 'touch /root/stopped; until [ -e /root/go ]; do sleep 0.1; done';
    await project.apply({ certbot_stop_command: wait, certbot_start_command: 'true' });
    const before = await project.certificate();
    await project.makeDue();
    const renewing = lab.exec('h1', 'systemctl start certbot.service');
    await lab.sh('h1', "timeout 60 sh -c 'until [ -e /root/stopped ]; do sleep 0.1; done'");
    expect(await lab.sh('h1', 'systemctl is-active web || true')).toBe('inactive\n');
    await project.acme.kill(); // and with it all that it knew: no test comes after this one
    await lab.sh('h1', 'touch /root/go');
    expect(await renewing).not.toExitWith(0);
    await project.expectHeld();
    expect(await lab.sh('h1', 'cat /var/log/letsencrypt/letsencrypt.log')).toContain('All renewals failed');
    expect(await project.certificate()).toBe(before);
    expect(await project.record()).toMatchObject({ state: 'done', present: true });
  });
});
