import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { projectWithSudo } from '../../helpers/runner/fake-sudo.ts';

// A sudo that knows a user only once DIR/home/USER is there, which is its home.
const project = projectWithSudo(
  (made) => `HOME='${made.path('home')}'/$user; export HOME
if [ ! -d "$HOME" ]; then echo "sudo: unknown user $user" >&2; exit 1; fi
exec "$@"`,
);

const deploys = `
- hosts: all
  tasks:
    - { name: make the user, command: { cmd: mkdir -p DIR/home/deploy, creates: DIR/home/deploy } }
    - name: its file
      become: true
      become_user: deploy
      copy: { dest: ~/.profile, content: mine }
      register: made
    - { name: where, debug: { msg: "{{ made.dest }}" } }
`;

describe('~ in a path of the host', () => {
  test('is the home of the user who does the task, also of one that the run makes', async () => {
    const run = await project.run(deploys);
    expect(run.lines).toEqual(['a make the user changed', 'a its file changed', 'a where ok']);
    expect(readFileSync(project.path('home/deploy/.profile'), 'utf8')).toBe('mine');
    expect(run.results[2]?.result?.msg).toBe(project.path('home/deploy/.profile'));
    expect((await project.run(deploys)).recap.a).toMatchObject({ ok: 3, changed: 0, failed: 0 });
  });

  test('is not known to a plan before the user is there', async () => {
    const run = await project.run(deploys, { check: true });
    expect(run.lines).toEqual(['a make the user changed', 'a its file unknown', 'a where unknown']);
  });

  test.each([
    ['~nobody-at-all/x', "the host has no user whose home '~nobody-at-all/x' could begin with"],
    ['$NOWHERE/x', "'$NOWHERE/x' does not become an absolute path in the environment of the host"],
  ])('fails where the host knows nothing of %s', async (path, message) => {
    const run = await project.run(`
- hosts: all
  tasks:
    - { name: file, copy: { dest: ${path}, content: x } }
`);
    expect(run.lines).toEqual(['a file failed']);
    expect(run.results[0]?.message).toContain(message);
  });

  test('has the environment of the task, but where files are sent', async () => {
    mkdirSync(project.path('home/other'), { recursive: true });
    mkdirSync(project.path('given'));
    const run = await project.run(`
- hosts: all
  become: true
  become_user: other
  environment: { HOME: DIR/given }
  tasks:
    - { name: line, lineinfile: { path: ~/line, line: x, create: true } }
    - { name: sent, copy: { dest: ~/sent, content: x } }
    - { name: items, file: { path: "{{ item }}", state: touch }, loop: [~/one, $HOME/two] }
`);
    expect(run.recap.a).toMatchObject({ failed: 0 });
    expect(existsSync(project.path('home/other/sent'))).toBe(true);
    expect(readdirSync(project.path('given')).sort()).toEqual(['line', 'one', 'two']);
  });

  test('is another one on the host that a task is delegated to', async () => {
    const run = await project.run(
      `
- hosts: all
  environment: { HOME: "DIR/{{ inventory_hostname }}" }
  tasks:
    - { name: there, file: { path: ~/there, state: directory }, delegate_to: b, run_once: true }
`,
      { hosts: 2 },
    );
    expect(run.lines).toEqual(['a there changed']);
    expect(existsSync(project.path('a/there'))).toBe(true);
  });
});
