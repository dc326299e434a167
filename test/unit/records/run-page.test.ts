import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ResultRecord, RunRecord } from '../../../src/records/run-record.ts';
import { runPage } from '../../../src/records/screen/run-page.ts';
import { paintWith } from '../../../src/report/paint.ts';
import { hostileText, sampleView } from '../../helpers/records/sample-view.ts';

const view = { paint: paintWith(false), directory: '/home/me', diff: false, now: sampleView.now };

test.each([80, 140])('a run in %i columns', async (width) => {
  const hostile = JSON.stringify(hostileText).slice(1, -1);
  const run: RunRecord = JSON.parse(JSON.stringify(sampleView.run).replaceAll(hostile, 'some text'));
  const started = new Date('2026-11-21T10:00:00').toISOString();
  const lines = runPage({ ...run, started }, { ...view, width });
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, `golden/run-${width}.txt`),
  );
});

test('each change has the sign that a plan has for it, and the signs are explained', () => {
  const [sample] = sampleView.run.results;
  const result = (name: string, more: Partial<ResultRecord>) => ({
    ...(sample as ResultRecord),
    task: name,
    name,
    status: 'changed' as const,
    ...more,
  });
  const results = [
    result('made', { changes: [{ attribute: 'state', from: 'absent', to: 'file' }] }),
    result('altered', { changes: [{ attribute: 'mode', from: '0600', to: '0644' }] }),
    result('taken away', { changes: [{ attribute: 'state', from: 'file', to: 'absent' }] }),
    result('ran', { changes: [{ attribute: 'command', to: 'true' }] }),
    result('restarted', { handler: true, changes: [{ attribute: 'state', to: 'restarted' }] }),
  ];
  const lines = runPage({ ...sampleView.run, results }, { ...view, width: 80 });
  expect(
    lines.filter((line) => /^ {2}[-+~>*] \w+ .*logs$/.test(line)).map((line) => line.slice(2, 5)),
  ).toEqual(['+ m', '~ a', '- t', '> r', '* r']);
  expect(lines).toContain('  + create   ~ update   - remove   > run   * handler');
});
