import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { exists } from '../../../src/probes/exists.ts';
import { asking } from '../../../src/probes/probe.ts';
import type { HostResource } from '../../../src/resources/resource.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';

// Like a unit of systemd: what it is made of is none of its paths.
const needing: HostResource<{ path: string }, { found: boolean }> = {
  kind: 'host',
  name: 'needing',
  summary: 'Needs a file',
  schema: Type.Object({ path: Type.String({ description: 'the file' }) }, { additionalProperties: false }),
  effect: 'contained',
  probe: ({ path }) => asking({ found: { ...exists(path, undefined), paths: [] } }, (answers) => answers),
  refuse: ({ path }, { found }) => (found ? [] : [`there is no ${path}`]),
  diff: () => [],
  steps: () => [],
};

const plays = (made: string) => `
- hosts: all
  tasks:
    - copy: { dest: DIR/${made}, content: x }
    - name: need it
      needing: { path: DIR/needed }
`;

const project = emptyProject(needing);

describe('what a task refuses by an answer from before a queued change', () => {
  test('it is asked about again, in the program that makes the change', async () => {
    const [before = ''] = plays('alone').split('    - name');
    const alone = await project.run(before);
    const run = await project.run(plays('needed'));
    expect(run.lines).toEqual(['a copy changed', 'a need it ok']);
    expect(run.recap.a).toMatchObject({ execs: alone.recap.a?.execs, failed: 0 });
  });

  test('fails as it did when the change was of something else, at no further round trip', async () => {
    const run = await project.run(plays('other'));
    expect(run.lines).toEqual(['a copy changed', 'a need it failed']);
    expect(run.results[1]?.message).toMatch(/^there is no .*needed$/);
    expect(run.recap.a).toMatchObject({ execs: 3, failed: 1 });
  });
});
