import { expect, test, vi } from 'vitest';
import type { HostValue } from '../../../../src/language/evaluate/host-memory.ts';
import { evaluating, load, memoriesOf } from '../../../helpers/language/written-playbook.ts';

const value = (one: unknown): HostValue => ({ kind: 'value', value: one });

// Every level gives `x` its own name; levels are taken away from the top, one by one.
const levels = [
  'extra vars',
  'role parameters',
  'set_fact',
  'task vars',
  'block vars',
  'role vars',
  'vars files',
  'play vars',
  'host vars',
  'child group',
  'parent group',
  'group all',
  'role defaults',
] as const;

function layered(top: number): Record<string, string> {
  const has = (level: (typeof levels)[number]): boolean => levels.indexOf(level) >= top;
  const set = (level: (typeof levels)[number]): string => (has(level) ? `{x: ${level}}` : '{}');
  return {
    'site.yml': `
inventory:
  all:
    vars: ${set('group all')}
    children:
      parent:
        vars: ${set('parent group')}
        children:
          child:
            vars: ${set('child group')}
            hosts: {h1: ${set('host vars')}}
plays:
  - hosts: all
    vars: ${set('play vars')}
    vars_files: [more.yml]
    roles:
      - {role: r${has('role parameters') ? ', x: role parameters' : ''}}
`,
    'more.yml': set('vars files'),
    'roles/r/vars/main.yml': set('role vars'),
    'roles/r/defaults/main.yml': set('role defaults'),
    'roles/r/tasks/main.yml': `
- vars: ${set('block vars')}
  block:
    - debug: {msg: "{{ x }}"}
      vars: ${set('task vars')}
`,
  };
}

test.each(levels.map((level, top) => [level, top] as const))(
  '%s wins over all levels below',
  async (level, top) => {
    const playbook = await load(layered(top), top === 0 ? ['{"x": "extra vars"}'] : []);
    const values = top <= 2 ? { x: value('set_fact') } : {};
    const { evaluate } = evaluating(playbook, memoriesOf(playbook, { h1: { values } }));
    expect(evaluate(0)).toMatchObject({ kind: 'ready', items: [{ args: { msg: level } }] });
  },
);

const site = (plays: string): Record<string, string> => ({
  'site.yml': `
inventory:
  all:
    vars: {domain: example.com}
    children:
      web: {hosts: {h1.example.com: {port: 80}, h2: {port: "{{ base + 1 }}", base: 8000}}}
      db: {hosts: {h3: {}}}
plays:
${plays}`,
});

async function message(text: string, known: Parameters<typeof memoriesOf>[1] = {}): Promise<unknown> {
  const playbook = await load(
    site(
      `  - hosts: web\n    name: first\n    tasks:\n      - debug:\n          msg: ${JSON.stringify(text)}\n`,
    ),
  );
  const { evaluate } = evaluating(playbook, memoriesOf(playbook, known), true);
  const evaluation = evaluate(0, 'h1.example.com');
  if (evaluation.kind !== 'ready') return evaluation;
  return (evaluation.items.at(0) as { readonly args: { readonly msg: unknown } }).args.msg;
}

test.each<[string, unknown]>([
  ['{{ inventory_hostname }} {{ inventory_hostname_short }}', 'h1.example.com h1'],
  ['{{ groups.web }}', ['h1.example.com', 'h2']],
  ["{{ groups['all'] | length }} {{ groups.ungrouped }}", '3 []'],
  ['{{ group_names }}', ['web']],
  ['{{ ansible_play_name }} {{ play_hosts | length }} {{ ansible_play_hosts_all | length }}', 'first 2 2'],
  ['{{ ansible_check_mode }}', true],
  ['{{ playbook_dir is abs }}', true],
  ['{{ ansible_managed }}', 'Managed by provision'],
  ["{{ hostvars['h2'].port }}", 8001],
  ["{{ groups.web | map('extract', hostvars, 'port') | list }}", [80, 8001]],
  ["{% for h in groups.web %}{{ hostvars[h]['port'] }};{% endfor %}", '80;8001;'],
  ["{{ hostvars['h2'].keys() | select('match', 'base') | list }}", ['base']],
  [
    "{{ hostvars['h3'] | dict2items | map(attribute='key') | sort }}",
    expect.arrayContaining(['domain', 'inventory_hostname']),
  ],
  ['{{ (hostvars | dict2items | first).value.domain }}', 'example.com'],
  ["{{ hostvars['h3'].domain }} {{ hostvars['h3'] | to_json | length > 50 }}", 'example.com True'],
  ["{{ hostvars.h3.port | default('none') }} {{ 'h9' in hostvars }}", 'none False'],
  ['{{ hostvars.values() | map(attribute="inventory_hostname") | list }}', ['h1.example.com', 'h2', 'h3']],
])('%s', async (text, expected) => {
  expect(await message(text)).toEqual(expected);
});

test('facts of this host and of others, with and without the prefix', async () => {
  const known = {
    'h1.example.com': { facts: { distribution: 'Debian', default_ipv4: { address: '10.0.0.1' } } },
    h2: { facts: { distribution: 'Ubuntu' } },
  };
  expect(await message('{{ ansible_distribution }} {{ ansible_facts.distribution }}', known)).toBe(
    'Debian Debian',
  );
  expect(await message("{{ hostvars['h2'].ansible_facts.distribution }}", known)).toBe('Ubuntu');
  expect(await message("{{ hostvars['h2']['ansible_distribution'] }}", known)).toBe('Ubuntu');
  expect(await message('{{ ansible_facts.default_ipv4.address }}', known)).toBe('10.0.0.1');
});

test('one name of another host is looked up, without a list of all that it has', async () => {
  const facts = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`fact${n}`, n]));
  const playbook = await load(site('  - hosts: web\n    tasks: [{debug: {msg: x}}]\n'));
  const memories = memoriesOf(playbook, { h2: { facts, values: { set: value('x') } } });
  const h2 = memories.get('h2');
  if (!h2) throw new Error('no memory');
  const listed = [
    vi.spyOn(h2.facts, 'keys'),
    vi.spyOn(h2.facts, Symbol.iterator),
    vi.spyOn(h2.values, 'keys'),
  ];
  const texts = [
    "{{ hostvars['h2'].port }} {{ hostvars['h2'].ansible_fact7 }} {{ hostvars['h2'].set }}",
    "{{ hostvars['h2'].none | default('-') }} {{ hostvars['h2'].ansible_fact500 | default('-') }}",
  ];
  for (const text of texts) {
    const { evaluator, at, context } = evaluating(playbook, memories);
    const found = evaluator.value({ value: text, at: () => at(0).at }, at(0), context('h1.example.com'));
    expect(found).toEqual({ kind: 'value', value: text === texts[0] ? '8001 7 x' : '- -' });
  }
  expect(listed.flatMap(({ mock }) => mock.calls)).toEqual([]);
});

test('every name that hostvars lists can be looked up, and no other', async () => {
  const known = { h2: { facts: { distribution: 'Ubuntu', ansible_kernel: '6' }, values: { set: value(1) } } };
  const listed = (await message("{{ hostvars['h2'].keys() | list }}", known)) as readonly string[];
  const names = [
    ...listed,
    'ansible_play_name',
    'role_name',
    'hostvars',
    'omit',
    'nothing',
    'kernel',
    'distribution',
  ];
  const found = await Promise.all(
    names.map(async (name) => [name, await message(`{{ '${name}' in hostvars['h2'] }}`, known)]),
  );
  expect(found.filter(([, has]) => has).map(([name]) => name)).toEqual(listed);
});

test('what another host will register is waited for, and only then', async () => {
  const plays = `
  - hosts: web
    tasks:
      - command: id
        register: who
      - debug: {msg: "{{ hostvars['h2'].who.stdout }}"}
      - debug: {msg: "{{ hostvars['h2'].port }}"}
`;
  const playbook = await load(site(plays));
  const pending = { h2: { values: { who: { kind: 'pending' as const, task: 'look who' } } } };
  const { evaluate } = evaluating(playbook, memoriesOf(playbook, pending));
  expect(evaluate(1, 'h1.example.com')).toMatchObject({ kind: 'waits', on: 'look who' });
  expect(evaluate(2, 'h1.example.com')).toMatchObject({ kind: 'ready', items: [{ args: { msg: 8001 } }] });
});

test('a variable that leads back to itself is an error that shows the circle', async () => {
  const plays = `
  - hosts: web
    vars: {a: "{{ b }}", b: "{{ c if true else 1 }}", c: "{{ a }}"}
    tasks:
      - debug: {msg: "{{ a if a is defined else 1 }}"}
`;
  const playbook = await load(site(plays));
  expect(evaluating(playbook).evaluate(0, 'h2')).toMatchObject({
    kind: 'failed',
    problem: {
      code: 'recursive-variable',
      message: "the variable 'a' is defined by itself: a -> b -> c -> a",
    },
  });
});

test('a value of none is a value: it hides the levels below', async () => {
  const plays = `
  - hosts: web
    vars: {port: null}
    tasks:
      - debug: {msg: "{{ port is none }} {{ port | default('x') }}"}
`;
  const playbook = await load(site(plays));
  expect(evaluating(playbook).evaluate(0, 'h2')).toMatchObject({ items: [{ args: { msg: 'True ' } }] });
});
