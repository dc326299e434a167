import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

describe('an interruption', () => {
  test('lets the steps in flight finish and begins nothing new', async () => {
    const stop = new AbortController();
    const { exitCode, lines } = await project.run(
      `
- hosts: all
  tasks:
    - name: in flight
      shell: "touch DIR/begun; sleep 0.5; touch DIR/ended"
    - name: not begun
      copy: { dest: DIR/after, content: x }
`,
      {
        stop: stop.signal,
        report: (event) => {
          if (event.type === 'task-start' && event.name === 'in flight') setTimeout(() => stop.abort(), 300);
        },
      },
    );
    expect(exitCode).toBe(130);
    expect(lines).toEqual(['a in flight changed']);
    expect(existsSync(project.path('ended'))).toBe(true);
    expect(existsSync(project.path('after'))).toBe(false);
  });
});
