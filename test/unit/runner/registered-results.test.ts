import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LocalProject } from '../../helpers/runner/local-run.ts';

/** What of the result of a task a playbook may read; the same as with Ansible. */
type Row = readonly [name: string, task: string, expected: Readonly<Record<string, unknown>>];

const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/;
const owner = { uid: process.getuid?.(), gid: process.getgid?.() };

const rows: readonly Row[] = [
  ['directory', 'file: {path: DIR/w, state: directory}', { state: 'directory', mode: '0755', ...owner }],
  [
    'copy_new',
    'copy: {content: "a\\n", dest: DIR/w/c}',
    {
      changed: true,
      dest: 'DIR/w/c',
      size: 2,
      mode: '0644',
      checksum: '3f786850e387550fdab836ed7e6dc881de23001b',
      md5sum: '60b725f10c9c85c70d97880dfe8191b3',
      state: 'file',
      ...owner,
    },
  ],
  ['copy_same', 'copy: {content: "a\\n", dest: DIR/w/c}', { changed: false, size: 2, ...owner }],
  [
    'copy_backup',
    'copy: {content: "b\\n", dest: DIR/w/c, backup: true}',
    { backup_file: expect.stringMatching(/\/w\/c\..*~$/) },
  ],
  ['mode', "file: {path: DIR/w/c, mode: '0600'}", { mode: '0600', size: 2, ...owner }],
  [
    'link',
    'file: {path: DIR/w/l, src: c, state: link}',
    { state: 'link', dest: 'DIR/w/l', src: 'c', ...owner },
  ],
  [
    'touch',
    'file: {path: DIR/w/t, state: touch}',
    { size: 0, mode: '0644', state: 'file', owner: userInfo().username, ...owner },
  ],
  ['touch_failed', 'file: {path: DIR/w/t, state: touch, owner: no-such-user}', { failed: true }],
  [
    'file_missing',
    'file: {path: DIR/w/none, state: file}',
    { path: 'DIR/w/none', state: 'absent', msg: 'file (DIR/w/none) is absent, cannot continue' },
  ],
  [
    'file_in_the_way',
    'file: {path: DIR/w/t, state: directory}',
    { path: 'DIR/w/t', state: 'file', size: 0, mode: '0644', msg: 'DIR/w/t already exists as a file' },
  ],
  ['slurp_missing', 'slurp: {src: DIR/w/none}', { msg: 'file not found: DIR/w/none' }],
  [
    'line_file_missing',
    'lineinfile: {path: DIR/w/none, line: x}',
    { rc: 257, msg: 'Destination DIR/w/none does not exist !' },
  ],
  [
    'replace_file_missing',
    'replace: {path: DIR/w/none, regexp: x}',
    { rc: 257, msg: 'Path DIR/w/none does not exist !' },
  ],
  [
    'block_directory',
    'blockinfile: {path: DIR/w, block: x}',
    { rc: 256, msg: 'Path DIR/w is a directory !' },
  ],
  ['gone', 'file: {path: DIR/w/t, state: absent}', { state: 'absent', path: 'DIR/w/t' }],
  ['line_added', 'lineinfile: {path: DIR/w/c, line: x}', { msg: 'line added', backup: '' }],
  ['line_there', 'lineinfile: {path: DIR/w/c, line: x}', { msg: '', changed: false }],
  ['line_replaced', "lineinfile: {path: DIR/w/c, regexp: '^x', line: y}", { msg: 'line replaced' }],
  [
    'line_owned',
    "lineinfile: {path: DIR/w/c, line: z, mode: '0640'}",
    { msg: 'line added and ownership, perms or SE linux context changed' },
  ],
  [
    'line_removed',
    "lineinfile: {path: DIR/w/c, regexp: '^[yz]', state: absent, backup: true}",
    { msg: '2 line(s) removed', found: 2, backup: expect.stringMatching(/~$/) },
  ],
  ['line_missing', "lineinfile: {path: DIR/w/c, regexp: '^y', state: absent}", { msg: '', found: 0 }],
  [
    'line_no_file',
    'lineinfile: {path: DIR/w/no, line: y, state: absent}',
    { msg: 'file not present', found: 0 },
  ],
  ['line_written', 'copy: {content: "z\n", dest: DIR/w/g}', {}],
  [
    'line_again',
    "lineinfile: {path: DIR/w/g, regexp: '(z+)', line: '\\1\\1', backrefs: true}",
    { msg: 'line replaced', changed: true },
  ],
  [
    'temporary',
    'tempfile: {path: DIR/w}',
    {
      path: expect.stringMatching(/^.*\/w\/ansible\.\w+$/),
      state: 'file',
      mode: '0600',
      size: 0,
      ...owner,
    },
  ],
  [
    'waited',
    "wait_for: {path: DIR/w/g, search_regex: '(?P<first>z)(y?)'}",
    {
      state: 'file',
      mode: '0644',
      port: null,
      match_groups: ['z', ''],
      match_groupdict: { first: 'z' },
      ...owner,
    },
  ],
  [
    'waited_for_none',
    'wait_for: {path: DIR/w/none, timeout: 0}',
    // The host counts whole seconds: one may begin meanwhile.
    { failed: true, elapsed: expect.toBeOneOf([0, 1]), msg: 'Timeout when waiting for file DIR/w/none' },
  ],
  ['block_added', 'blockinfile: {path: DIR/w/c, block: z}', { msg: 'Block inserted' }],
  ['block_there', 'blockinfile: {path: DIR/w/c, block: z}', { msg: '' }],
  ['block_removed', 'blockinfile: {path: DIR/w/c, state: absent}', { msg: 'Block removed' }],
  ['block_file', 'blockinfile: {path: DIR/w/sub/n, block: z, create: true}', { msg: 'File created' }],
  ['line_file', 'lineinfile: {path: DIR/w/deep/er/n, line: z, create: true}', { msg: 'line added' }],
  [
    'command',
    'command: echo a',
    { cmd: ['echo', 'a'], rc: 0, stdout: 'a', stdout_lines: ['a'], stderr: '', msg: '' },
  ],
  [
    'command_timed',
    'shell: sleep 0.2',
    {
      start: expect.stringMatching(time),
      end: expect.stringMatching(time),
      delta: expect.stringMatching(/^0:\d\d:\d\d\.(?!000000)\d{6}$/),
    },
  ],
  [
    'command_read',
    'command: echo a\n      changed_when: false\n      check_mode: false',
    { start: expect.stringMatching(time), delta: expect.stringMatching(/^\d:\d\d:\d\d\.\d{6}$/) },
  ],
  [
    'command_missing',
    'command: /no/such thing',
    {
      failed: true,
      changed: false,
      rc: 2,
      cmd: '/no/such thing',
      msg: "[Errno 2] No such file or directory: b'/no/such'",
    },
  ],
  [
    'command_failed',
    "shell: 'echo a; echo b >&2; exit 3'",
    { failed: true, changed: true, rc: 3, stdout: 'a', stderr: 'b', msg: 'non-zero return code' },
  ],
  [
    'command_created',
    'command: echo a\n      args: {creates: DIR/w/c}',
    {
      changed: false,
      rc: 0,
      stdout: 'skipped, since DIR/w/c exists',
      msg: "Did not run command since 'DIR/w/c' exists",
      start: null,
      end: null,
      delta: null,
    },
  ],
  [
    'forgiven',
    'command: "false"\n      failed_when: false',
    { failed_when_result: false, failed: false, rc: 1 },
  ],
  ['blamed', 'command: "true"\n      failed_when: true', { failed_when_result: true, failed: true, msg: '' }],
  ['shell_words', 'shell: "/no/such; nosuch a"', { stderr: expect.not.stringContaining('eval: ') }],
  ['raw', 'raw: echo a', { stdout: 'a\n', stdout_lines: ['a'] }],
  ['fail_no', 'fail: {msg: no}', { msg: false }],
  [
    'some_failed',
    'command: "{{ item }}"\n      loop: ["false", "true"]',
    { msg: 'One or more items failed', failed: true },
  ],
  [
    'none_given',
    'command: "true"\n      loop: []',
    { skipped_reason: 'No items in the list', skipped: true },
  ],
  ['tried', 'command: echo a\n      until: tried.rc == 0\n      delay: 0', { attempts: 1 }],
  [
    'tired',
    'command: echo a\n      until: false\n      retries: 2\n      delay: 0',
    { attempts: 2, failed: true },
  ],
  [
    'looped',
    'command: "echo {{ item }}"\n      loop: [x, y]\n      loop_control: {index_var: number}',
    {
      msg: 'All items completed',
      results: [
        expect.objectContaining({
          item: 'x',
          number: 0,
          ansible_index_var: 'number',
          ansible_loop_var: 'item',
        }),
        expect.objectContaining({ item: 'y', number: 1, stdout: 'y' }),
      ],
      skipped: false,
    },
  ],
  [
    'left_out',
    'command: echo a\n      when: false\n      loop: [x]',
    {
      skipped: true,
      msg: 'All items skipped',
      results: [expect.objectContaining({ item: 'x', skipped: true })],
    },
  ],
  ['root_group', 'group: {name: root}', { gid: 0, name: 'root', state: 'present', system: false }],
  [
    'root_user',
    'user: {name: root}',
    { uid: 0, group: 0, home: '/root', append: false, move_home: false, state: 'present' },
  ],
];

const project = new LocalProject().open();
let registered: Record<string, unknown>;

beforeAll(async () => {
  const tasks = rows.map(
    ([name, task]) => `    - ${task}\n      register: ${name}\n      ignore_errors: true\n`,
  );
  const all = rows.map(([name]) => `'${name}': ${name}`).join(', ');
  const kept = `    - copy: {content: "{{ {${all}} | to_json }}", dest: DIR/all.json}\n`;
  await project.run(`- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.join('')}${kept}`);
  registered = JSON.parse(readFileSync(project.path('all.json'), 'utf8'));
});
afterAll(() => project.remove());

test.each(rows)('%s', (name, _task, expected) => {
  const words = Object.entries(expected).map(([key, value]) => [
    key,
    typeof value === 'string' ? value.replaceAll('DIR', project.directory) : value,
  ]);
  expect(registered[name]).toMatchObject(Object.fromEntries(words));
});

// What a step prints for us, as where it kept a backup, is nothing that Ansible's module has.
test.each(['copy_new', 'copy_backup', 'line_removed', 'temporary', 'touch'])('%s has no output', (name) => {
  expect(Object.keys(registered[name] as object)).not.toContain('stdout');
  expect(JSON.stringify(registered[name])).not.toContain('provision_');
});
