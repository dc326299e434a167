import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalProject } from '../../helpers/runner/local-run.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject().open();
  project.write('roles/web/defaults/main.yml', 'port: 80\n');
  project.write(
    'roles/web/tasks/main.yml',
    '- {name: made, file: {path: "DIR/made", state: touch}}\n'.replace('DIR', project.directory),
  );
  project.write(
    'roles/web/meta/checks.yml',
    `- refuse: ansible_facts.system == 'Linux' and port == 81
  message: port {{ port }} is not for {{ ansible_facts.system }}
  fix: use 80
- refuse: ansible_facts.kernel is defined and port == 81
  message: 81 is nobody's
- refuse: early.stdout | default('') == 'old' and port == 82
  message: too old
- warn: ansible_facts.system == 'Linux' and port == 83
  message: anyone may reach {{ port }}
  fix: a wall
- warn: port == 83
  message: and see it
`,
  );
});
afterEach(() => project.remove());

const play = (port: number) => `- {hosts: all, vars: {port: ${port}}, roles: [web]}\n`;
const itself = 'Check the settings of the role web';

test.each([true, false])('what needs a fact is refused in the run, all at once; check: %s', async (check) => {
  const { exitCode, results, lines } = await project.run(play(81), { check });
  expect(exitCode).toBe(2);
  expect(lines).toEqual([`a ${itself} failed`]);
  expect(results[0]?.message).toBe("port 81 is not for Linux: use 80\n81 is nobody's");
});

test('what needs a result is judged where the role puts it', async () => {
  project.write(
    'roles/web/tasks/main.yml',
    `- {name: look, command: echo old, register: early, changed_when: false, check_mode: false}
- {name: now, role_checks: }
- {name: not come to, debug: {msg: x}}
`,
  );
  const { exitCode, lines, results } = await project.run(play(82));
  expect([exitCode, lines]).toEqual([2, ['a look ok', 'a now failed']]);
  expect(results[1]?.message).toBe('too old');
});

test('warnings are shown in the run, each by itself, and nothing fails', async () => {
  const { exitCode, events, lines } = await project.run(play(83), { hosts: 2 });
  expect(exitCode).toBe(0);
  const warnings = events.filter((event) => event.type === 'warning');
  expect(warnings.map(({ host, message }) => `${host} ${message}`).toSorted()).toEqual([
    'a and see it',
    'a anyone may reach 83: a wall',
    'b and see it',
    'b anyone may reach 83: a wall',
  ]);
  expect(lines).toContain(`a ${itself} ok`);
  expect(lines).toContain('a made changed');
});
