import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { domains } from '../../../../../src/domains/registry.ts';
import { installSchedule } from '../../../../../src/domains/tls-logs/commands/schedule/schedule-installing.ts';
import type { ScheduleOptions } from '../../../../../src/domains/tls-logs/commands/schedule/schedule-options.ts';
import { ServiceManager } from '../../../../../src/schedule/service-manager.ts';
import { folder } from '../../../../helpers/cli/command.ts';
import { memoryOutput } from '../../../../helpers/report/sample-run.ts';
import { FakeSystemd } from '../../../../helpers/schedule/fake-systemd.ts';

const site = `inventory: { hosts: { h1: } }
plays:
- hosts: all
  tags: certificates
  tasks:
  - deployed_certificate: { certificate: /etc/a/fullchain.pem, key: /etc/a/privkey.pem, dest: /etc/b }
`;

interface Setting {
  readonly manager?: 'system' | 'user';
  readonly node?: string;
  readonly config?: string;
  readonly options?: Partial<ScheduleOptions>;
}

/** Installs with a systemctl that does nothing; returns what was printed. */
async function install(
  fake: FakeSystemd,
  path: string,
  { manager = 'system', node = '/usr/bin/node', config = '', options }: Setting,
) {
  const [stdout, stderr] = [memoryOutput(), memoryOutput()];
  writeFileSync(join(path, 'config'), config.replaceAll('HERE', path), { mode: 0o600 });
  const sshConfig = join(path, 'config');
  await installSchedule(
    join(path, 'site.yml'),
    { graceDays: 7, color: false, name: 'lab', sshConfig, ...options },
    { version: '0', domains, settings: {} },
    { node, main: '/opt/provision/dist/cli/main.js', directory: path, manager },
    new ServiceManager({ ...fake.systemd.place, manager }),
    { stdout, stderr, live: false },
  );
  return { stdout: stdout.text(), stderr: stderr.text() };
}

describe('installSchedule', () => {
  it('shows what it made and what to do with it, then that nothing has changed', async () => {
    const fake = new FakeSystemd();
    const path = folder({ 'site.yml': site });
    const first = await install(fake, path, {});
    expect(first).toEqual({
      stdout: `lab: installed
  units     ${fake.units}/lab.service, .timer
  next run  not known
  try it    systemctl start lab.service; journalctl -u lab
`,
      stderr: '',
    });
    expect(await install(fake, path, {})).toEqual({
      stdout: first.stdout.replace('installed', 'unchanged'),
      stderr: '',
    });
  });

  it('shows a user the commands of their own manager, and lingering', async () => {
    const installed = await install(new FakeSystemd(), folder({ 'site.yml': site }), { manager: 'user' });
    expect(installed.stdout).toContain(
      'try it    systemctl --user start lab.service; journalctl --user -u lab\n',
    );
    expect(installed.stderr).toMatch(
      /^warning: the timer runs only while \S+ is logged in; `loginctl enable-linger/,
    );
  });

  it('warns of a key that needs a person, and of a node that may go away', async () => {
    const path = folder({ 'site.yml': site });
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'sesame', '-f', join(path, 'key')]);
    const node = '/home/me/.npm/_npx/0a1b/node_modules/node/bin/node';
    const { stderr } = await install(new FakeSystemd(), path, { node, config: 'IdentityFile HERE/key\n' });
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(`warning: h1: the key ${path}/key has a passphrase`),
      expect.stringContaining(`warning: the timer will run ${node}, which lies in npm's cache`),
      '',
    ]);
  });

  it('writes nothing for a playbook that cannot be used', async () => {
    const fake = new FakeSystemd();
    const path = folder({ 'site.yml': site.replace('tags', 'tgas') });
    await expect(install(fake, path, {})).rejects.toThrow('tgas');
    expect([fake.calls(), fake.has('units/lab.service')]).toEqual([[], false]);
  });
});
