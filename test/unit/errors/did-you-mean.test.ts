import { describe, expect, test } from 'vitest';
import { didYouMean, nearest, oneSlipFrom } from '../../../src/errors/did-you-mean.ts';

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

describe('one slip', () => {
  test.each([
    ['log_prot', 'log_port', true],
    ['log_por', 'log_port', true],
    ['og_port', 'log_port', true],
    ['log_portt', 'log_port', true],
    ['xlog_port', 'log_port', true],
    ['log_pork', 'log_port', true],
    ['mog_port', 'log_port', true],
    ['ab', 'ba', true],
    ['a', '', true],
    ['log_port', 'log_port', false],
    ['log_prto', 'log_port', false],
    ['lgo_prot', 'log_port', false],
    ['log_p', 'log_port', false],
    ['mog_pork', 'log_port', false],
    ['abc', 'bca', false],
    ['', '', false],
  ])('%s is one slip away from %s: %s', (word, other, expected) => {
    expect(oneSlipFrom(word, [other])).toBe(expected ? other : undefined);
    expect(oneSlipFrom(other, [word])).toBe(expected ? word : undefined);
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
