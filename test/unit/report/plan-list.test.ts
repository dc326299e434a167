import { describe, expect, it } from 'vitest';
import { PlanList } from '../../../src/report/plan-list.ts';
import { signOf } from '../../../src/report/plan-sign.ts';
import type { TaskResult } from '../../../src/runner/events.ts';
import { memoryOutput, recapOf, resultOf } from '../../helpers/report/sample-run.ts';

const content = (path: string, before: string, after: string) => ({
  attribute: 'content',
  ...(before === '' && { from: 'absent' }),
  text: { path, before, after },
});

function tallyOf(name: string, results: readonly TaskResult[], handler = false) {
  const byHost = Map.groupBy(results, ({ host }) => host);
  return { play: 1, task: name, name, handler, expected: byHost.size, began: 0, results: byHost };
}

function planned(...tallies: readonly ReturnType<typeof tallyOf>[]): string {
  const list = new PlanList(memoryOutput(), { diff: true });
  list.play('Web servers', ['h1', 'h2', 'h10']);
  for (const tally of tallies) list.task(tally);
  return list.lines({ h1: recapOf({ changed: 1 }), h2: recapOf({ changed: 1 }) }).join('\n');
}

describe('the sign of a planned task', () => {
  it.each([
    ['+', { status: 'changed', changes: [{ attribute: 'state', from: 'absent', to: 'file' }] }],
    ['~', { status: 'changed', changes: [{ attribute: 'mode', from: '0644', to: '0600' }] }],
    ['-', { status: 'changed', changes: [{ attribute: 'state', from: 'file', to: 'absent' }] }],
    ['>', { status: 'changed', changes: [{ attribute: 'command', to: 'make' }] }],
    ['*', { status: 'changed', handler: true, changes: [{ attribute: 'state', to: 'restarted' }] }],
    ['?', { status: 'unknown', handler: true }],
    ['!', { status: 'failed', message: 'no' }],
  ] as const)('%s', (sign, more) => {
    expect(signOf(resultOf('h1', 'a', more))).toBe(sign);
  });
});

describe('a plan', () => {
  const all = [
    tallyOf(
      'directories',
      ['a', 'b', 'c'].flatMap((item) =>
        ['h1', 'h2'].map((host) =>
          resultOf(host, 'directories', {
            item,
            status: 'changed',
            changes: [{ attribute: 'state', from: 'absent', to: 'directory' }],
          }),
        ),
      ),
    ),
    tallyOf(
      'page',
      ['h1', 'h2', 'h10'].map((host) =>
        resultOf(host, 'page', {
          status: 'changed',
          changes: [content('/var/www/index.html', '', 'one\ntwo\nthree\n')],
        }),
      ),
    ),
    tallyOf('page again', [
      resultOf('h1', 'page again', {
        status: 'changed',
        changes: [content('/var/www/index.html', '', 'one\ntwo\nthree\n')],
      }),
    ]),
    tallyOf('settings', [
      resultOf('h1', 'settings', { status: 'changed', changes: [content('/etc/app.conf', 'a\n', 'b\n')] }),
      resultOf('h2', 'settings', { status: 'changed', changes: [content('/etc/app.conf', '', 'b\n')] }),
    ]),
    tallyOf('migrate', [
      resultOf('h1', 'migrate', { status: 'changed', changes: [{ attribute: 'command', to: 'make db' }] }),
    ]),
    tallyOf(
      'reload',
      [
        resultOf('h1', 'reload', {
          status: 'changed',
          handler: true,
          changes: [{ attribute: 'state', to: 'reloaded' }],
        }),
      ],
      true,
    ),
  ];

  it('begins with its signs, and ends with what it would do by host and by file', async () => {
    await expect(`${planned(...all)}\n`).toMatchFileSnapshot('golden/plan.txt');
  });

  it('shows the same changes once: items together, later tasks by name', () => {
    const text = planned(...all);
    expect(text).toMatch(/\+ directories \(a, b, c\) +h1, h2\n {6}state: absent -> directory\n {2}\+ page /);
    expect(text.match(/\+three/g)).toHaveLength(1);
    expect(text).toContain("the same 6 lines as above, at 'page'");
  });

  it('explains only the signs that it has, and counts nothing where nothing is to be done', () => {
    expect(planned(...all).split('\n')[0]).toBe('+ create   ~ update   > run   * handler');
    expect(planned(tallyOf('fine', [resultOf('h1', 'fine')]))).toBe(
      'Plan: 2 to change, 0 unknown, 0 ok on 2 hosts',
    );
  });

  it('of one host has no table of hosts', () => {
    const text = planned(
      tallyOf('x', [
        resultOf('h1', 'x', { status: 'changed', changes: [{ attribute: 'mode', from: '1', to: '2' }] }),
      ]),
    );
    expect(text).not.toContain('By host');
  });

  it.each([
    [{}, 'nothing to do: all is as the playbook says'],
    [{ ignored: 1 }, 'nothing to do but what would fail, and may fail: see above'],
    [{ changed: 1 }, undefined],
    [{ failed: 1 }, undefined],
  ] as const)('ends with what comes next: %j', (counts, next) => {
    const lines = new PlanList(memoryOutput(), { diff: true }).lines({ h1: recapOf(counts) });
    expect(lines.find((line) => line.startsWith('nothing'))).toBe(next);
  });
});
