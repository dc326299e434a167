import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';
import { watchedRun } from './watched-run.ts';

const project = emptyProject();

test('who watches a run from inside gets no more to see than a person', async () => {
  const file = project.write(
    'site.yml',
    `inventory: { hosts: { me: { ansible_connection: local } } }
plays:
  - hosts: me
    gather_facts: false
    vars: { pin: correct-horse-7 }
    tasks:
      - name: secret
        copy: { content: "{{ pin }}", dest: "{{ playbook_dir }}/pin" }
        no_log: true
      - name: shown
        debug: { msg: "the pin is {{ pin }}" }
`,
  );
  const { code, events: watched } = await watchedRun(file);
  expect(code).toBe(0);
  const shown = watched.find((event) => event.type === 'task-result' && event.name === 'shown');
  expect(shown).toMatchObject({ message: 'the pin is ***' });
  expect(watched.at(-1)?.type).toBe('recap');
  expect(JSON.stringify(watched)).not.toContain('correct-horse-7');
});
