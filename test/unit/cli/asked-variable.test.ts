import { expect, test } from 'vitest';
import { askVariable } from '../../../src/cli/asked-variable.ts';
import { Redactor } from '../../../src/report/redaction.ts';

const prompt = { name: 'who', question: 'who: ', isPrivate: false, confirm: false, otherwise: undefined };
const place = { hint: 'pass it: -e who=...' };

// Tests run without a terminal.
test('without a terminal a variable of vars_prompt has its default', async () => {
  const ask = askVariable(new Redactor(), {});
  expect(await ask({ ...prompt, otherwise: 'nobody' }, place)).toBe('nobody');
});

test.each([
  ['without a terminal', {}, undefined],
  ['for a fleet', { fleet: true }, 'nobody'],
])('%s one that must be asked for is refused', async (_, options, otherwise) => {
  const answer = askVariable(new Redactor(), options)({ ...prompt, otherwise }, place);
  await expect(answer).rejects.toMatchObject({
    problems: [{ code: 'missing-variable', message: "the variable 'who' has no value", ...place }],
  });
});
