import { expect, it } from 'vitest';
import { groupResults } from '../../../src/report/result-groups.ts';
import { resultOf } from '../../helpers/report/sample-run.ts';

it('shows hosts in numeric order, whoever answered first', () => {
  const results = ['h10', 'h2', 'h3', 'h1'].map((host) =>
    resultOf(host, 'task', { message: host === 'h3' ? 'other' : 'same' }),
  );
  const groups = groupResults(results, ({ message }) => message);
  expect(groups.map(({ hosts, result }) => [hosts, result.host])).toEqual([
    [['h1', 'h2', 'h10'], 'h1'],
    [['h3'], 'h3'],
  ]);
});
