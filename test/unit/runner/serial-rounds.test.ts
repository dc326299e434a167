import { describe, expect, test } from 'vitest';
import { serialRounds } from '../../../src/runner/serial-rounds.ts';

const hosts = ['a', 'b', 'c', 'd', 'e'];

describe('serialRounds', () => {
  test.each([
    [undefined, [5]],
    [[], [5]],
    [[2], [2, 2, 1]],
    [
      [1, 3],
      [1, 3, 1],
    ],
    [['40%'], [2, 2, 1]],
    [['1%'], [1, 1, 1, 1, 1]],
    [[10], [5]],
  ])('serial %j: rounds of %j', (serial, sizes) => {
    const rounds = serialRounds(hosts, serial);
    expect(rounds.map((round) => round.length)).toEqual(sizes);
    expect(rounds.flat()).toEqual(hosts);
  });

  test('no hosts, no rounds', () => {
    expect(serialRounds([], undefined)).toEqual([]);
    expect(serialRounds([], [2])).toEqual([]);
  });
});
