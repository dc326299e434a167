import { describe, expect, it } from 'vitest';
import { clockDifference } from '../../../src/resources/facts/clock-difference.ts';
import { clockWarning } from '../../../src/runner/clock-warning.ts';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);

describe('a clock that is off', () => {
  it.each([
    [0, 'less than a minute ahead of'],
    [-20, 'less than a minute behind'],
    [400, '7 min ahead of'],
    [-3600, '1 h behind'],
    [-12_000, '3 h 20 min behind'],
    [200_000, '2 d 7 h ahead of'],
    [86_400 * 400 + 60, '400 d 1 min ahead of'],
  ])('by %i s: %s', (seconds, text) => {
    expect(clockDifference(at(seconds), at(0))).toBe(text);
  });

  it.each([
    ['asked and answered at once', 0, 0, 0, undefined],
    ['five minutes are let pass', 300, 0, 0, undefined],
    ['more are not', 301, 0, 0, '5 min ahead of'],
    ['nor behind', -301, 0, 0, '5 min behind'],
    ['a slow answer explains it', 500, 0, 600, undefined],
    ['a slow answer does not explain a clock that is behind', -400, 0, 600, '7 min behind'],
    ['a slow answer explains a part', 1000, 0, 600, '7 min ahead of'],
  ])('%s', (_what, shown, asked, answered, text) => {
    const warning = clockWarning(at(shown), at(asked), at(answered));
    expect(warning?.includes(`the host's clock is ${text} this machine's`)).toBe(
      text === undefined ? undefined : true,
    );
  });
});
