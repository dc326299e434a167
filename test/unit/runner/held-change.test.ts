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

describe('a held change', () => {
  test('holds, changes, releases, and reports for how long', async () => {
    const done = await project.run(heldPlays({ hold: 'sleep 0.2' }), { hosts: 3 });
    expect(log()).toEqual(['hold', 'hold', 'change', 'release', 'release']);
    const { result } = done.results.find(({ name }) => name === 'act') ?? {};
    expect(messageOf(done)).toMatch(/^2 hosts held for 0\.\d\d s$/);
    expect(result?.held_milliseconds).toBeGreaterThanOrEqual(200);
    expect(result?.held_milliseconds).toBeLessThan(3000);
    expect([done.recap.b?.changed, done.recap.c?.changed, done.recap.a?.changed]).toEqual([0, 0, 1]);
    expect(warningsOf(done)).toEqual([]);
  });

  test('lets its change know how many could not be held, and what the change has to say', async () => {
    const done = await project.run(heldPlays({ change: 'echo $provision_unheld left >&2' }), {
      hosts: 3,
      limit: 'a,b',
    });
    expect(messageOf(done)).toMatch(/^1 host held for \S+ s\n1 left$/);
  });

  test('counts what it runs on the hosts that it holds', async () => {
    const alone = await project.run(heldPlays({ hosts: '[]' }), { hosts: 3 });
    expect(log()).toEqual(['change']);
    expect(messageOf(alone)).toBe('');
    const holding = await project.run(heldPlays(), { hosts: 3 });
    expect((holding.recap.b?.execs ?? 0) - (alone.recap.b?.execs ?? 0)).toBe(2);
  });

  test('holds nothing in check mode', async () => {
    const done = await project.run(heldPlays(), { hosts: 3, check: true });
    expect(log()).toEqual([]);
    expect(done.lines).toContain('a act changed');
  });

  test('comes after the changes before it and before those behind it', async () => {
    await project.run(
      `
- hosts: all
  tasks:
    - ping:
- hosts: a
  tasks:
    - { copy: { dest: DIR/before, content: x } }
    - ${heldTask({ change: 'test -e DIR/before' })}
    - { shell: "echo behind >>DIR/log" }
`,
      { hosts: 3 },
    );
    expect(log()).toEqual(['hold', 'hold', 'change', 'release', 'release', 'behind']);
  });

  test('holds a host once that is named twice, and one on which a task has failed', async () => {
    const done = await project.run(
      `
- hosts: b
  tasks:
    - { fail: { msg: x }, when: inventory_hostname == 'b' }
    - ping:
- hosts: a
  tasks:
    - ${heldTask({ hosts: '[b, b]' })}
`.replace('- hosts: b', '- hosts: all'),
      { hosts: 2 },
    );
    expect(log()).toEqual(['hold', 'change', 'release']);
    expect(done.lines).toContain('a act changed');
  });

  test('works with one fork, from a loop and from a delegated task', async () => {
    const done = await project.run(
      `
- hosts: all
  tasks:
    - ping:
- hosts: b
  tasks:
    - name: act
      held_change: { hosts: [b, c, d], hold: "echo hold >>DIR/log", change: "echo {{ item }} >>DIR/log", release: "echo release >>DIR/log" }
      delegate_to: a
      loop: [1, 2]
`,
      { hosts: 4, forks: 1 },
    );
    const once = (item: string) => ['hold', 'hold', 'hold', item, 'release', 'release', 'release'];
    expect(log()).toEqual([...once('1'), ...once('2')]);
    expect(done.exitCode).toBe(0);
  });
});

describe('meanwhile', () => {
  test('a held host does nothing of its own, and waits for nobody', async () => {
    const own = Array.from(
      { length: 8 },
      () => `    - { shell: "echo own >>DIR/log", when: inventory_hostname == 'b' }`,
    );
    const done = await project.run(
      `
- hosts: all
  tasks:
    - ${heldTask({ hosts: '[b]', hold: 'sleep 0.4' }).replace('{ name', "{ when: inventory_hostname == 'a', name")}
${own.join('\n')}
`,
      { hosts: 2, forks: 1 },
    );
    expect(done.exitCode).toBe(0);
    const lines = log();
    const [from, to] = [lines.indexOf('hold'), lines.indexOf('release')];
    expect(lines.slice(from, to + 1)).toEqual(['hold', 'change', 'release']);
    expect(lines.filter((line) => line === 'own')).toHaveLength(8);
  });

  test('nobody else holds: one held change comes after the other', async () => {
    const act = (host: string) =>
      heldTask({ hosts: '[c]', change: 'sleep 0.2' }).replace(
        '{ name',
        `{ when: inventory_hostname == '${host}', name`,
      );
    const done = await project.run(
      `
- hosts: all
  tasks:
    - ${act('a')}
    - ${act('b')}
`,
      { hosts: 3 },
    );
    expect(done.exitCode).toBe(0);
    expect(log()).toEqual(['hold', 'change', 'release', 'hold', 'change', 'release']);
  });

  test('two hosts that hold each other do not wait for ever', async () => {
    const act = (host: string, other: string) =>
      heldTask({ hosts: `[${other}]` }).replace('{ name', `{ when: inventory_hostname == '${host}', name`);
    await project.run(`\n- hosts: all\n  tasks:\n    - ${act('a', 'b')}\n    - ${act('b', 'a')}\n`, {
      hosts: 2,
      forks: 1,
    });
    expect(log()).toEqual(['hold', 'change', 'release', 'hold', 'change', 'release']);
  });

  test('what was known of a held host grows old', async () => {
    const done = await project.run(
      `
- hosts: a
  tasks:
    - ${heldTask({ hosts: '[b]', hold: 'touch DIR/mark' })}
- hosts: b
  tasks:
    - { stat: { path: DIR/mark }, register: mark }
    - { name: known, assert: { that: mark.stat.exists } }
`,
      { hosts: 2 },
    );
    expect(done.lines).toContain('b known ok');
  });
});
