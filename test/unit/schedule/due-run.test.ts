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
    ['in order', [0], undefined, 'certs', 0],
    ['a host is off, else in order', [4], undefined, 'certs', 4],
    ['the playbook cannot be used', [1], undefined, 'certs', 1],
    ['interrupted while it looked', [130], undefined, 'certs', 130],
    ['due and repaired', [2, 0], 0, 'certs apply certs', 0],
    ['due and repaired where it was reached', [2, 4], 4, 'certs apply certs', 4],
    ['due, applied, and still due', [2, 2], 0, 'certs apply certs', 2],
    ['due, applied, and now it cannot be read', [2, 1], 0, 'certs apply certs', 1],
    ['due, and a host failed', [2], 2, 'certs apply', 2],
    ['due, and the playbook broke', [2], 1, 'certs apply', 1],
    ['due, and interrupted', [2], 130, 'certs apply', 130],
    ['in order, and the last one was unfinished', [0, 0], 0, 'certs apply certs', 0, true],
    ['the same, and a host is still off', [4, 4], 4, 'certs apply certs', 4, true],
    ['the playbook cannot be used, and the last one was unfinished', [1], undefined, 'certs', 1, true],
  ])('%s', async (_case, certsCodes, applied, order, code, unfinished = false) => {
    const calls: string[] = [];
    const said: string[] = [];
    const left = [...certsCodes];
    const result = await runWhenDue({
      certs: async () => {
        calls.push('certs');
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
    expect(said.some((line) => line.startsWith('nothing is due'))).toBe(
      certsCodes[0] === 0 || certsCodes[0] === 4,
    );
    expect(said.some((line) => line.startsWith('something is still due'))).toBe(certsCodes[1] === 2);
  });
});
