import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Authority } from '../helpers/lab/authority.ts';
import { ControlHost } from '../helpers/lab/control-host.ts';
import { type Base, Lab } from '../helpers/lab/lab.ts';

const domain = 'web.lab';
const live = `/etc/letsencrypt/live/${domain}`;
// What systemd would obey if it were not quoted.
const odd = '/root/an %n "odd" $HOME \\x41 \'place\';';
const name = 'lab-certificates';
const brake = '/root/broken';

const site = `inventory: { hosts: { h2: , h3: } }
plays:
- name: Certificates
  hosts: all
  tags: certificates
  tasks:
  - name: Sound
    command: test ! -e ${brake}
    changed_when: false
  - name: Certificate in use
    deployed_certificate: { certificate: ${live}/fullchain.pem, key: ${live}/privkey.pem, dest: /etc/web }
    notify: Reload
  handlers:
  - { name: Reload, command: touch /root/reloaded }
`;

const own = `inventory: { hosts: { h3: } }
plays:
- hosts: all
  tags: certificates
  tasks:
  - private_ca_certificate: { ca: "{{ playbook_dir }}/ca", names: [h3.lab], dest: /etc/own, renew_days: 30 }
`;

describe.each<Base>(['bookworm', 'trixie'])('a schedule on a control node, %s', (base) => {
  let lab: Lab;
  let folder: string;
  let authority: Authority;
  let control: ControlHost;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'schedule-'));
    lab = await Lab.up(3, base, 'schedule');
    authority = await Authority.create(join(folder, 'authority'));
    for (const host of ['h2', 'h3']) await authority.certbot(lab, host, [domain]);
    control = await ControlHost.open(lab, 'h1');
    await control.sh(`mkdir ${quoted(odd)}; cat >${quoted(`${odd}/site.yml`)}`, site);
    await control.write('/root/ssh_config', 'Host h2 h3\n  ConnectTimeout 3\n');
  });
  afterAll(async () => {
    await lab?.down();
    await rm(folder, { recursive: true, force: true });
  });

  const schedule = (...words: readonly string[]) =>
    control.run(`cd ${quoted(odd)} && provision schedule ${words.map(quoted).join(' ')}`);
  const install = (...more: readonly string[]) =>
    schedule('site.yml', '--name', name, '--ssh-config', '/root/ssh_config', ...more);
  const start = async () => (await control.run(`systemctl start ${name}.service`)).code;
  const failed = () => control.sh('systemctl list-units --failed --plain --no-legend');
  const deployed = (host: string) => lab.sh(host, 'cat /etc/web/current/fullchain.pem');
  const issued = (host: string) => lab.sh(host, `cat ${live}/fullchain.pem`);

  test('is two units that systemd finds nothing wrong with; made again, it is unchanged', async () => {
    const first = await install();
    expect(first).toExitWith(0);
    expect(first.stdout).toMatch(new RegExp(`^${name}: installed\n[\\s\\S]* next run  \\w+ 20`));
    const units = ['service', 'timer'].map((kind) => `/etc/systemd/system/${name}.${kind}`);
    expect(await control.sh(`stat -c '%a %U' ${units.join(' ')}`)).toBe('644 root\n644 root\n');
    expect(await control.run(`systemd-analyze verify --man=no ${units.join(' ')}`)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await control.sh(`systemctl is-enabled ${name}.timer`)).toBe('enabled\n');
    expect((await install()).stdout).toMatch(new RegExp(`^${name}: unchanged\n`));
    expect((await schedule('--list')).stdout).toMatch(/lab-certificates\n[\s\S]* result +has not run yet\n/);
  });

  test('a unit of another package is not touched', async () => {
    const before = await control.sh('systemctl cat ssh.service');
    const { code, stderr } = await schedule('site.yml', '--name', 'ssh');
    expect(code).toBe(1);
    expect(stderr).toMatch(/there is a unit ssh\.service that this command did not make/);
    expect(await control.sh('systemctl cat ssh.service')).toBe(before);
  });

  test('its service applies what is due; when nothing is, it changes nothing', async () => {
    expect(await start()).toBe(0);
    const first = await control.journal(name);
    expect(first).toMatch(/^something is due: applying/m);
    expect(first).toMatch(/^h2 .* changed=2 .*\nh3 .* changed=2 /m);
    expect(first).not.toContain('\u001b');
    for (const host of ['h2', 'h3']) expect(await deployed(host)).toBe(await issued(host));

    const before = await lab.snapshot('h2');
    expect(await start()).toBe(0);
    const second = await control.journal(name);
    expect(second).toMatch(/^all in order; next due: web\.lab on h2 in \d+ days\nnothing is due$/m);
    expect(second).not.toContain('changed=');
    expect(await lab.snapshot('h2')).toBe(before);
    expect((await schedule('--list')).stdout).toMatch(/ last +\w+ 20[\s\S]* result +ok\n/);
  });

  test('after a renewal the timer does it all by itself', async () => {
    const { stdout } = await install('--on-calendar', '*:*:0/5');
    expect(stdout).toMatch(new RegExp(`^${name}: changed\n`));
    await authority.renew(lab, 'h2', [domain]);
    await expect.poll(() => deployed('h2'), { timeout: 60_000, interval: 500 }).toBe(await issued('h2'));
    const recap = `journalctl --sync; journalctl -q -o cat -u ${name} --since -2min`;
    await expect
      .poll(() => control.sh(recap), { timeout: 20_000 })
      .toMatch(/^h2 .* changed=2 .*\nh3 .* changed=0 /m);
    expect((await install()).stdout).toMatch(new RegExp(`^${name}: changed\n`));
    await control.sh(`while systemctl is-active -q ${name}.service; do sleep 0.2; done`);
  });

  test('a run that fails is a failed unit, until one succeeds', async () => {
    await lab.sh('h3', `touch ${brake}`);
    await authority.renew(lab, 'h3', [domain]);
    expect(await start()).toBe(1);
    expect(await failed()).toContain(`${name}.service`);
    expect((await schedule('--list')).stdout).toMatch(/ result +failed: a host failed/);
    await lab.sh('h3', `rm ${brake}`);
    expect(await start()).toBe(0);
    expect(await failed()).toBe('');
    expect(await deployed('h3')).toBe(await issued('h3'));
  });

  test('a host that is off is no failure, but is reported; and one, when it has been off for long', async () => {
    await lab.power('h3', 'off');
    await authority.renew(lab, 'h2', [domain]);
    expect(await start()).toBe(0);
    expect(await control.journal(name)).toMatch(/^h3: not reached$/m);
    expect(await deployed('h2')).toBe(await issued('h2'));
    expect((await schedule('--list')).stdout).toMatch(
      / result +ok, but a host was not reached\n +missed +h3 since 20.* UTC\n/,
    );
    const ago = new Date(Date.now() - 8 * 86_400_000).toISOString();
    await control.sh(
      `sed -i '/h3/,$ s/"since": "[^"]*"/"since": "${ago}"/' /var/lib/provision-schedule/${name}/reached.json`,
    );
    expect(await start()).toBe(1);
    expect(await control.journal(name)).toMatch(/^this is a failure: h3 was missed for 7 days or more$/m);
    expect(await failed()).toContain(`${name}.service`);
    await lab.power('h3', 'on');
    expect(await start()).toBe(0);
    expect((await schedule('--list')).stdout).not.toContain('missed');
  });

  test('a host whose key has changed is a failure at once, for nothing is done anywhere', async () => {
    await control.sh('cd ~/.ssh; cp known_hosts kept; sed -i "/^h3/d; s/^h2,/h3,h2,/" known_hosts');
    expect(await start()).toBe(1);
    expect(await control.journal(name)).toMatch(/^this is a failure: h3 is not off, but cannot be used$/m);
    await control.sh('cd ~/.ssh; mv kept known_hosts');
    expect(await start()).toBe(0);
  });

  test('the passphrase of the private CA reaches the run, and stands in no unit', async () => {
    await control.write('/root/own/site.yml', own);
    await control.write('/root/own/pass', 'correct horse\n');
    await control.sh('cd /root/own && provision ca init -d ca --passphrase-file pass');
    const without = await control.run(
      'cd /root/own && provision schedule site.yml --name own && systemctl start own',
    );
    expect(without).toExitWith(1);
    expect(await control.journal('own')).toMatch(/its key is encrypted/);
    await control.sh(
      'cd /root/own && provision schedule site.yml --name own --ca-passphrase-file pass && systemctl start own',
    );
    expect(
      await lab.sh('h3', 'openssl x509 -noout -ext subjectAltName </etc/own/current/fullchain.pem'),
    ).toContain('DNS:h3.lab');
    const seen = await control.sh(
      'systemctl show own.service own.timer; cat /etc/systemd/system/own.*; journalctl',
    );
    expect(seen).not.toContain('correct horse');
    await control.sh('provision schedule --remove --name own');
  });

  describe('of a user who is not root', () => {
    const admin = (shell: string) =>
      control.run(`cd /home/admin && runuser -u admin -- env HOME=/home/admin sh -c ${quoted(shell)}`);

    beforeEach(async () => {
      await control.sh(`install -d -m 700 -o admin -g admin /home/admin/.ssh /run/user/1000
        install -m 600 -o admin -g admin ~/.ssh/id_ed25519 ~/.ssh/known_hosts /home/admin/.ssh`);
      await admin(`printf 'Host *\\n  User root\\n' >.ssh/config; cat >site.yml <<'END'\n${site}END`);
    });

    test('without a service manager: what brings one', async () => {
      const { code, stderr } = await admin('provision schedule site.yml');
      expect(code).toBe(1);
      expect(stderr).toMatch(/loginctl\s+enable-linger admin/);
      expect((await admin('find .config')).stdout).toBe('');
    });

    test('belongs to their own service manager, and says that it needs lingering', async () => {
      // As logind starts it, which the image has no PAM for.
      await control.sh(`systemd-run -q --unit=manager -p User=admin -p Delegate=yes \\
        -E XDG_RUNTIME_DIR=/run/user/1000 /lib/systemd/systemd --user
        until [ -S /run/user/1000/systemd/private ]; do sleep 0.1; done`);
      // Compiled code and records of runs are kept whatever a command does.
      const files =
        'find . \\( -path ./.cache/provision -o -path ./.local/state/provision/records \\) -prune -o -type f -print | sort';
      const before = (await admin(files)).stdout;
      const made = await admin('provision schedule site.yml --name mine');
      expect(made).toExitWith(0);
      expect(made.stdout).toContain('/home/admin/.config/systemd/user/mine.service');
      expect(made.stderr).toMatch(/only while admin is logged in; `loginctl enable-linger admin`/);
      await authority.renew(lab, 'h2', [domain]);
      const user = 'XDG_RUNTIME_DIR=/run/user/1000 systemctl --user';
      expect(await admin(`${user} start mine.service`)).toExitWith(0);
      expect(await deployed('h2')).toBe(await issued('h2'));
      expect((await admin('provision schedule --list')).stdout).toMatch(/^mine\n[\s\S]* result +ok\n/);
      expect((await admin('provision schedule site.yml --name mine')).stdout).toMatch(/^mine: unchanged\n/);
      await control.sh('mkdir -p /var/lib/systemd/linger; touch /var/lib/systemd/linger/admin');
      expect((await admin('provision schedule site.yml --name mine')).stderr).toBe('');
      expect((await admin('provision schedule --remove --name mine')).stdout).toBe('mine: removed\n');
      expect((await admin(files)).stdout).toBe(before);
    });
  });

  test('--remove leaves nothing, and is content when there is nothing', async () => {
    const left = `find / -xdev -name '*${name}*' -not -path '/var/log/*' | sort; systemctl list-units -a --plain --no-legend '${name}*'`;
    expect(await control.sh(left)).toContain(`/var/lib/provision-schedule/${name}`);
    expect((await schedule('site.yml', '--remove', '--name', name)).stdout).toBe(`${name}: removed\n`);
    expect(await control.sh(left)).toBe('');
    const again = await schedule('site.yml', '--remove', '--name', name);
    expect(again).toMatchObject({ code: 0, stdout: `${name}: unchanged: there is none\n` });
    expect((await schedule('--list')).stdout).toMatch(/^no schedules here/);
  });
});

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
