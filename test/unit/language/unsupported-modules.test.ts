import { expect, test } from 'vitest';
import { insteadOfModule } from '../../../src/language/keywords/unsupported-modules.ts';
import { resources } from '../../helpers/resources/all-resources.ts';

test('no word is both a resource and one that is refused', () => {
  expect([...resources.keys()].filter((name) => insteadOfModule(name) !== undefined)).toEqual([]);
  expect(resources.size).toBeGreaterThan(30);
});

test('a module that is missing is refused with what to use instead, under its full name too', () => {
  expect(insteadOfModule('community.general.parted')).toContain('use command');
  expect(insteadOfModule('win_feature')).toBe('hosts must have a POSIX sh');
  expect(insteadOfModule('some.where.thing')).toContain('there are no collections');
  expect(insteadOfModule('copyy')).toBeUndefined();
});
