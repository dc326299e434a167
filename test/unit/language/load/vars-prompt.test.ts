import { expect, test } from 'vitest';
import type { AskPrompt, VarsPrompt } from '../../../../src/language/model.ts';
import { loadPlaybook } from '../../../../src/language/playbook-loader.ts';
import { filters, resources } from '../../../helpers/resources/all-resources.ts';

const play = {
  hosts: 'localhost',
  vars: { who: 'play', more: 'play' },
  vars_prompt: [
    { name: 'who', prompt: 'Who?', private: false, default: 'nobody' },
    { name: 'secret', confirm: true },
  ],
  tasks: [{ debug: { msg: '{{ who }} {{ secret }}' } }],
};

async function loaded(plays: readonly object[], ask?: AskPrompt, extraVars: readonly string[] = []) {
  const options = { inventories: [], limit: undefined, tags: [], skipTags: [], ask, extraVars };
  const text = JSON.stringify(plays);
  const playbook = await loadPlaybook('/nowhere/site.yml', { ...options, text, resources, filters });
  return playbook.plays.map(({ vars }) =>
    Object.fromEntries(
      vars.flatMap(({ variables }) => [...variables].map(([name, { value }]) => [name, value])),
    ),
  );
}

test('each question is asked once for a run, and its answer is stronger than vars of the play', async () => {
  const asked: VarsPrompt[] = [];
  const vars = await loaded([play, play], async (prompt) => {
    asked.push(prompt);
    return `answer ${asked.length}`;
  });
  expect(asked).toEqual([
    { name: 'who', question: 'Who? [nobody]: ', isPrivate: false, confirm: false, otherwise: 'nobody' },
    { name: 'secret', question: 'secret: ', isPrivate: true, confirm: true, otherwise: undefined },
  ]);
  const expected = { who: 'answer 1', secret: 'answer 2', more: 'play' };
  expect(vars).toEqual([expected, expected]);
});

test('what the command line gives is not asked for', async () => {
  const ask = async ({ name }: VarsPrompt) => name;
  expect(await loaded([play], ask, ['secret=x'])).toEqual([{ who: 'who', more: 'play' }]);
});

test('where nobody is to be asked, defaults count', async () => {
  expect(await loaded([play])).toEqual([{ who: 'nobody', secret: '', more: 'play' }]);
});

test('encrypt is refused by name', async () => {
  const encrypted = { ...play, vars_prompt: [{ name: 'secret', encrypt: 'sha512_crypt' }] };
  await expect(loaded([encrypted])).rejects.toThrow("'encrypt' of vars_prompt is not supported");
});
