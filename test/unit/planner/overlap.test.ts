import { describe, expect, test } from 'vitest';
import { firstOverlap, pathsOverlap } from '../../../src/planner/overlap.ts';

describe('pathsOverlap', () => {
  test.each([
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/bc', false],
    ['/a/', '/a/b', true],
    ['/a/b/c', '/a/', true],
    ['/a', '/a/', true],
    ['/a', '/a/b', false],
    ['/ab', '/a/', false],
    ['/a/b/', '/a/', true],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(pathsOverlap(one, other)).toBe(expected);
    expect(pathsOverlap(other, one)).toBe(expected);
  });

  test('names the altered path that is met first', () => {
    expect(firstOverlap(['/etc/x', '/etc/y'], ['/var', '/etc/y', '/etc/x'])).toBe('/etc/y');
    expect(firstOverlap(['/etc/x'], ['/var'])).toBeUndefined();
  });
});
