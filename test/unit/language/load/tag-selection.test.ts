import { describe, expect, test } from 'vitest';
import { isSelected } from '../../../../src/language/tag-selection.ts';

describe('isSelected', () => {
  test.each([
    // tags, --tags, --skip-tags, expected
    [[], [], [], true],
    [['a'], [], [], true],
    [['a'], ['a'], [], true],
    [['a'], ['b'], [], false],
    [[], ['a'], [], false],
    [['always'], ['b'], [], true],
    [['always'], [], ['always'], false],
    [['always', 'a'], [], ['a'], false],
    [['always'], [], ['all'], true],
    [['always', 'a'], [], ['tagged'], true],
    [['never'], [], [], false],
    [['never'], ['all'], [], false],
    [['never', 'a'], ['a'], [], true],
    [['never'], ['never'], [], true],
    [['a'], ['tagged'], [], true],
    [[], ['tagged'], [], false],
    [['always'], ['tagged'], [], true],
    [[], ['untagged'], [], true],
    [['a'], ['untagged'], [], false],
    [['a'], ['all'], ['a'], false],
    [['a', 'b'], ['a'], ['b'], false],
    [[], [], ['untagged'], false],
    [['a'], [], ['tagged'], false],
    [[], [], ['all'], false],
  ])('%j with --tags %j --skip-tags %j: %s', (tags, only, skip, expected) => {
    expect(isSelected(tags, only, skip)).toBe(expected);
  });
});
