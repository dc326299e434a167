import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  daysMissed,
  keepReach,
  type ReachRecord,
  readReach,
  recorded,
} from '../../../src/schedule/reach-record.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-21T03:00:00Z');
const none: ReachRecord = new Map();

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'provision-reach-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('recorded', () => {
  const both = recorded(none, { reached: ['h1', 'h2'], missed: [] }, now);

  it('remembers when a host was last reached', () => {
    const later = recorded(both, { reached: ['h1'], missed: ['h2'] }, now + 3.5 * day);
    expect(later.get('h1')).toEqual({ since: now + 3.5 * day, missed: false });
    expect(later.get('h2')).toEqual({ since: now, missed: true });
    expect(daysMissed(later, 'h2', now + 3.5 * day)).toBe(3);
  });

  it('counts from the first run for a host that was never reached', () => {
    const first = recorded(none, { reached: [], missed: ['h3'] }, now);
    const second = recorded(first, { reached: [], missed: ['h3'] }, now + 9 * day);
    expect([daysMissed(first, 'h3', now), daysMissed(second, 'h3', now + 9 * day)]).toEqual([0, 9]);
  });

  it('forgets days and hosts that are over', () => {
    const away = recorded(both, { reached: [], missed: ['h1'] }, now + 9 * day);
    expect([...away.keys()]).toEqual(['h1']);
    const back = recorded(away, { reached: ['h1'], missed: [] }, now + 10 * day);
    expect(daysMissed(back, 'h1', now + 10 * day)).toBe(0);
  });

  it('a clock that ran ahead does not hide a host for ever', () => {
    const ahead = recorded(none, { reached: ['h1'], missed: [] }, now + 400 * day);
    const right = recorded(ahead, { reached: [], missed: ['h1'] }, now);
    expect(
      daysMissed(recorded(right, { reached: [], missed: ['h1'] }, now + 8 * day), 'h1', now + 8 * day),
    ).toBe(8);
  });
});

describe('on disk', () => {
  it('is kept as it is, for its owner alone', async () => {
    const record = recorded(none, { reached: ['h1'], missed: ['h2'] }, now);
    const path = folder();
    await keepReach(path, record);
    expect(await readReach(path)).toEqual(record);
    expect(statSync(join(path, 'reached.json')).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'null', '[]', '{"h1": 1}', '{"h1": {"since": "never"}}', '{"h1": null}', '{'])(
    '%j counts as empty',
    async (text) => {
      const path = folder();
      writeFileSync(join(path, 'reached.json'), text);
      expect(await readReach(path)).toEqual(none);
    },
  );

  it('nothing there counts as empty', async () => {
    expect(await readReach(folder())).toEqual(none);
  });
});
