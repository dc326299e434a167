import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planSummary } from '../../../src/report/plan-list.ts';
import { closingLine } from '../../../src/report/recap.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { folder, provision } from '../../helpers/cli/command.ts';
import { LocalProject } from '../../helpers/runner/local-run.ts';

let project: LocalProject;

beforeEach(() => {
  project = new LocalProject().open();
});

afterEach(() => project.remove());

function play(name: string, hosts: string): string {
  return `- name: ${name}\n  hosts: ${hosts}\n  gather_facts: false\n  tasks: [{ debug: { msg: hello } }]\n`;
}

function warnings(events: readonly RunEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
}

describe('a run that addresses nobody', () => {
  test.each([
    [
      'no inventory',
      'all',
      { hosts: 0 },
      "there are no hosts: name an inventory with -i, or write 'inventory'",
    ],
    [
      'a limit that takes back what it names',
      'all',
      { limit: 'a:!a' },
      '--limit a:!a leaves no host of the playbook',
    ],
    ['a limit beside the play', 'a', { hosts: 2, limit: 'b' }, '--limit b leaves no host of the playbook'],
    ['plays without hosts', 'all:!a', {}, "the play 'one' has no hosts, nothing of it is done"],
  ])('fails, and says so: %s', async (_name, hosts, options, warning) => {
    const { exitCode, events, results } = await project.run(play('one', hosts), options);
    expect(exitCode).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: 'recap', exitCode: 1 });
    expect(results).toEqual([]);
    expect(warnings(events)).toEqual([expect.stringContaining(warning)]);
  });

  test('is not said to have changed nothing on every host', () => {
    expect(closingLine({}, 1000, (_style, text) => text)).toBe('no hosts: nothing was done; 1.0 s');
    expect(planSummary({}, (_style, text) => text)).toBe('Plan: no hosts: nothing was done');
  });

  test('on the command line', async () => {
    const cwd = folder({ 'site.yml': '- hosts: all\n  tasks: [{ debug: { msg: hello } }]\n' });
    const { code, stderr, stdout } = await provision(['apply', 'site.yml'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('warning: there are no hosts: name an inventory with -i');
    expect(stdout).toContain('no hosts: nothing was done');
  });
});

describe('one play of several', () => {
  test('without hosts is warned about, the others count', async () => {
    const { exitCode, events, lines } = await project.run(play('one', 'all:!a') + play('two', 'a'));
    expect(exitCode).toBe(0);
    expect(lines).toEqual(['a debug ok']);
    expect(warnings(events)).toEqual([expect.stringMatching(/^the play 'one' has no hosts.*play\.yml:\d+/)]);
  });

  test('that a limit leaves out is not', async () => {
    const plays = play('one', 'a') + play('two', 'b');
    const { exitCode, events } = await project.run(plays, { hosts: 2, limit: 'b' });
    expect(exitCode).toBe(0);
    expect(warnings(events)).toEqual([]);
  });
});
