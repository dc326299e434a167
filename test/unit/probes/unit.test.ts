import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askedOnce } from '../../../src/planner/asked.ts';
import { type ClockAnswer, clock } from '../../../src/probes/clock.ts';
import { startedAt } from '../../../src/probes/process-start.ts';
import { unit } from '../../../src/probes/unit.ts';
import type { UnitAnswer } from '../../../src/probes/unit-answer.ts';
import { ask } from '../../helpers/probes/kind-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();

// As systemd 252 does: it ends at a name that it cannot take, and is-enabled at a unit that is not there.
const systemctl = `#!/bin/sh
PATH=/usr/bin:/bin
printf '%s\\n' "$*" >>"$FAKE/log"
case $1 in
is-enabled) shift 2
  for unit; do
    case $unit in
    gone.service) echo "Failed to get unit file state for $unit: No such file or directory" >&2; exit 1 ;;
    old.service) echo "$unit is not a native service, redirecting to systemd-sysv-install." >&2; echo disabled ;;
    static.service) echo static ;;
    *) echo enabled ;;
    esac
  done ;;
show)
  case "$*" in *NeedDaemonReload\\ \\**) cat "$FAKE/reload" 2>/dev/null; exit 0 ;; esac
  shift 4
  first=yes
  for unit; do
    [ "$first" = yes ] || echo
    first=no pid=0 load=loaded id=$unit
    case $unit in
    broken.service) echo 'Failed to get properties' >&2; exit 1 ;;
    liar.service) id=other.service ;;
    sshd.service) id=ssh.service pid=$PARENT ;;
    gone.service) load=not-found ;;
    esac
    printf 'MainPID=%s\\nType=notify\\nId=%s\\nNames="%s" %s\\nLoadState=%s\\nActiveState=active\\n' "$pid" "$id" "$id" "$([ "$id" = other.service ] || echo "$unit")" "$load"
  done ;;
esac
`;

function host() {
  const directory = fresh();
  mkdirSync(join(directory, 'bin'));
  writeFileSync(join(directory, 'bin/systemctl'), systemctl);
  chmodSync(join(directory, 'bin/systemctl'), 0o755);
  const environment = {
    PATH: `${directory}/bin:${process.env.PATH}`,
    FAKE: directory,
    PARENT: String(process.pid),
  };
  return {
    // This machine need not be run by systemd.
    ask: (asks: Parameters<typeof ask>[0], shell = shells[0]) =>
      ask(asks, shell, environment, (script) => script.replaceAll('/run/systemd/system', directory)),
    answer: (name: string, text: string) => writeFileSync(join(directory, name), text),
    calls: () => readFileSync(join(directory, 'log'), 'utf8').split('\n').filter(Boolean),
  };
}

const named = (...names: string[]) => names.map((name) => unit({ name }));
const properties = (answers: readonly unknown[], property: string) =>
  answers.map((answer) => (answer as UnitAnswer).properties?.get(property) ?? answer);

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  test('many units are one section and one call, also by another name and when they are not there', () => {
    const machine = host();
    const { answers, sections, forks } = machine.ask(
      named('a.service', 'sshd.service', 'gone.service', 'x@y.timer', 'a.service'),
      shell,
    );
    expect(sections).toBe(1);
    expect(machine.calls()).toEqual([
      expect.stringMatching(/^show -p Id,.* -- a.service sshd.service gone.service x@y.timer$/),
    ]);
    expect(properties(answers, 'LoadState')).toEqual(['loaded', 'loaded', 'not-found', 'loaded', 'loaded']);
    const [first, second] = answers as readonly UnitAnswer[];
    expect([first?.began, second?.began]).toEqual([undefined, expect.any(Number)]);
    // The section, systemctl, and what the fake itself forks.
    if (forks !== undefined) expect(forks).toBeLessThanOrEqual(2 + 4);
  });

  test('enablement is one call more, and units are asked one by one when it says anything besides', () => {
    const enablement = (name: string) => unit({ name, enablement: true });
    const machine = host();
    const good = machine.ask([enablement('a.service'), enablement('static.service'), ...named('b.service')]);
    expect(good.answers.map((answer) => (answer as UnitAnswer).enablement)).toEqual([
      'enabled',
      'static',
      '',
    ]);
    expect(machine.calls()).toHaveLength(2);
    const odd = ['static.service', 'gone.service', 'old.service', 'a.service'].map(enablement);
    const { answers } = machine.ask(odd, shell);
    expect(answers.map((answer) => (answer as UnitAnswer).enablement)).toEqual([
      'static',
      '',
      'disabled',
      'enabled',
    ]);
  });

  test('a unit that systemd does not like keeps no other from being answered', () => {
    const machine = host();
    const { answers } = machine.ask(named('a.service', 'broken.service', 'b.service'), shell);
    expect(properties(answers, 'LoadState')).toEqual(['loaded', '', 'loaded']);
  });

  test('names that are none of a unit are not asked, a lie is found out', () => {
    const machine = host();
    const odd = ['template@.service', '@.service', '-x;touch y.service', '$(id).service', 'a\nb.service'];
    const { answers } = machine.ask(named('a.service', ...odd, 'liar.service'), shell);
    expect(machine.calls()).toEqual([expect.stringMatching(/-- a.service liar.service$/)]);
    expect(properties(answers, 'LoadState')).toEqual([
      'loaded',
      ...odd.map(() => ''),
      'the host was asked about the unit liar.service and answered about other.service',
    ]);
  });

  test('whether units must be read again is asked once, and concerns only who asks', () => {
    const machine = host();
    machine.answer('reload', 'NeedDaemonReload=no\n\nNeedDaemonReload=yes\n');
    const { answers } = machine.ask(
      [unit({ reload: true }), unit({ name: 'a.service', reload: true }), ...named('a.service')],
      shell,
    );
    expect(answers.map((answer) => (answer as UnitAnswer).needsReload)).toEqual([true, true, false]);
    expect(machine.calls()).toHaveLength(2);
  });

  test('when a main process began', () => {
    const { answers, programs } = host().ask([unit({ name: 'sshd.service' }), clock()], shell);
    const [{ began = 0 }, now] = answers as unknown as readonly [UnitAnswer, ClockAnswer];
    const seconds = Date.now() / 1000 - process.uptime();
    expect(Math.abs(startedAt(began, now) - seconds)).toBeLessThan(0.5);
    expect(Math.abs(now.now - Date.now() / 1000)).toBeLessThan(5);
    if (programs !== undefined) expect(programs).toBeLessThanOrEqual(3);
  });
});

test('a host without systemd shows what it has', () => {
  const { answers, programs } = ask(
    [unit({ name: 'x.service', enablement: true })],
    undefined,
    {},
    (script) => script.replaceAll('/run/systemd/system', '/nonexistent'),
  );
  const init = readFileSync('/proc/1/comm', 'utf8').trim();
  expect(answers).toEqual([expect.objectContaining({ systemd: false, init, properties: new Map() })]);
  if (programs !== undefined) expect(programs).toBe(0);
});

test.each([
  ['nothing', ''],
  ['no time', 'pid\nsoon\n'],
  ['a time that is far off', `${'1 '.repeat(30)}\n99999999999999\n`],
])('a clock that says %s is an error', (_what, stdout) => {
  const { kind, question } = clock();
  const [answer] = kind.read({ code: 0, stdout, stderr: '' }, [question]);
  expect(String(answer)).toMatch(/the host's answer about its clock has no time/);
});

test('what is not asked makes no other question: a restart and a probe of the same unit ask once', () => {
  const asks = [
    unit({ name: 'x.service' }),
    unit({ name: 'x.service', reload: false, enablement: false }),
    unit({ name: 'x.service', enablement: true }),
  ];
  const question = { become: undefined, asks, paths: [] };
  expect(askedOnce([question])).toHaveLength(2);
});

test('a section that fails is an error of each of its questions', () => {
  const [ask1] = named('x.service');
  const answers = ask1?.kind.read({ code: 127, stdout: '', stderr: 'no sh' }, [
    ask1.question,
    { reload: true },
  ]);
  expect(answers?.map(String)).toEqual([
    'ProbeError: checking the unit x.service failed with exit code 127: no sh',
    'ProbeError: checking systemd failed with exit code 127: no sh',
  ]);
});
