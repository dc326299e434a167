import { describe, expect, test } from 'vitest';
import { problemsOf } from '../../../helpers/language/written-playbook.ts';

function playbook(tasks: string): string {
  return `inventory: { hosts: { h1: {} } }
plays:
  - hosts: all
    gather_facts: false
    vars: { words: [a, b] }
    tasks:
${tasks.replace(/^/gm, '      ')}
`;
}

const command = '- { command: uptime, register: x }';
const looped = '- { command: uptime, loop: [1, 2], register: x }';
const stat = '- { stat: { path: /etc/passwd }, register: x }';
const show = (text: string) => `- debug: { msg: "{{ ${text} }}" }`;

describe('a key that no task registers', () => {
  test.each([
    [command, show('x.contents'), "'x' has no key 'contents'", 'choose one of: cmd, delta, end, rc'],
    [command, show('x.stdot'), "'x' has no key 'stdot'", "did you mean 'stdout'?"],
    [command, show("x['stdot']"), "'x' has no key 'stdot'", "did you mean 'stdout'?"],
    [
      command,
      '- { debug: { msg: a }, when: x.exit_code == 0 }',
      "'x' has no key 'exit_code'",
      'choose one of: cmd, delta, end, rc',
    ],
    [command, show('x.results'), "'x' has no key 'results'", "the task has no loop: leave '.results' out"],
    [stat, show('x.exists'), "'x' has no key 'exists'", 'write x.stat.exists'],
    [
      stat,
      show('x.stat.mimetype'),
      "'x.stat' has no key 'mimetype'",
      'write `get_mime: true` into the task: it is looked at only then',
    ],
    [
      '- { stat: { path: "{{ item }}" }, loop: [/a], register: x }',
      show('x.results[0].stat.charset'),
      "'x.results[0].stat' has no key 'charset'",
      'write `get_mime: true` into the task',
    ],
    [
      '- { stat: { path: /a, mime: true }, register: x }',
      show('x.stat.attributes'),
      "'x.stat' has no key 'attributes'",
      'write `get_attributes: true` into the task',
    ],
    [stat, show('x.stat.md5'), "'x.stat' has no key 'md5'", "only Ansible's stat gives it: stat.checksum"],
    [
      '- { copy: { content: a, dest: /a }, register: x }',
      show('x.check_sum'),
      "'x' has no key 'check_sum'",
      "did you mean 'checksum'?",
    ],
    [
      '- { apt: { name: a }, register: x }',
      show('x.cache_update'),
      "'x' has no key 'cache_update'",
      "'cache_updated'",
    ],
    [stat, show('x.stat.exist'), "'x.stat' has no key 'exist'", "did you mean 'exists'?"],
    [looped, show('x.stdout'), "'x' has no key 'stdout'", 'write x.results[0].stdout'],
    [looped, show('x.cmd'), "'x' has no key 'cmd'", 'write x.results[0].cmd'],
    [looped, show('x.results[1].stdot'), "'x.results[1]' has no key 'stdot'", "did you mean 'stdout'?"],
    [
      '- { slurp: { src: /a }, register: x }',
      show('x.contents | b64decode'),
      "'x' has no key 'contents'",
      'content',
    ],
    [
      '',
      '- { command: a, register: x, failed_when: x.code > 1 }',
      "'x' has no key 'code'",
      'choose one of: cmd, delta, end, rc',
    ],
    ['', '- { command: a, register: x, loop: [1], until: x.stdot }', "'x' has no key 'stdot'", "'stdout'"],
    [
      command,
      '- { debug: { msg: "{{ y }}" }, vars: { y: "{{ x.stdot }}" } }',
      "'x' has no key 'stdot'",
      "'stdout'",
    ],
  ])('%s, then %s', async (first, second, message, hint) => {
    const problems = await problemsOf({ 'site.yml': playbook(`${first}\n${second}`.trim()) });
    expect(problems).toMatchObject([{ code: 'unknown-key', message }]);
    expect(problems[0]?.why).toMatch(/^it is what \w+ registers in \S+site\.yml:\d+$/);
    expect(problems[0]?.hint).toContain(hint);
    expect(problems[0]?.at?.line).toBeGreaterThan(6);
  });
});

describe('nothing is said of', () => {
  test.each([
    [command, show('x.stdout_lines | first')],
    [command, show("x.failed, x.changed, x.skipped, x.skip_reason, x.msg, x['rc']")],
    [command, show('x.start ~ x.end ~ x.delta')],
    [
      '- { copy: { content: a, dest: /a }, register: x }',
      show('x.backup_file ~ x.dest ~ x.diff ~ x.secontext'),
    ],
    ['- { apt: { name: a }, register: x }', show('x.cache_updated ~ x.cache_update_time ~ x.stdout')],
    ['- { systemd: { name: a }, register: x }', show('x.status.ActiveState')],
    [command, show("x.contents | default('')")],
    [command, '- { debug: { msg: a }, when: x.contents is defined }'],
    [command, '- { debug: { msg: "{{ x.contents }}" }, when: x.contents is defined }'],
    [command, '- { debug: { msg: "{{ x.contents }}" }, when: "\'contents\' in x" }'],
    [command, show("x.contents if 'contents' in x else ''")],
    [command, show("x.get('contents', 1)")],
    [command, show('x[word].more')],
    [command, show('x.stdout.foo')],
    [command, show('(x | default({})).contents | default(1)')],
    [looped, show("x.results | map(attribute='stdot')")],
    [looped, show('x.results[0].item ~ x.results[1].stdout ~ x.results[0].ansible_loop_var')],
    [looped, show('x.results[words | length].rc ~ x.msg ~ x.changed')],
    [stat, '- { debug: { msg: a }, when: x.stat.exists and x.stat.isdir }'],
    ['- { stat: { path: /a, mime: true }, register: x }', show('x.stat.mimetype ~ x.stat.charset')],
    [
      '- { stat: { path: /a, get_attributes: "{{ 1 == 1 }}" }, register: x }',
      show('x.stat.attr_flags ~ x.stat.version'),
    ],
    [`${command}\n${stat}`, show('x.stat.exists ~ x.stdout')],
    [`${command}\n- { apt: { name: a }, register: x }`, show('x.cache_updated')],
    [`${command}\n- set_fact: { x: { contents: 1 } }`, show('x.contents')],
    [command, '- { debug: { msg: "{{ x.contents }}" }, vars: { x: { contents: 1 } } }'],
    [
      command,
      '- { debug: { msg: "{{ x.contents }}" }, loop: [{ contents: 1 }], loop_control: { loop_var: x } }',
    ],
    [command, show('[1] | map("string") | list')],
    ['- { command: a, async: 10, poll: 0, register: x }', show('x.ansible_job_id')],
    ['', '- { command: a, register: x, loop: [1], failed_when: x.rc > item }'],
  ])('%s, then %s', async (first, second) => {
    const problems = await problemsOf({ 'site.yml': playbook(`${first}\n${second}`.trim()) });
    expect(problems.filter(({ code }) => code === 'unknown-key')).toEqual([]);
  });
});
