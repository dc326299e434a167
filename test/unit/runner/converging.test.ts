import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('a run', () => {
  const plays = `
- hosts: all
  tasks:
    - name: directory
      file: { path: DIR/d, state: directory }
    - name: first
      copy: { dest: DIR/d/one, content: "1\\n" }
    - name: second
      copy: { dest: DIR/d/two, content: "2\\n", mode: "0600" }
- hosts: all
  tasks:
    - name: third
      lineinfile: { path: DIR/d/one, line: more }
`;

  test('changes what differs, in order, and nothing the second time', async () => {
    const first = await project.run(plays);
    expect(first.lines).toEqual([
      'a directory changed',
      'a first changed',
      'a second changed',
      'a third changed',
    ]);
    expect(first).toMatchObject({ exitCode: 0, changed: true });
    expect(read('d/one')).toBe('1\nmore\n');
  });

  test('a converged re-run costs one connection and two programs, however many plays', async () => {
    const stable = plays.replace('content: "1\\n"', 'content: "1\\nmore\\n"');
    await project.run(stable);
    const again = await project.run(stable);
    expect(again.lines.every((line) => line.endsWith(' ok'))).toBe(true);
    expect(again.changed).toBe(false);
    expect(again.recap.a).toMatchObject({ ok: 4, changed: 0, connections: 1, execs: 2, verifyExecs: 0 });
  });

  test('leaves nothing of its own on the host', async () => {
    await project.run(plays);
    expect(existsSync(project.path('state'))).toBe(false);
    expect(existsSync(project.path('run', 'lock'))).toBe(false);
  });

  test('check mode plans the same list and touches nothing', async () => {
    const planned = await project.run(plays, { check: true, diff: true });
    expect(existsSync(project.path('d'))).toBe(false);
    expect(existsSync(project.path('run'))).toBe(false);
    expect(planned.lines).toEqual([
      'a directory changed',
      'a first changed',
      'a second changed',
      'a third unknown',
    ]);
    expect(planned.results[3]?.dependsOn).toEqual(['first']);
    expect(planned.results[1]?.changes[0]).toMatchObject({ text: { before: '', after: '1\n' } });
  });
});
