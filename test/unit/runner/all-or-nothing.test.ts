import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();
beforeEach(() => {
  for (const name of ['file', 'other']) writeFileSync(project.path(name), 'old');
});

const read = (name: string) => readFileSync(project.path(name), 'utf8');
const mode = (name: string) => statSync(project.path(name)).mode & 0o7777;
const tidy = () => expect(existsSync(project.path('state'))).toBe(false);

describe('a play with rollback: always', () => {
  const changes = `
    - { copy: { dest: DIR/file, content: new, mode: "0600" } }
    - { file: { path: DIR/link, state: link, src: other } }
    - { file: { path: DIR/directory, state: directory, mode: "0700" } }
    - { file: { path: DIR/tree, state: directory, mode: "u=rwX,go=", recurse: true } }
    - { file: { path: DIR/removed, state: absent } }
    - { file: { path: DIR/made/inner, state: directory } }
    - { copy: { dest: DIR/made/inner/file, content: x } }`;
  const lay = () => {
    chmodSync(project.path('file'), 0o640);
    symlinkSync('file', project.path('link'));
    for (const name of ['directory', 'tree', 'tree/deep', 'removed', 'removed/deep']) {
      mkdirSync(project.path(name));
      chmodSync(project.path(name), 0o755);
    }
    for (const name of ['tree/deep/file', 'removed/deep/file']) writeFileSync(project.path(name), 'old');
    for (const name of ['tree/deep/file', 'removed/deep/file']) chmodSync(project.path(name), 0o644);
  };
  const failing = (words: string) =>
    `- hosts: all${words}\n  tasks:${changes}\n    - { name: fails, command: "false" }\n`;

  test('puts files, links, modes, owners and directories back when a task fails', async () => {
    lay();
    const { events, exitCode } = await project.run(failing('\n  rollback: always'));
    expect(exitCode).toBe(2);
    expect(events.find(({ type }) => type === 'rolled-back')).toMatchObject({
      message: 'the files of this play were put back',
    });
    expect([read('file'), mode('file'), readlinkSync(project.path('link'))]).toEqual(['old', 0o640, 'file']);
    expect(['directory', 'tree', 'tree/deep', 'tree/deep/file'].map(mode)).toEqual([
      0o755, 0o755, 0o755, 0o644,
    ]);
    expect([read('removed/deep/file'), mode('removed/deep')]).toEqual(['old', 0o755]);
    expect(existsSync(project.path('made'))).toBe(false);
    tidy();
  });

  test('without the word they stay as the failure found them', async () => {
    lay();
    const { events } = await project.run(failing(''));
    expect(events.some(({ type }) => type === 'rolled-back')).toBe(false);
    expect([read('file'), mode('directory'), existsSync(project.path('removed'))]).toEqual([
      'new',
      0o700,
      false,
    ]);
  });

  test('a play that succeeds keeps what it did, and nothing of what was before', async () => {
    lay();
    const { exitCode } = await project.run(`- hosts: all\n  rollback: always\n  tasks:${changes}\n`);
    expect([exitCode, read('file'), mode('tree/deep')]).toEqual([0, 'new', 0o700]);
    tidy();
  });

  test('handlers that ran on the new files run again on the old ones; those that did not are still owed', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  rollback: always
  tasks:
    - { copy: { dest: DIR/file, content: new }, notify: ran }
    - { meta: flush_handlers }
    - { copy: { dest: DIR/other, content: new }, notify: owed }
    - { command: "false" }
  handlers:
    - { name: ran, shell: "cat DIR/file >>DIR/seen; echo >>DIR/seen" }
    - { name: owed, shell: "touch DIR/owed" }
`);
    expect([exitCode, read('file'), read('other'), read('seen')]).toEqual([2, 'old', 'old', 'new\nold\n']);
    expect(existsSync(project.path('owed'))).toBe(false);
  });

  test('the first Ctrl-C puts them back too', async () => {
    const stop = new AbortController();
    const { exitCode } = await project.run(
      `
- hosts: all
  rollback: always
  tasks:
    - { copy: { dest: DIR/file, content: new } }
    - { name: in flight, shell: "sleep 0.5" }
    - { copy: { dest: DIR/other, content: new } }
`,
      {
        stop: stop.signal,
        report: (event) => {
          if (event.type === 'task-start' && event.name === 'in flight') setTimeout(() => stop.abort(), 300);
        },
      },
    );
    expect([exitCode, read('file'), read('other')]).toEqual([130, 'old', 'old']);
    tidy();
  });
});

describe('a block with rollback: always', () => {
  test('is put back before its rescue; what is before and behind it stays', async () => {
    const { lines, exitCode, events } = await project.run(`
- hosts: all
  tasks:
    - { copy: { dest: DIR/before, content: x } }
    - rollback: always
      block:
        - { copy: { dest: DIR/file, content: new } }
        - { copy: { dest: DIR/before, content: y } }
        - { name: fails, command: "false" }
      rescue:
        - { name: rescue, command: cat DIR/file DIR/before, register: it }
        - { name: as before, assert: { that: it.stdout == 'oldx' } }
    - { copy: { dest: DIR/other, content: new } }
`);
    expect([exitCode, lines.at(-2)]).toEqual([0, 'a as before ok']);
    expect(events.find(({ type }) => type === 'rolled-back')).toMatchObject({
      message: 'the files of this block were put back',
    });
    expect([read('file'), read('before'), read('other')]).toEqual(['old', 'x', 'new']);
    tidy();
  });

  test('that has succeeded is put back with its play, in the right order', async () => {
    const { exitCode } = await project.run(`
- hosts: all
  rollback: always
  tasks:
    - { copy: { dest: DIR/file, content: one } }
    - rollback: always
      block: [{ copy: { dest: DIR/file, content: two } }, { copy: { dest: DIR/other, content: two } }]
    - { copy: { dest: DIR/file, content: three } }
    - { command: "false" }
`);
    expect([exitCode, read('file'), read('other')]).toEqual([2, 'old', 'old']);
    tidy();
  });
});

describe('a run that was killed in it', () => {
  const play = (last: string, where = 'play') => {
    const tasks = [
      '- { copy: { dest: DIR/file, content: new }, notify: handler }',
      '- { meta: flush_handlers }',
      '- { name: slow, shell: "test -e DIR/go || { touch DIR/begun; sleep 5; }" }',
      `- { name: last, command: ${last} }`,
    ];
    const inner = tasks.map((task) => `        ${task}`).join('\n');
    const body =
      where === 'play'
        ? `  rollback: always\n  tasks:\n${inner}`
        : `  tasks:\n    - rollback: always\n      block:\n${inner}`;
    return `- hosts: all\n${body}\n  handlers: [{ name: handler, shell: "cat DIR/file >>DIR/seen" }]\n`;
  };
  const kill = async (plays: string) => {
    const cut = new AbortController();
    const watch = setInterval(() => existsSync(project.path('begun')) && cut.abort(), 20);
    const { exitCode } = await project.run(plays, { stop: cut.signal, kill: cut.signal });
    clearInterval(watch);
    expect([exitCode, read('file')]).toEqual([130, 'new']);
    project.write('go', '');
  };

  test.each(['play', 'block'])('is gone on with by the next one (%s)', async (where) => {
    await kill(play('"true"', where));
    const { exitCode } = await project.run(play('"true"', where));
    expect([exitCode, read('file')]).toEqual([0, 'new']);
    tidy();
  });

  test.each(['play', 'block'])(
    'and if that fails all is as before the first, handlers too (%s)',
    async (where) => {
      await kill(play('"false"', where));
      const { exitCode } = await project.run(play('"false"', where));
      // Owed, for nobody knows that it had run; then for what was put back.
      expect([exitCode, read('file'), read('seen')]).toEqual([2, 'old', 'newnewold']);
      expect(existsSync(project.path('state/rollback'))).toBe(false);
    },
  );

  test('what another play has changed since is not put back', async () => {
    await kill(play('"false"'));
    const other = '- name: other\n  hosts: all\n  tasks: [{ copy: { dest: DIR/file, content: newer } }]\n';
    await project.run(other);
    const { exitCode } = await project.run(play('"false"'));
    expect([exitCode, read('file')]).toEqual([2, 'newer']);
  });

  test('a plan in between shows what the next run will do, and touches nothing', async () => {
    await kill(play('"true"'));
    const plan = await project.run(play('"true"'), { check: true });
    const names = (lines: readonly string[]) => lines.filter((line) => line.endsWith('changed'));
    const { lines } = await project.run(play('"true"'));
    expect(names(plan.lines)).toEqual(names(lines));
  });
});
