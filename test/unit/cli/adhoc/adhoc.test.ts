import { describe, expect, it } from 'vitest';
import { folder, provision } from '../../../helpers/cli/command.ts';

const hosts = `all:
  vars: { ansible_connection: local, secret: hush }
  children:
    site:
      children:
        web: { hosts: { w2: {}, w10: {} } }
        db: { hosts: { d1: {} } }
`;

const site = `
- name: Web
  hosts: web
  tasks:
    - { name: One, command: echo one, tags: [a, b] }
    - { name: Two, debug: { msg: hello }, tags: b }
- hosts: db
  roles: [base]
`;

function place(files: Readonly<Record<string, string>> = {}, env: NodeJS.ProcessEnv = {}) {
  const cwd = folder({ 'hosts.yml': hosts, 'site.yml': site, ...files });
  return { cwd, env: { HOME: cwd, PROVISION_STATE: `${cwd}/.state`, PROVISION_RUN: `${cwd}/.run`, ...env } };
}

describe('provision run', () => {
  it('several words are a program and its arguments, templates are none', async () => {
    const words = ['run', 'web', '-i', 'hosts.yml', '--', 'printf', '%s|', '{{ secret }}', 'a b'];
    const { code, stdout, stderr } = await provision(words, place());
    expect(stdout.trimEnd().split('\n').toSorted()).toEqual([
      'w10: {{ secret }}|a b|',
      'w2: {{ secret }}|a b|',
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^2 of 2 hosts ok; /);
  });

  it('one word is a line for the shell; a failure shows all that was printed, and its code', async () => {
    const { code, stdout, stderr } = await provision(
      ['run', 'd1', '-i', 'hosts.yml', '--', 'echo out; echo err >&2; exit 3'],
      place(),
    );
    expect(stdout).toBe('d1: exit code 3\n  out\n  err\n');
    expect(stderr).toMatch(/^0 of 1 host ok; 1 failed; /);
    expect(code).toBe(2);
  });

  it('-C runs nothing, and nobody is asked where the pattern is wrong', async () => {
    const at = place();
    const checked = await provision(['run', 'd1', '-i', 'hosts.yml', '-C', '--', 'touch', 'made'], at);
    expect(checked).toMatchObject({ code: 0, stdout: 'd1: would run it\n' });
    const wrong = await provision(['run', 'wb', '-i', 'hosts.yml', '--', 'true'], at);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^wb: there is no host or group 'wb'\n {2}hint: did you mean 'web'\?/);
  });

  it('a host that is off: what to do, exit code 4', async () => {
    const { code, stderr } = await provision(
      ['run', 'off', '-i', 'off.ini', '--', 'true'],
      place({ 'off.ini': 'off ansible_host=127.0.0.1 ansible_port=1\n' }),
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/off: unreachable: .*refused[\s\S]*next: /);
    expect(stderr).toContain('0 of 1 host ok; 1 unreachable');
  });
});

describe('provision ping, facts, inventory', () => {
  it('ping shows who can be worked on', async () => {
    const { code, stdout } = await provision(['ping', '-i', 'hosts.yml', 'web'], place());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^w2 {3}ok +\d+ m?s {2}\w+ [\d.]+$/m);
    expect(stdout).toMatch(/^w10 {2}ok /m);
  });

  it('facts as lines, and as JSON by host', async () => {
    const at = place({}, { PROVISION_INVENTORY: 'hosts.yml' });
    const { stdout } = await provision(['facts', 'd1'], at);
    expect(stdout).toMatch(/^d1\n {2}all_ipv4_addresses: /);
    expect(stdout).toMatch(/^ {2}date_time:\n {4}date: /m);
    const { stdout: json } = await provision(['facts', 'd1', '--json'], at);
    expect(JSON.parse(json)).toMatchObject({ d1: { hostname: expect.any(String) } });
  });

  it('the inventory as ansible-inventory --graph draws it', async () => {
    const { stdout, code } = await provision(['inventory', '--graph', '-i', 'hosts.yml'], place());
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        '@all:',
        '  |--@site:',
        '  |  |--@db:',
        '  |  |  |--d1',
        '  |  |--@web:',
        '  |  |  |--w2',
        '  |  |  |--w10',
        '',
      ].join('\n'),
    );
  });

  it('a playbook lends its inventory', async () => {
    const own = 'inventory: { web: { hosts: { h1: {} } } }\nplays: [{ hosts: all, tasks: [] }]\n';
    const { stdout } = await provision(['inventory', '-i', 'own.yml', '--json'], place({ 'own.yml': own }));
    expect(JSON.parse(stdout)).toMatchObject({ hosts: { h1: { groups: ['web'] } }, groups: { web: ['h1'] } });
  });
});

describe("Ansible's habits", () => {
  it('lists hosts, tasks and tags, as tags and limit leave them', async () => {
    const at = place({
      'hosts.ini': '[web]\nw1\nw2\n[db]\nd1\n',
      'site.yml': site.split('- hosts: db')[0] ?? '',
    });
    const words = ['apply', 'site.yml', '-i', 'hosts.ini'];
    const list = async (...more: readonly string[]) => (await provision([...words, ...more], at)).stdout;
    expect(await list('--list-hosts', '-l', 'w2')).toBe('play 1: Web  1 host\n  w2\n\n');
    expect(await list('--list-tasks')).toBe('play 1: Web  2 hosts\n  One  [a, b]\n  Two  [b]\n\n');
    expect(await list('--list-tasks', '--list-tags', '-t', 'a')).toBe(
      'play 1: Web  2 hosts\n  tasks:\n    One  [a, b]\n  tags:\n    a\n    b\n\n',
    );
    expect(await list('--syntax-check')).toBe('site.yml: 1 play, 2 tasks, 2 hosts: ok\n');
    const { stdout } = await provision(['validate', 'site.yml', '-i', 'hosts.ini', '--list-tags'], at);
    expect(stdout).toBe('play 1: Web  2 hosts\n  a\n  b\n\n');
  });

  it('-C, -D, --start-at-task and --flush-cache do what they do there', async () => {
    const at = place({ 'site.yml': site.split('- hosts: db')[0] ?? '' });
    const words = ['apply', 'site.yml', '-i', 'hosts.yml', '-C', '-D', '--flush-cache'];
    const { code, stdout } = await provision([...words, '--start-at-task', 'T*'], at);
    expect(code).toBe(0);
    expect(stdout).not.toContain('One');
  });

  it('an inventory by default: PROVISION_INVENTORY, else provision.yml; -i and a playbook of its own win', async () => {
    const files = {
      'provision.yml': 'inventory: set.ini\n',
      'set.ini': 'of-settings\n',
      'env.ini': 'of-environment\n',
      'own.yml': 'inventory: { hosts: { of-playbook: {} } }\nplays: [{ hosts: all, tasks: [] }]\n',
      'plain.yml': '- hosts: all\n  tasks: []\n',
    };
    const shown = async (words: readonly string[], env = {}) =>
      (await provision([...words, '--list-hosts'], place(files, env))).stdout;
    const environment = { PROVISION_INVENTORY: 'env.ini' };
    expect(await shown(['validate', 'plain.yml'])).toContain('of-settings');
    expect(await shown(['validate', 'plain.yml'], environment)).toContain('of-environment');
    expect(await shown(['validate', 'own.yml'], environment)).toContain('of-playbook');
    expect(await shown(['validate', 'plain.yml', '-i', 'given,'], environment)).toContain('given');
  });

  it('a mistake in provision.yml stops a command, and not its help', async () => {
    const at = place({ 'provision.yml': 'fork: 3\n' });
    const { code, stderr } = await provision(['ping', '-i', 'hosts.yml'], at);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^provision\.yml:1:1: unknown key 'fork'[\s\S]*did you mean 'forks'\?/);
    expect(await provision(['ping', '--help'], at)).toMatchObject({ code: 0, stderr: '' });
  });
});
