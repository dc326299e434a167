import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type PackageAnswer, packages } from '../../../src/probes/package.ts';
import { ask } from '../../helpers/probes/kind-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { shells } from '../../helpers/shell/shells.ts';

const fresh = scratch();

// Names are printed as dpkg prints them: those that it knows on stdout, the others on stderr with code 1.
const dpkgQuery = `#!/bin/sh
printf '%s\\n' "$*" >>"$FAKE/log"
case "$*" in
*Provides*) printf 'installed mail-transport-agent, smtp (= 1)\\ninstalled \\ndeinstall smtp-gone\\ninstalled $(touch pwned)\\n' ;;
*)
  printf 'known\\tinstalled\\tlibc6\\tamd64\\t2.36-9\\nknown\\tinstalled\\tlibc6\\ti386\\t2.36-9\\n'
  printf 'known\\tconfig-files\\tnano\\tamd64\\t7.2-1\\nknown\\tinstalled\\trsyslog\\tamd64\\t8.1\\n'
  echo 'dpkg-query: no packages found matching x' >&2
  exit 1 ;;
esac
`;

function host(tools: Readonly<Record<string, string>>) {
  const directory = fresh();
  mkdirSync(join(directory, 'bin'));
  for (const [name, code] of Object.entries(tools)) {
    writeFileSync(join(directory, 'bin', name), code);
    chmodSync(join(directory, 'bin', name), 0o755);
  }
  return {
    directory,
    ask: (asks: Parameters<typeof ask>[0], shell = shells[0], alter = (script: string) => script) =>
      ask(asks, shell, { PATH: `${directory}/bin:${process.env.PATH}`, FAKE: directory }, (script) =>
        alter(script.replaceAll('/var/lib/apt', join(directory, 'apt'))),
      ),
    calls: () => {
      const log = join(directory, 'log');
      return existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : [];
    },
  };
}

const debian = { 'dpkg-query': dpkgQuery, 'apt-get': '#!/bin/sh\n' };
const named = (names: readonly string[], provides = true, age = false) => packages({ names, provides, age });
const known = (answers: readonly unknown[]) =>
  answers.map((answer) =>
    (answer as PackageAnswer).known.map(
      ({ name, architecture, status }) => `${name}:${architecture} ${status}`,
    ),
  );

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('in %s', (_name, shell) => {
  test('the names of all tasks are one call, and each task hears of its own', () => {
    const machine = host(debian);
    const { answers, sections, programs } = machine.ask(
      [named(['rsyslog']), named(['libc6:i386', 'rsyslog']), named(['libc6'])],
      shell,
    );
    expect(sections).toBe(1);
    expect(machine.calls()).toEqual([expect.stringMatching(/ -- rsyslog libc6:i386 libc6$/)]);
    expect(known(answers)).toEqual([
      ['rsyslog:amd64 installed'],
      ['libc6:i386 installed', 'rsyslog:amd64 installed'],
      ['libc6:amd64 installed', 'libc6:i386 installed'],
    ]);
    if (programs !== undefined) expect(programs).toBe(1);
  });

  test('the package lists are looked through only where something is missing, and only if somebody wants to know', () => {
    const aptCache =
      '#!/bin/sh\necho "$*" >>"$FAKE/log"\nprintf "nano:\\n  Candidate: 7\\nsmtp:\\n  Candidate: (none)\\n"\n';
    const machine = host({ ...debian, 'apt-cache': aptCache });
    const wanting = (names: readonly string[]) =>
      packages({ names, provides: true, age: false, available: true });
    expect(
      (machine.ask([wanting(['rsyslog'])], shell).answers[0] as PackageAnswer).available,
    ).toBeUndefined();
    expect((machine.ask([named(['x'])], shell).answers[0] as PackageAnswer).available).toBeUndefined();
    expect(machine.calls().filter((call) => call.includes('policy'))).toEqual([]);
    const [answer] = machine.ask([wanting(['nano', 'x'])], shell).answers as PackageAnswer[];
    expect([...(answer?.available?.names ?? [])]).toEqual(['nano', 'smtp']);
    expect(answer?.known.map(({ name }) => name)).toEqual(['nano']);
    expect(machine.calls().filter((call) => call.includes('policy'))).toEqual([
      expect.stringMatching(/ policy -- nano x$/),
    ]);
  });

  test('who provides what is asked once, and only where something is missing that must be there', () => {
    const machine = host(debian);
    const gone = machine.ask([named(['nano', 'x'], false), named(['rsyslog'])], shell);
    expect(known(gone.answers)).toEqual([['nano:amd64 config-files'], ['rsyslog:amd64 installed']]);
    expect(machine.calls()).toHaveLength(1);
    const { answers } = machine.ask([named(['nano', 'smtp']), named(['x', 'mail-transport-agent'])], shell);
    const [first, second] = answers as readonly PackageAnswer[];
    expect([...(first?.provided ?? [])]).toEqual(['mail-transport-agent', 'smtp']);
    expect(second?.provided).toEqual(first?.provided);
    expect(machine.calls().filter((call) => call.includes('Provides'))).toHaveLength(1);
  });

  test('when the lists were fetched is asked where it matters, whether there are any always', () => {
    const machine = host(debian);
    const [none] = machine.ask([named(['rsyslog'], true, true)], shell).answers as readonly PackageAnswer[];
    expect([none?.lists, none?.fetched]).toEqual([false, undefined]);
    mkdirSync(join(machine.directory, 'apt/lists'), { recursive: true });
    writeFileSync(join(machine.directory, 'apt/lists/x_Release'), '');
    const asked = [named(['rsyslog']), named([], true, true)];
    const { answers, programs } = machine.ask(asked, shell);
    const [idle, dated] = answers as readonly PackageAnswer[];
    expect([idle?.lists, idle?.fetched, dated?.lists]).toEqual([true, undefined, true]);
    expect(Math.abs((dated?.fetched ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    if (programs !== undefined) expect(programs).toBe(2);
  });
});

test('a host without apt names what it has, with no process', () => {
  const machine = host({ dnf: '#!/bin/sh\n' });
  const alone = (script: string) => `PATH=\${PATH%%:*}\n${script}`;
  const { answers, programs } = machine.ask([named(['x'])], undefined, alone);
  expect(answers).toEqual([expect.objectContaining({ apt: false, other: 'dnf', known: [] })]);
  if (programs !== undefined) expect(programs).toBe(0);
});

test('nonsense is no package', () => {
  const { kind, question } = named(['x', '']);
  const stdout = 'apt yes\nknown\tx\nknown\t\t\t\t\nfetched soon\nother $(id)\n';
  const [answer] = kind.read({ code: 0, stdout, stderr: '' }, [question]);
  expect(answer).toMatchObject({ apt: true, other: undefined, known: [], fetched: undefined });
});
