import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  heldChange,
  heldPlays,
  heldTask,
  linesOf,
  messageOf,
  warningsOf,
} from '../../helpers/runner/held-change.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject(heldChange);

const log = () => linesOf(project.path('log'));

describe('hosts are released', () => {
  test('when one of them cannot be held: then nothing is changed', async () => {
    const done = await project.run(heldPlays({ hold: 'mkdir DIR/one || { echo trouble >&2; exit 3; }' }), {
      hosts: 3,
    });
    expect(log()).toEqual(['hold', 'hold', 'release', 'release']);
    expect(messageOf(done)).toMatch(
      /^[bc] could not be held: exit code 3: mkdir: .*exists\ntrouble\nnothing was changed, and the hosts that were held are released$/,
    );
    expect([done.exitCode, done.recap.a?.failed, done.recap.b?.failed]).toEqual([2, 1, 0]);
  });

  test('when the connection to one of them is lost: it is named, and the dead-man with it', async () => {
    const done = await project.run(heldPlays({ hosts: '[b]', hold: 'kill -9 $$' }), { hosts: 3 });
    expect(log()).toEqual(['hold', 'release']);
    expect(messageOf(done)).toContain('b could not be held: the shell on the host ended');
  });

  test('when the change fails', async () => {
    const done = await project.run(heldPlays({ change: 'echo no >&2; exit 4' }), { hosts: 3 });
    expect(log()).toEqual(['hold', 'hold', 'change', 'release', 'release']);
    expect(messageOf(done)).toBe('exit code 4: no');
    const { result } = done.results.find(({ name }) => name === 'act') ?? {};
    expect(result?.held_milliseconds).toBeGreaterThan(0);
  });

  test('when the connection to the acting host is lost', async () => {
    const done = await project.run(heldPlays({ change: 'kill -9 $$' }), { hosts: 3 });
    expect(log()).toEqual(['hold', 'hold', 'change', 'release', 'release']);
    expect([done.exitCode, done.recap.a?.unreachable]).toEqual([4, true]);
  });

  test('when the run is interrupted', async () => {
    const stop = new AbortController();
    const running = project.run(heldPlays({ hold: 'sleep 1' }), { hosts: 3, stop: stop.signal });
    while (log().length < 2) await sleep(10);
    stop.abort();
    expect((await running).exitCode).toBe(130);
    expect(log()).toEqual(['hold', 'hold', 'change', 'release', 'release']);
  });

  test('when everything is cut off they are not, and are named with their dead-man', async () => {
    const kill = new AbortController();
    const running = project.run(heldPlays({ hosts: '[b]', hold: 'sleep 5' }), {
      hosts: 3,
      kill: kill.signal,
    });
    while (log().length < 1) await sleep(10);
    kill.abort();
    expect(warningsOf(await running)[0]).toMatch(
      /^b: held while a ran 'act', and could not be released: .*dead-man/,
    );
    expect(log()).toEqual(['hold']);
  });

  test('and one that cannot be is reported with its reason: the task has not failed', async () => {
    const release = 'mkdir DIR/one || { echo stuck >&2; exit 5; }';
    const done = await project.run(heldPlays({ release }), { hosts: 3 });
    expect(warningsOf(done)).toEqual([
      expect.stringMatching(
        /^[bc]: held while a ran 'act', and could not be released: exit code 5: .*\nstuck; the dead-man's timer of its hold ends it$/,
      ),
    ]);
    expect(done.lines).toContain('a act changed');
  });

  test('and with no_log nothing of the reason is reported', async () => {
    const secret = heldPlays({ release: 'echo secret >&2; exit 5' }).replace(
      '{ name: act,',
      '{ name: act, no_log: true,',
    );
    const shown = warningsOf(await project.run(secret, { hosts: 3 }));
    expect(shown).toHaveLength(2);
    expect(shown.join()).toContain('hidden because of no_log');
    expect(shown.join()).not.toContain('secret');
  });
});

describe('a host that cannot be held', () => {
  const left = (host: string, why: string) =>
    `${host}: not held while a runs 'act': ${why}; lines that it sends meanwhile may be lost`;

  test('because it is unreachable is warned of; the others are held', async () => {
    project.write('host_vars/b.yml', 'ansible_connection: ssh\nansible_host: 127.0.0.1\nansible_port: 1\n');
    const done = await project.run(heldPlays(), { hosts: 3 });
    expect(done.recap.b?.unreachable).toBe(true);
    expect(warningsOf(done)).toEqual([left('b', 'it cannot be reached')]);
    expect(log()).toEqual(['hold', 'change', 'release']);
  });

  test.each([
    ['', []],
    [' and is read by templates', ['a use ok']],
  ])('because --limit leaves it out%s is warned of', async (_words, lines) => {
    const use =
      lines.length > 0
        ? `\n    - { name: use, debug: { msg: "{{ hostvars['b'].inventory_hostname }}" } }`
        : '';
    const done = await project.run(heldPlays() + use.trimStart().replace(/^/, '    '), {
      hosts: 3,
      limit: 'a',
    });
    expect(warningsOf(done)).toEqual([
      left('b', '--limit leaves it out'),
      left('c', '--limit leaves it out'),
    ]);
    expect(log()).toEqual(['change']);
    expect(done.lines).toEqual(expect.arrayContaining(['a act changed', ...lines]));
  });

  test('because its hold does not come to an end is warned of, after a bound; the others are held, and it is released too', async () => {
    const hold = 'mkdir DIR/one && exec sleep 300; :';
    const began = performance.now();
    const done = await project.run(
      heldPlays({ hold, patience: 1, change: 'echo $provision_unheld left >&2' }),
      {
        hosts: 3,
      },
    );
    expect(performance.now() - began).toBeLessThan(30_000);
    expect(log()).toEqual(['hold', 'hold', 'change', 'release', 'release']);
    expect(warningsOf(done)).toEqual([
      expect.stringMatching(
        /^[bc]: not held while a runs 'act': its hold did not end within 1 s; lines that it sends meanwhile may be lost$/,
      ),
    ]);
    expect(messageOf(done)).toMatch(/^2 hosts held for \S+ s\n1 left$/);
    expect([done.exitCode, done.recap.a?.changed]).toEqual([0, 1]);
  });

  test('and one whose release does not come to an end is reported: the run goes on', async () => {
    const done = await project.run(heldPlays({ hosts: '[b]', release: 'sleep 300', patience: 1 }), {
      hosts: 3,
    });
    expect(warningsOf(done)).toEqual([
      "b: held while a ran 'act', and could not be released: its release did not end within 1 s; the dead-man's timer of its hold ends it",
    ]);
    expect([log(), done.exitCode]).toEqual([['hold', 'change', 'release'], 0]);
  });

  test('because no play concerns it is warned of', async () => {
    const done = await project.run(`- hosts: a\n  tasks:\n    - ${heldTask({ hosts: '[b]' })}\n`, {
      hosts: 2,
    });
    expect(warningsOf(done)).toEqual([left('b', 'no play of this run concerns it')]);
  });

  test.each([
    ['[b, x]', 'x, which is to be held, is not a host of the inventory'],
    ['[b, a]', 'a is to be held while it makes this change itself: leave it out of the hosts to hold'],
  ])('because %s is wrong fails the task', async (hosts, reason) => {
    const done = await project.run(heldPlays({ hosts }), { hosts: 3 });
    expect(messageOf(done)).toBe(reason);
    expect(log()).toEqual([]);
  });
});
