import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('no_log', () => {
  test('hides what templates gave, in every event, and shows failures without their words', async () => {
    const hidden: string[] = [];
    const { results, events } = await project.run(
      `
- hosts: all
  vars: { password: hunter22 }
  tasks:
    - name: secret file
      copy: { dest: DIR/secret, content: "p={{ password }}\\n", mode: "0600" }
      no_log: true
    - name: secret failure
      command: "sh -c 'echo {{ password }}; exit 1'"
      no_log: true
`,
      { diff: true, hide: (secrets) => hidden.push(...secrets) },
    );
    expect(hidden).toContain('p=hunter22');
    expect(hidden).not.toContain('0600');
    expect(JSON.stringify(events)).not.toContain('hunter22');
    expect(results.map(({ status, message }) => [status, message])).toEqual([
      ['changed', undefined],
      ['failed', 'the result is hidden because of no_log'],
    ]);
    expect(read('secret')).toBe('p=hunter22\n');
  });
});

describe('diff', () => {
  test.each(['false', '"{{ shown }}"'])(
    '%s keeps content out of what is reported, and nothing else',
    async (diff) => {
      const { events, results } = await project.run(
        `
- hosts: all
  vars: { shown: false }
  tasks:
    - copy: { dest: DIR/masked, content: hunter23 }
      diff: ${diff}
    - copy: { dest: DIR/masked, content: hunter24 }
      diff: ${diff}
    - copy: { dest: DIR/masked, content: open }
`,
        { diff: true },
      );
      expect(results.map(({ status }) => status)).toEqual(['changed', 'changed', 'changed']);
      const texts = results.map(({ changes }) => changes.some(({ text }) => text !== undefined));
      expect(texts).toEqual([false, false, true]);
      expect(JSON.stringify(events)).not.toContain('hunter23');
    },
  );
});
