import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalProject } from '../../helpers/runner/local-run.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.remove());

describe('a host that another run has', () => {
  test('is refused, naming that run', async () => {
    const first = project.run(`
- hosts: all
  tasks:
    - shell: sleep 1
`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = await project.run('- hosts: all\n  tasks:\n    - debug: { msg: x }\n');
    expect(second.exitCode).toBe(2);
    const failed = second.events.find(({ type }) => type === 'host-failed');
    expect(failed).toMatchObject({
      message: expect.stringMatching(/another run has this host: .*provision apply play\.yml/),
    });
    expect((await first).exitCode).toBe(0);
  });
});
