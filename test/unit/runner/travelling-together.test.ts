import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { scriptProbe } from '../../../src/probes/script.ts';
import type { HostResource } from '../../../src/resources/resource.ts';
import { quote } from '../../../src/shell/quote.ts';
import { letters } from '../../helpers/letters/letters.ts';
import { emptyProject, type LocalRun } from '../../helpers/runner/local-run.ts';

const described = {
  kind: 'host',
  summary: 'As a service: it may be forbidden to act',
  schema: Type.Object(
    { directory: Type.String({ description: 'where the files are' }) },
    { additionalProperties: false },
  ),
  paths: ({ directory }: { directory: string }) => [`${directory}/`],
  probe: ({ directory }: { directory: string }) =>
    scriptProbe({
      script: `[ ! -e ${quote(`${directory}/forbidden`)} ] || echo no`,
      parse: ({ stdout }) => stdout === '',
    }),
} as const;

/** Sees what the other one sees. */
const watch: HostResource<{ directory: string }, boolean> = {
  ...described,
  name: 'watch',
  effect: 'read',
  diff: () => [],
  steps: () => [],
};

/** Acts whatever the host is like, as a restart. */
const act: HostResource<{ directory: string }, boolean> = {
  ...described,
  name: 'act',
  effect: 'opaque',
  repeats: () => true,
  refuse: (_want, allowed) => (allowed ? [] : ['it is forbidden']),
  diff: () => [{ attribute: 'state', to: 'restarted' }],
  steps: ({ directory }) => [{ kind: 'script', script: `cd ${quote(directory)} && cat one two >>log` }],
};

const project = emptyProject(...letters.resources, watch, act);

const read = (name: string) => readFileSync(project.path(name), 'utf8');
/** Programs beside the one that opens the host. */
const programs = ({ recap }: LocalRun) => (recap.a?.execs ?? 0) - 1;

describe('a handler', () => {
  const play = (restart: string, more = '') => `
- hosts: all
  tasks:
    - { name: seen, watch: { directory: DIR } }
    - { name: one, copy: { dest: DIR/one, content: "1" }, notify: restart }
    - { name: two, copy: { dest: DIR/two, content: "2" } }
${more}
  handlers:
    - { name: restart, ${restart} }
`;
  const command = 'act: { directory: DIR }';

  test('that acts whatever the host is like travels with the changes, behind them', async () => {
    const done = await project.run(play(command));
    expect(done.lines).toEqual(['a seen ok', 'a one changed', 'a two changed', 'a restart changed']);
    expect(read('log')).toBe('12');
    // The questions, the queue, and what the play leaves to be cleaned up.
    expect(programs(done)).toBe(3);
    const planned = await project.run(play(command), { check: true });
    expect(planned.lines).toEqual(['a seen ok', 'a one ok', 'a two ok']);
  });

  test('is judged by the host as the changes leave it, when what was seen before speaks against it', async () => {
    project.write('forbidden', '');
    const allow = '    - { name: allow, file: { path: DIR/forbidden, state: absent } }';
    const done = await project.run(play(command, allow));
    expect(done.lines).toEqual([
      'a seen ok',
      'a one changed',
      'a two changed',
      'a allow changed',
      'a restart changed',
    ]);
    expect(read('log')).toBe('12');
    expect(programs(done)).toBe(4);
  });

  test('travels with all others that act so, and what stands behind them is asked in the same program', async () => {
    const several = `
- hosts: all
  tasks:
    - { name: seen, watch: { directory: DIR } }
    - { name: one, copy: { dest: DIR/one, content: "1" }, notify: restart }
    - { name: two, copy: { dest: DIR/two, content: "2" } }
    - meta: flush_handlers
    - { name: behind, watch: { directory: DIR } }
  handlers:
    - { name: first, ${command}, listen: restart }
    - { name: second, ${command}, listen: restart }
`;
    const done = await project.run(several);
    expect(done.lines.slice(3)).toEqual(['a first changed', 'a second changed', 'a behind ok']);
    expect(read('log')).toBe('1212');
    expect(programs(done)).toBe(3);
  });

  test('waits where a handler before it notifies another, which may stand anywhere', async () => {
    const chain = `
- hosts: all
  tasks:
    - { name: seen, watch: { directory: DIR } }
    - { name: one, copy: { dest: DIR/one, content: "1" }, notify: second }
    - { name: two, copy: { dest: DIR/two, content: "2" }, notify: third }
  handlers:
    - { name: first, ${command} }
    - { name: second, ${command}, notify: first }
    - { name: third, ${command} }
`;
    const done = await project.run(chain);
    expect(done.lines.slice(3)).toEqual(['a second changed', 'a first changed', 'a third changed']);
    expect(read('log')).toBe('121212');
    expect(programs(done)).toBe(4);
  });

  test('that looks at the host first is asked behind them', async () => {
    const done = await project.run(play('copy: { src: DIR/one, dest: DIR/three, remote_src: true }'));
    expect(done.lines.at(-1)).toBe('a restart changed');
    expect(read('three')).toBe('1');
    expect(programs(done)).toBe(4);
  });

  test('waits where changed_when has a say', async () => {
    const judged =
      '    - { name: said, lineinfile: { path: DIR/one, line: x }, changed_when: false, notify: restart }';
    const done = await project.run(play(command, judged));
    expect(done.lines.slice(3)).toEqual(['a said ok', 'a restart changed']);
    expect(programs(done)).toBeGreaterThan(3);
  });

  test('is not begun when a change before it fails, and owed to the next run', async () => {
    const fails = '    - { name: bad, copy: { dest: DIR/none/bad, content: x } }';
    const failed = await project.run(play(command, fails));
    expect(failed.lines).toEqual(['a seen ok', 'a one changed', 'a two changed', 'a bad failed']);
    expect(existsSync(project.path('log'))).toBe(false);
    mkdirSync(project.path('none'));
    const done = await project.run(play(command, fails));
    expect(done.lines).toEqual(['a seen ok', 'a one ok', 'a two ok', 'a bad changed', 'a restart changed']);
    expect(read('log')).toBe('12');
  });
});

describe('files of a queue', () => {
  const files = (...names: readonly string[]) => `
- hosts: all
  tasks:
${names.map((name) => `    - { name: ${name}, copy: { dest: DIR/${name}, content: ${name} } }`).join('\n')}
`;

  test('are written in one program, and a failure stands at its own', async () => {
    const done = await project.run(files('a', 'none/b', 'c'));
    expect(done.lines).toEqual(['a a changed', 'a none/b failed']);
    expect(done.results[1]?.message).toContain('does not exist');
    expect(read('a')).toBe('a');
    const there = readdirSync(project.directory).filter(
      (name) => !['play.yml', 'run', 'state'].includes(name),
    );
    expect(there).toEqual(['a']);
    // The questions, all together, and then each for itself.
    expect(programs(done)).toBe(3);
    mkdirSync(project.path('none'));
    const again = await project.run(files('a', 'none/b', 'c'));
    expect(again.lines).toEqual(['a a ok', 'a none/b changed', 'a c changed']);
    expect(programs(again)).toBe(3);
  });
});

test('what a play leaves to be cleaned up travels with the next program', async () => {
  const plays = ['one', 'two', 'three']
    .map((name) => `- hosts: all\n  tasks:\n    - { copy: { dest: DIR/${name}, content: x } }\n`)
    .join('');
  const done = await project.run(plays);
  expect(done.lines).toHaveLength(3);
  expect(programs(done)).toBe(5);
  expect(existsSync(project.path('state'))).toBe(false);
});

test("a domain's question travels with the steps before it, and its script with those behind", async () => {
  const play = (lines: string) => `
- hosts: all
  tasks:
    - { name: before, copy: { dest: DIR/before, content: x } }
    - { name: write, letter: { file: DIR/letter, lines: [${lines}] } }
    - { name: behind, copy: { dest: DIR/behind, content: x } }
`;
  const done = await project.run(play('seal, last'), { domains: [letters] });
  expect(done.lines[1]).toBe('a write failed');
  project.write('letter', '');
  const sealed = await project.run(play('seal, last'), { domains: [letters] });
  expect(sealed.lines).toEqual(['a before ok', 'a write changed', 'a behind changed']);
  expect(read('letter')).toBe('sealed after 0\nlast\n');
  expect(programs(sealed)).toBe(4);
});

test('a command is reported before the next is begun', async () => {
  const seen: string[] = [];
  const play = `
- hosts: all
  tasks:
    - { name: one, command: touch DIR/one }
    - { name: two, command: touch DIR/two }
`;
  const done = await project.run(play, {
    report: (event) => {
      if (event.type === 'task-result') seen.push(`${event.name} ${existsSync(project.path('two'))}`);
    },
  });
  expect(seen).toEqual(['one false', 'two true']);
  // Nothing is asked of them; cleaning up comes last.
  expect(programs(done)).toBe(3);
});
