import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('a rollback', () => {
  test('of a directory copied on the host takes away what is new and puts back what was replaced', async () => {
    for (const name of ['src/sub', 'there/sub']) mkdirSync(project.path(name), { recursive: true });
    for (const name of ['src/a', 'src/sub/b', 'there/sub/b', 'there/mine'])
      writeFileSync(project.path(name), name);
    symlinkSync('a', project.path('src/link'));
    const { events } = await project.run(`
- hosts: all
  tasks:
    - { copy: { src: DIR/src/, dest: DIR/there, remote_src: true } }
    - { copy: { src: DIR/src, dest: DIR/new/place/, remote_src: true }, notify: handler }
  handlers:
    - { name: handler, command: "false" }
`);
    expect(events.find(({ type }) => type === 'rolled-back')).toBeDefined();
    expect(read('there/sub/b')).toBe('there/sub/b');
    expect(readdirSync(project.path('there')).toSorted()).toEqual(['mine', 'sub']);
    expect(existsSync(project.path('new'))).toBe(false);
  });

  test('goes on behind a file that cannot be put back, and reports it', async () => {
    for (const name of ['one', 'two']) writeFileSync(project.path(name), 'old');
    const { events } = await project.run(`
- hosts: all
  tasks:
    - { copy: { dest: DIR/one, content: new }, notify: handler }
    - { copy: { dest: DIR/two, content: new } }
    - { command: mkdir -p DIR/one.provision-back/full DIR/two.made }
  handlers:
    - { name: handler, command: "false" }
`);
    expect([read('one'), read('two')]).toEqual(['new', 'old']);
    expect(events.find(({ type }) => type === 'rolled-back')).toMatchObject({
      message: expect.stringContaining('one.provision-back'),
    });
  });

  test('puts files, modes and links back and removes what was made, directories included', async () => {
    mkdirSync(project.path('kept'));
    writeFileSync(project.path('kept/file'), 'old');
    writeFileSync(project.path('replaced'), 'old');
    chmodSync(project.path('replaced'), 0o640);
    symlinkSync('replaced', project.path('link'));
    writeFileSync(project.path('removed'), 'old');
    const { events } = await project.run(`
- hosts: all
  tasks:
    - { copy: { dest: DIR/replaced, content: new, mode: "0600" }, notify: handler }
    - { file: { path: DIR/link, state: link, src: removed } }
    - { file: { path: DIR/removed, state: absent } }
    - { copy: { dest: DIR/kept/file, content: new } }
    - { file: { path: DIR/kept, state: absent } }
    - { file: { path: DIR/made/one/two, state: directory } }
    - { copy: { dest: DIR/made/one/two/file, content: x } }
    - { file: { path: DIR/made/one/link, state: link, src: two } }
    - { file: { path: DIR/made, state: directory, mode: "0700" } }
  handlers:
    - { name: handler, shell: grep -q old DIR/replaced }
`);
    expect(events.find(({ type }) => type === 'rolled-back')).toMatchObject({
      message: 'the files of this play were put back and its handlers ran on them',
    });
    expect([read('replaced'), read('removed'), read('kept/file')]).toEqual(['old', 'old', 'old']);
    expect(statSync(project.path('replaced')).mode & 0o777).toBe(0o640);
    expect(readlinkSync(project.path('link'))).toBe('replaced');
    expect(existsSync(project.path('made'))).toBe(false);
    expect(existsSync(project.path('state'))).toBe(false);
  });
});

describe('a run that is cut off', () => {
  test.each([20, 60, 120, 300])('after %i ms frees the host and is caught up on', async (milliseconds) => {
    const plays = `
- hosts: all
  tasks:
    - { name: change, copy: { dest: DIR/file, content: x }, notify: handler }
    - { name: slow, shell: "sleep 0.25; touch DIR/slow", args: { creates: DIR/slow } }
  handlers:
    - { name: handler, shell: touch DIR/handled }
`;
    const cut = new AbortController();
    const timer = setTimeout(() => cut.abort(), milliseconds);
    const first = await project.run(plays, { stop: cut.signal, kill: cut.signal });
    clearTimeout(timer);
    expect(first.exitCode).toBe(130);
    // What was sent already may still be at its end.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const second = await project.run(plays);
    expect(second.exitCode).toBe(0);
    expect(existsSync(project.path('handled'))).toBe(true);
    expect(existsSync(project.path('run', 'lock'))).toBe(false);
  });
});
