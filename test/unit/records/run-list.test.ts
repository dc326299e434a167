import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../../src/records/run-record.ts';
import { endText, runList } from '../../../src/records/screen/run-list.ts';
import { paintWith } from '../../../src/report/paint.ts';
import { sampleView } from '../../helpers/records/sample-view.ts';

const { run } = sampleView;
const runs: readonly RunSummary[] = [
  { ...run, playbook: '/srv/a/very/long/path/to/the/playbook/of/the/home-lab.yml' },
  {
    ...run,
    id: 1207,
    command: 'status',
    exitCode: 130,
    playbook: '/home/me/logs/site.yml',
    duration: 3_723_000,
  },
  { ...run, state: 'cut off', playbook: 'command line' },
];

describe('the list of runs', () => {
  test.each([80, 140])('fits %i columns', (width) => {
    const lines = runList(runs, { paint: paintWith(false), width, directory: '/home/me/logs' });
    expect(lines).toHaveLength(4);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[1]).toMatch(/ (?:…|\/srv)\S*lab\.yml /);
    expect(lines[2]).toMatch(/^1207 .* status .* site\.yml .* stopped$/);
    expect(lines[3]).toMatch(/ command line .* cut off$/);
  });

  test('of runs that ended in other ways', () => {
    const ends = [0, 2, 124, 130].map((exitCode) => endText({ ...run, exitCode }));
    expect(ends).toEqual(['ok', 'exit code 2', 'timeout', 'stopped']);
  });
});
