import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ProvisionError } from '../../../src/errors/problem.ts';
import { ServiceManager, systemdPlace } from '../../../src/schedule/service-manager.ts';
import { FakeSystemd } from '../../helpers/schedule/fake-systemd.ts';

describe('systemdPlace', () => {
  it('of root is the system', () => {
    expect(systemdPlace(0, { HOME: '/root' })).toEqual({
      manager: 'system',
      folder: '/etc/systemd/system',
      stateFolders: ['/var/lib/provision-schedule'],
      stampFolder: '/var/lib/systemd/timers',
    });
  });

  it.each([
    [{ HOME: '/home/me' }, '/home/me/.config', '/home/me/.local/state', '/home/me/.local/share'],
    [
      { HOME: '/home/me', XDG_CONFIG_HOME: '/c', XDG_STATE_HOME: '/s', XDG_DATA_HOME: '/d' },
      '/c',
      '/s',
      '/d',
    ],
  ])('of a user is below the home: %j', (env, config, state, data) => {
    expect(systemdPlace(1000, env)).toEqual({
      manager: 'user',
      folder: `${config}/systemd/user`,
      stateFolders: [`${state}/provision-schedule`, `${config}/provision-schedule`],
      stampFolder: `${data}/systemd/timers`,
    });
  });
});

async function problemOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (reason: ProvisionError) => reason,
  );
  return error?.problems?.[0];
}

describe('what systemctl says', () => {
  it('is shown when it fails', async () => {
    const fake = new FakeSystemd();
    fake.write('fail.enable', 'Failed to enable unit: Access denied\n');
    expect(await problemOf(fake.systemd.must('enable', 'x.timer'))).toMatchObject({
      code: 'systemd-refused',
      message: '`systemctl enable x.timer` failed with code 1: Failed to enable unit: Access denied',
    });
  });

  it('that it finds no manager of the user: what brings one', async () => {
    const fake = new FakeSystemd();
    fake.write('fail.--user', 'Failed to connect to bus: No medium found\n');
    const user = new ServiceManager({ ...fake.systemd.place, manager: 'user' });
    const problem = await problemOf(user.must('daemon-reload'));
    expect(problem?.message).toContain('`systemctl --user daemon-reload` failed');
    expect(problem?.hint).toContain('loginctl enable-linger');
  });

  it('that this is no systemd: cron', async () => {
    const fake = new FakeSystemd();
    fake.write('fail.daemon-reload', 'System has not been booted with systemd as init system (PID 1).\n');
    const problem = await problemOf(fake.systemd.must('daemon-reload'));
    expect(problem).toMatchObject({ code: 'no-systemd', hint: expect.stringContaining('cron') });
  });

  it('nothing, for it is not there: cron', async () => {
    const fake = new FakeSystemd();
    rmSync(join(fake.path, 'bin/systemctl'));
    vi.stubEnv('PATH', join(fake.path, 'bin'));
    const problem = await problemOf(fake.systemd.must('daemon-reload'));
    expect(problem).toMatchObject({
      code: 'no-systemd',
      message: 'this machine does not run systemd: there is no systemctl',
      hint: expect.stringContaining('--run'),
    });
  });
});
