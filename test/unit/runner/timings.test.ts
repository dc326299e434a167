import { afterAll, expect, test } from 'vitest';
import type { TimeSpent } from '../../../src/runner/events.ts';
import { LocalProject } from '../../helpers/runner/local-run.ts';

const project = new LocalProject().open();
afterAll(() => project.remove());

const plays = `
- hosts: all
  tasks:
    - { name: slow, command: sleep 0.3, changed_when: false }
    - { name: made, copy: { dest: "DIR/{{ inventory_hostname }}", content: x } }
- hosts: a
  tasks: [{ name: look, stat: { path: DIR/a } }]
`;

test('where time goes is emitted when it is asked for, and not else', async () => {
  const since = performance.now();
  const { events } = await project.run(plays, { hosts: 2, timings: { since, loaded: since + 5 } });
  const times = events.filter((event): event is TimeSpent => event.type === 'time');
  expect(times[0]).toMatchObject({ spent: 'load', duration: 5 });
  for (const host of ['a', 'b']) {
    const own = times.filter((time) => time.host === host);
    expect(own.map(({ spent }) => spent)).toContain('connect');
    const labels = own.flatMap(({ sections = [] }) => sections.map(({ label }) => label));
    expect(labels).toContain('slow');
    expect(labels.some((label) => label.startsWith('ask path ('))).toBe(true);
    const slow = own.flatMap(({ sections = [] }) => sections).find(({ label }) => label === 'slow');
    expect(slow?.duration).toBeGreaterThan(250);
  }
  expect(events.at(-1)?.type).toBe('recap');
  const without = await project.run(plays, { hosts: 1 });
  expect(without.events.some(({ type }) => type === 'time')).toBe(false);
});
