import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';

describe('exitCodeOf', () => {
  it.each([
    [0, false, false, 0],
    [0, true, false, 0],
    [2, true, false, 2],
    [4, false, false, 4],
    [130, true, false, 130],
    [0, false, true, 0],
    [0, true, true, 2],
    [2, true, true, 1],
    [4, false, true, 1],
    [130, true, true, 130],
    [124, true, true, 124],
  ] as const)('run ended with %d, changed %s, detailed %s: %d', (exitCode, changed, detailed, code) => {
    expect(exitCodeOf({ exitCode, changed }, detailed)).toBe(code);
  });
});
