import { expect, test } from 'vitest';
import { evaluating, load, memoriesOf } from '../../../helpers/language/written-playbook.ts';

const files = {
  'site.yml': `
inventory: {all: {vars: {kind: small}, hosts: {h1: {}, h2: {kind: large}, h3: {kind: none}}}}
plays:
- hosts: all
  vars_files:
    - "{{ kind }}.yml"
    - ["{{ ansible_distribution }}.yml", other.yml]
  tasks:
    - {debug: {msg: "{{ size }} {{ system }} {{ kind }}"}}
    - {debug: {msg: "{{ system }}"}}
`,
  'vars/small.yml': 'size: 1\n',
  'large.yml': 'size: 100\nkind: changed by its own file\n',
  'vars/Debian.yml': 'system: "with {{ size }}"\n',
  'other.yml': 'system: other\n',
};

async function saying(host: string, task: number, distribution?: string): Promise<unknown> {
  const playbook = await load(files);
  const facts = distribution === undefined ? {} : { distribution };
  const memories = memoriesOf(playbook, { [host]: { facts } });
  const evaluation = evaluating(playbook, memories).evaluate(task, host);
  if (evaluation.kind !== 'ready') return evaluation;
  return (evaluation.items.at(0) as { readonly args: { readonly msg: unknown } }).args.msg;
}

test.each([
  ['h1', 'Debian', '1 with 1 small'],
  ['h2', 'Debian', '100 with 100 changed by its own file'],
  ['h1', 'Alpine', '1 other small'],
])('%s with %s reads the files that its own values name', async (host, distribution, said) => {
  expect(await saying(host, 0, distribution)).toBe(said);
});

test('a host for which there is none fails where one of their variables is read, and only there', async () => {
  expect(await saying('h3', 0, 'Alpine')).toMatchObject({
    kind: 'failed',
    problem: { code: 'missing-file', message: "vars_files: there is no file 'none.yml'" },
  });
  expect(await saying('h3', 1, 'Alpine')).toBe('other');
});

test('a fact that the host has not is an error, never the next name', async () => {
  expect(await saying('h1', 1)).toMatchObject({
    kind: 'failed',
    problem: { message: expect.stringContaining('ansible_distribution') },
  });
});
