/** Files of playbooks that fail to load in ways that no case of test/unit/language/errors shows; by the code that they raise. */
export const wrongPlaybooks: Readonly<Record<string, string>> = {
  'complex-key': playbook('- debug: { [a, b]: x }'),
  encrypted: playbook('- debug: { msg: !vault "$ANSIBLE_VAULT;1.1;AES256" }'),
  'large-number': playbook('- debug: { msg: 123456789012345678901 }'),
  'not-a-playbook': 'web: { hosts: { h1: {} } }\n',
  'recursive-variable': playbook(
    '- debug: { msg: "{{ one }}" }\n  vars: { one: "{{ two }}", two: "{{ one }}" }',
  ),
  'several-documents': `${playbook('- debug: { msg: x }')}---\n[]\n`,
  'template-syntax': playbook('- debug: { msg: "{{ 1 + }}" }'),
  'too-large': `x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
y: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
z: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
u: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
v: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
w: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
plays: [*f, *f, *f]
`,
  'unknown-fact': playbook('- debug: { msg: "{{ ansible_facts.distributoin }}" }'),
  'unknown-filter': playbook('- debug: { msg: "{{ 1 | uper }}" }'),
  'unknown-test': playbook('- debug: { msg: "{{ 1 is evn }}" }'),
  'wrong-name': playbook('- debug: { msg: x }', 'all: { hosts: { "two words": {} } }'),
  'wrong-tag': playbook('- debug: { msg: !!int x }'),
};

function playbook(task: string, inventory = 'all: { hosts: { h1: {} } }'): string {
  return `inventory: { ${inventory} }
plays:
  - hosts: all
    gather_facts: false
    tasks:
${task.replace(/^/gm, '      ')}
`;
}
