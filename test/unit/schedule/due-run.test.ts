import { describe, expect, it } from 'vitest';
import { type RunEnd, runWhenDue } from '../../../src/schedule/due-run.ts';

const end = (code: number): RunEnd => ({
  code,
  reached: ['h1'],
  missed: code === 4 ? ['h2'] : [],
  refused: [],
});

describe('runWhenDue', () => {
  it.each<[string, readonly number[], number | undefined, string, number, boolean?]>([
    ['in order', [0], undefined, 'look', 0],
    ['a host is off, else in order', [4], undefined, 'look', 4],
    ['the playbook cannot be used', [1], undefined, 'look', 1],
    ['interrupted while it looked', [130], undefined, 'look', 130],
    ['due and repaired', [2, 0], 0, 'look apply look', 0],
    ['due and repaired where it was reached', [2, 4], 4, 'look apply look', 4],
    ['due, applied, and still due', [2, 2], 0, 'look apply look', 2],
    ['due, applied, and now it cannot be looked at', [2, 1], 0, 'look apply look', 1],
    ['due, and a host failed', [2], 2, 'look apply', 2],
    ['due, and the playbook broke', [2], 1, 'look apply', 1],
    ['due, and interrupted', [2], 130, 'look apply', 130],
    ['in order, and the last one was unfinished', [0, 0], 0, 'look apply look', 0, true],
    ['the same, and a host is still off', [4, 4], 4, 'look apply look', 4, true],
    ['the playbook cannot be used, and the last one was unfinished', [1], undefined, 'look', 1, true],
  ])('%s', async (_case, looks, applied, order, code, unfinished = false) => {
    const calls: string[] = [];
    const said: string[] = [];
    const left = [...looks];
    const result = await runWhenDue({
      look: async () => {
        calls.push('look');
        return end(left.shift() ?? -1);
      },
      apply: async () => {
        calls.push('apply');
        return end(applied ?? -1);
      },
      unfinished,
      say: (line) => said.push(line),
    });
    expect({ order: calls.join(' '), code: result.code, left }).toEqual({ order, code, left: [] });
    expect(said.some((line) => line.startsWith('nothing is due'))).toBe(looks[0] === 0 || looks[0] === 4);
    expect(said.some((line) => line.startsWith('something is still due'))).toBe(looks[1] === 2);
  });
});
