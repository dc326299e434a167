import { describe, expect, test } from 'vitest';
import { service } from '../../../src/resources/service.ts';
import { systemd } from '../../../src/resources/systemd.ts';
import type { UserScope } from '../../../src/resources/units/scoped-unit.ts';
import { refuseUnit, unitChanges, unitScript } from '../../../src/resources/units/unit-change.ts';
import { probeUnit, type UnitState } from '../../../src/resources/units/unit-state.ts';
import { FakeHost } from '../../helpers/resources/fake-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();

function unit(properties: Record<string, string> = {}, more: Partial<UnitState> = {}): UnitState {
  const running = { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled', Type: 'notify' };
  return {
    systemd: true,
    init: 'systemd',
    properties: new Map(Object.entries({ ...running, ...properties })),
    enablement: properties.UnitFileState ?? 'enabled',
    needsReload: false,
    ...more,
  };
}

const stopped = { ActiveState: 'inactive' };
const once = { ...stopped, Type: 'oneshot', RemainAfterExit: 'no' };

describe('what differs', () => {
  test.each([
    [{ state: 'started' }, unit(), []],
    [{ state: 'started' }, unit(stopped), ['state inactive -> started']],
    [{ state: 'started' }, unit({ ActiveState: 'failed' }), ['state failed -> started']],
    [{ state: 'started' }, unit({ ActiveState: 'reloading' }), []],
    [{ daemon_reload: true }, unit({}, { needsReload: true }), ['daemon_reload undefined -> reloaded']],
    [{ daemon_reload: true }, unit(), []],
  ] as const)('%j', (want, have, expected) => {
    const changes = unitChanges({ name: 'x', ...want }, have);
    expect(changes.map(({ attribute, from, to }) => `${attribute} ${from} -> ${to}`)).toEqual(expected);
  });
});

describe('what is refused', () => {
  test.each([
    [{ name: 'x' }, unit({}, { systemd: false, init: 'openrc-init' }), /process 1 is openrc-init/],
    [{ name: 'x', state: 'started' }, unit({ LoadState: 'not-found' }), /no unit x\.service.*package/],
    [{ name: 'x', state: 'stopped' }, unit({ LoadState: 'not-found' }), /no unit x\.service.*when/],
    [{ name: 'x', state: 'started' }, unit({ LoadState: 'bad-setting' }), /cannot load x\.service/],
    [{ name: 'x', state: 'started' }, unit({ LoadState: '' }), /no answer/],
    [{ name: 'x', state: 'restarted' }, unit({ UnitFileState: 'masked' }), /masked: false/],
    [{ name: 'x', state: 'started' }, unit(once), /Type=oneshot.*state: restarted/],
    [{ state: 'started', daemon_reload: true }, unit(), /need name/],
  ] as const)('%j', (want, have, message) => {
    expect(refuseUnit(want, have).join()).toMatch(message);
  });

  test.each([
    [{ name: 'x', state: 'restarted' }, unit(once)],
    [{ name: 'x', state: 'started' }, unit({ ...once, RemainAfterExit: 'yes' })],
    [{ name: 'x.timer', masked: true }, unit({ LoadState: 'not-found' })],
    [{ name: 'x', masked: false, state: 'started' }, unit({ UnitFileState: 'masked' })],
    [{ name: 'x', state: 'started', daemon_reload: true }, unit({ LoadState: 'not-found' })],
    [{ daemon_reload: true }, unit()],
  ] as const)('not %j', (want, have) => {
    expect(refuseUnit(want, have)).toEqual([]);
  });
});

describe('what is done', () => {
  // A systemctl that prints what $FAKE/show holds and writes down the rest.
  const host = (show = 'Type=notify', fails = false) => {
    const fake = new FakeHost(fresh(), {
      systemctl: `case "$*" in
show*) cat "$FAKE/show"; echo ActiveState=${fails ? 'failed' : 'active'} ;;
*is-enabled*) echo enabled ;;
*status*) echo 'rsyslogd: error on line 3' ;;
esac`,
    });
    fake.write('show', `${show}\n`);
    return fake;
  };
  const acts = (calls: readonly string[]) => calls.filter((call) => !/show|is-failed|is-enabled/.test(call));

  test.each([
    [{ name: 'x', state: 'started' }, unit(stopped), ['systemctl [start] [--] [x.service]']],
    [{ name: 'x.timer', state: 'stopped' }, unit(), ['systemctl [stop] [--] [x.timer]']],
    [
      { name: 'x', state: 'restarted', no_block: true },
      unit(),
      ['systemctl [--no-block] [restart] [--] [x.service]'],
    ],
    [{ name: 'x', state: 'reloaded' }, unit(), ['systemctl [reload-or-restart] [--] [x.service]']],
    [
      { name: 'x', state: 'restarted', daemon_reload: true, enabled: true, masked: false },
      unit({ UnitFileState: 'masked' }),
      [
        'systemctl [daemon-reload]',
        'systemctl [-q] [unmask] [--] [x.service]',
        'systemctl [-q] [enable] [--] [x.service]',
        'systemctl [restart] [--] [x.service]',
      ],
    ],
    [{ daemon_reload: true }, unit({}, { needsReload: true }), ['systemctl [daemon-reload]']],
    [
      { name: 'x', enabled: true, force: true },
      unit({ UnitFileState: 'disabled' }),
      ['systemctl [-q] [enable] [--force] [--] [x.service]'],
    ],
    [
      { name: 'x', state: 'restarted' },
      unit({}, { needsReload: true }),
      ['systemctl [daemon-reload]', 'systemctl [restart] [--] [x.service]'],
    ],
  ] as const)('%j', async (want, have, expected) => {
    const fake = host();
    const { code } = await fake.run(unitScript(want, unitChanges(want, have), have));
    expect(code).toBe(0);
    expect(acts(fake.calls())).toEqual(expected);
  });

  test.each(['started', 'restarted', 'reloaded'] as const)(
    'a file that was changed after the host was asked is read before the unit is %s',
    async (state) => {
      const have = unit(stopped);
      const want = { name: 'x', state };
      const fake = host('NeedDaemonReload=yes');
      const { code } = await fake.run(unitScript(want, unitChanges(want, have), have));
      expect([code, acts(fake.calls())[0]]).toEqual([0, 'systemctl [daemon-reload]']);
    },
  );

  test('a unit that has failed after its start fails the step and shows its last words', async () => {
    const fake = host('Type=simple', true);
    const want = { name: 'x', state: 'restarted' } as const;
    const { code, stderr } = await fake.run(unitScript(want, unitChanges(want, unit()), unit()));
    expect([code, stderr]).toEqual([1, 'rsyslogd: error on line 3\n']);
  });
});

test('the answer of systemd is read', () => {
  const output = {
    code: 0,
    stderr: '',
    stdout:
      'init systemd\nsystemd yes\nenablement x.service static\nshown\nLoadState=loaded\nActiveState=active\nNeedDaemonReload=yes\n',
  };
  const probe = probeUnit('x', false, true);
  const answers = probe.asks.map(({ kind, question }) => kind.read(output, [question])[0]);
  const state = probe.read(answers);
  expect([state.systemd, state.enablement, state.needsReload]).toEqual([true, 'static', true]);
  expect(state.properties.get('ActiveState')).toBe('active');
});

test.each([
  [systemd, {}, /name.*daemon_reload/],
  [systemd, { name: 'a b' }, /name/],
  [systemd, { name: 'x', scope: 'all' }, /scope/],
  [service, { name: 'x', state: 'running' }, /state/],
  [service, { name: 'x', scope: 'user' }, /scope/],
])('$name refuses %j', (resource, value, message) => {
  expect(() => prepared(resource, value)).toThrow(message);
});

describe('units of users', () => {
  const asked = async (scope: UserScope, answers: Readonly<Record<string, string>>) => {
    const fake = new FakeHost(fresh(), {
      systemctl: `case "$*" in
*is-system-running*) echo '${answers.running ?? 'running'}' ;;
*is-enabled*) echo '${answers.enabled ?? ''}' ;;
*'-p NeedDaemonReload '*) echo 'NeedDaemonReload=${answers.reload ?? 'no'}' ;;
*show*LoadState*) echo LoadState=loaded; echo ActiveState=inactive ;;
esac`,
    });
    const state = await fake.look<UnitState>(systemd, prepared(systemd, { name: 'x', scope }));
    return { fake, state };
  };

  test('of the user that the task becomes', async () => {
    const { fake, state } = await asked('user', { enabled: 'disabled', reload: 'yes' });
    const want = { name: 'x', scope: 'user', state: 'started', enabled: true } as const;
    expect(refuseUnit(want, state)).toEqual([]);
    expect(fake.calls().every((call) => call.startsWith('systemctl [--user] '))).toBe(true);
    const { code } = await fake.run(unitScript(want, unitChanges(want, state), state));
    expect(code).toBe(0);
    expect(fake.calls().filter((call) => !call.includes('show'))).toEqual([
      'systemctl [--user] [daemon-reload]',
      'systemctl [--user] [-q] [enable] [--] [x.service]',
      'systemctl [--user] [start] [--] [x.service]',
    ]);
  });

  test('whose systemd does not run', async () => {
    const { state } = await asked('user', { running: 'offline' });
    expect(refuseUnit({ name: 'x', scope: 'user' }, state)).toEqual([
      expect.stringMatching(/the systemd of this user does not run \(offline\).*loginctl enable-linger/),
    ]);
  });

  test.each([
    ['disabled', true, ['enabled: false -> true']],
    ['enabled', true, []],
    ['masked', true, /is masked/],
    ['', true, /there is no unit x\.service/],
  ] as const)('what all users get: %j', async (enabled, wanted, expected) => {
    const { state } = await asked('global', { enabled });
    const want = { name: 'x', scope: 'global', enabled: wanted } as const;
    const changes = unitChanges(want, state).map(
      ({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`,
    );
    if (expected instanceof RegExp) expect(refuseUnit(want, state).join()).toMatch(expected);
    else expect([refuseUnit(want, state), changes]).toEqual([[], expected]);
    expect(refuseUnit({ ...want, state: 'started' }, state).join()).toContain('scope: user');
  });
});

test('systemd is executed again each time, before anything else', async () => {
  const want = prepared(systemd, { daemon_reexec: true }) as never;
  expect(systemd.repeats?.(want)).toBe(true);
  const all = { name: 'x', state: 'restarted', daemon_reexec: true, daemon_reload: true } as const;
  const script = unitScript(all, unitChanges(all, unit()), unit());
  expect(script.match(/systemctl (daemon-\w+|restart)/g)).toEqual([
    'systemctl daemon-reexec',
    'systemctl daemon-reload',
    'systemctl restart',
  ]);
});

test('a restart is not asked again, and check mode need not wait for what it follows', () => {
  const restarted = prepared(service, { name: 'x', state: 'restarted' }) as never;
  const started = prepared(service, { name: 'x', state: 'started' }) as never;
  expect([service.repeats?.(restarted), service.follows?.(restarted)]).toEqual([true, false]);
  expect([service.repeats?.(started), service.follows?.(started)]).toEqual([false, true]);
});
