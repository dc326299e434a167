import { describe, expect, test } from 'vitest';
import { PathIndex, pathSet } from '../../../src/planner/path-index.ts';

describe('paths overlap', () => {
  test.each([
    ['/a/b', '/a/b', true],
    ['/a/b', '/a/bc', false],
    ['/a/', '/a/b', true],
    ['/a/b/c', '/a/', true],
    ['/a', '/a/', true],
    ['/a', '/a/b', false],
    ['/ab', '/a/', false],
    ['/a/b/', '/a/', true],
    ['/', '/a/b', true],
    ['/', '/', true],
    ['/a', '/b', false],
  ])('%s and %s: %s', (one, other, expected) => {
    expect(pathSet([one]).overlapping([other]) === true).toBe(expected);
    expect(pathSet([other]).overlapping([one]) === true).toBe(expected);
  });

  test('what is known of the altered path is given', () => {
    const index = new PathIndex<string>();
    index.set('/var', 'one');
    index.set('/etc/y', 'two');
    index.set('/srv/', 'three');
    expect(index.overlapping(['/etc/x', '/etc/y'])).toBe('two');
    expect(index.overlapping(['/srv/deep/er'])).toBe('three');
    expect(index.overlapping(['/etc/x'])).toBeUndefined();
  });
});
