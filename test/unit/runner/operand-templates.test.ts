import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const outcome = async (when: string) => {
  const run = await project.run(`
- hosts: all
  vars: { n: 2, digits: "2", flag: true, no_: "false", list: [a], os: Debian, text: "'a'", code: "[].append(1)", empty: "" }
  tasks:
    - name: task
      command: touch DIR/done
      when: ${JSON.stringify(when)}
`);
  return run;
};

test.each([
  ['{{ n }} == 2', true],
  ['{{ digits }} == 2', true],
  ['{{ digits }} == "2"', false],
  ['{{ flag }} and not {{ no_ }}', true],
  ["'a' in {{ list }}", true],
  ["{{ text }} == 'a'", true],
  ['{{ n }} > 2 or {{ n }} < 2', false],
])('a template in the code of a condition is taken for what it gives: %s', async (when, holds) => {
  const { lines } = await outcome(when);
  expect(lines).toEqual([`a task ${holds ? 'changed' : 'skipped'}`]);
});

test.each(["{{ os }} == 'Debian'", '{{ code }} == none', '{{ empty }} == 1'])(
  'never for code: %s',
  async (when) => {
    const run = await outcome(when);
    expect(run.exitCode).toBe(2);
    expect(run.events).toContainEqual(
      expect.objectContaining({
        status: 'failed',
        message: expect.stringContaining('a template outside of quotes gives a text'),
      }),
    );
    expect(existsSync(project.path('done'))).toBe(false);
  },
);
