import { describe, expect, test } from 'vitest';
import { didYouMean, nearest } from '../../../src/errors/did-you-mean.ts';

describe('nearest', () => {
  test.each([
    ['notfy', ['notify', 'name'], 'notify'],
    ['naem', ['name', 'game'], 'name'],
    ['Become-User', ['become_user', 'become'], 'become_user'],
    ['restart rsyslg', ['restart rsyslog', 'reload'], 'restart rsyslog'],
    ['dst', ['src', 'dest'], 'dest'],
    ['h22', ['h1', 'h2'], 'h2'],
    ['registry', ['register'], 'register'],
    ['xyz', ['name', 'when'], undefined],
    ['a', ['b'], undefined],
    ['colour', [], undefined],
  ])('%s among %j is %s', (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });
});

describe('didYouMean', () => {
  test.each([
    ['tsks', ['tasks', 'roles'], "did you mean 'tasks'?"],
    ['zzzz', ['tasks', 'roles'], 'choose one of: roles, tasks'],
    ['zzzz', ['tasks'], "there is only 'tasks'"],
    ['zzzz', [], undefined],
    ['zzzz', Array.from({ length: 20 }, (_, index) => `candidate${index}`), undefined],
  ])('%s among %j', (word, candidates, expected) => {
    expect(didYouMean(word, candidates)).toBe(expected);
  });
});
