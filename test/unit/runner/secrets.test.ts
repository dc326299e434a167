import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/report/redaction.ts';
import { openReport } from '../../../src/report/run-report.ts';
import { memoryOutput } from '../../helpers/report/sample-run.ts';
import { LocalProject } from '../../helpers/runner/local-run.ts';

let project: LocalProject;

beforeEach(() => {
  project = new LocalProject().open();
});

afterEach(() => project.remove());

/** Plans and applies tasks on this machine; gives all that is printed of it, for a person and for a program. */
async function everything(
  vars: Readonly<Record<string, unknown>>,
  tasks: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  const play = `
- name: this machine
  hosts: all
  gather_facts: false
  vars: ${JSON.stringify({ here: project.directory, ...vars })}
  handlers:
    - { name: say, shell: "echo handler {{ pw | default('') }}; false", ignore_errors: true }
  tasks:
${tasks.trim().replace(/^/gm, '    ')}
`;
  const redactor = new Redactor();
  const outputs = [memoryOutput(), memoryOutput(), memoryOutput()];
  const [stdout = memoryOutput(), stderr = memoryOutput(), json = memoryOutput()] = outputs;
  const choice = { live: false, diff: true, verbose: true, quiet: false, stderr, redactor };
  for (const check of [true, false]) {
    const reports = [
      await openReport({ ...choice, json: false, stdout }),
      await openReport({ ...choice, json: true, stdout: json }),
    ];
    await project.run(play, {
      check,
      diff: true,
      timings: { since: 0, loaded: 0 },
      hide: (secrets) => {
        for (const secret of secrets) redactor.add(secret);
      },
      report: (event) => {
        for (const { report } of reports) report(event);
      },
    });
    for (const { end } of reports) await end();
  }
  return outputs.map((output) => output.text()).join('\n');
}

const later = `
- name: fails with {{ pw }}
  command: "false {{ pw }}"
  ignore_errors: true
- name: says it
  shell: "echo cannot log in as app with {{ pw }} >&2; exit 1"
  ignore_errors: true
  register: said
- debug: { var: said }
- name: no_log forgotten
  copy: { content: "the same {{ pw }} again\\n", dest: "{{ here }}/other", mode: "0600" }
  notify: say
- block:
    - fail: { msg: "boom {{ pw }}" }
  rescue:
    - debug: { var: ansible_failed_result }
- assert: { that: "pw == 'x'", fail_msg: "no: {{ pw }}" }
  ignore_errors: true
- debug: { msg: "{{ item }}" }
  loop: ["{{ 'x' * 70 }}{{ pw }}"]
`;

describe('what a task with no_log reads is shown nowhere later', () => {
  const pw = 'Sup3rS3cretPw';
  const cases: readonly (readonly [
    string,
    string,
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, string>>,
  ])[] = [
    [
      'as a part of a text',
      'copy: { content: "user=app password={{ pw }}\\n", dest: "{{ here }}/c", mode: "0600" }',
      { pw },
      {},
    ],
    [
      'through another variable',
      'copy: { content: "{{ dsn }}", dest: "{{ here }}/c", mode: "0600" }',
      { pw, dsn: 'postgres://app:{{ pw | urlencode }}@db/x' },
      {},
    ],
    [
      'as a key of a mapping',
      'command: "true {{ nested.db.pw | hash(\'sha256\') }}"',
      { nested: { db: { pw } }, pw: '{{ nested.db.pw }}' },
      {},
    ],
    [
      'as an item of a list',
      'command: "true {{ all[1] | b64encode }}"',
      { all: ['x', pw], pw: '{{ all[1] }}' },
      {},
    ],
    [
      'whole',
      'command: "true {{ all | to_json | hash(\'sha1\') }}"',
      { all: [{ one: pw }], pw: '{{ all[0].one }}' },
      {},
    ],
    [
      'in a template file',
      'template: { src: app.conf.j2, dest: "{{ here }}/c", mode: "0600" }',
      { pw },
      { 'app.conf.j2': 'pw: {{ pw }}\n' },
    ],
    [
      'in a template that it includes',
      'template: { src: app.conf.j2, dest: "{{ here }}/c", mode: "0600" }',
      { pw },
      { 'app.conf.j2': "{% include 'in.j2' %}\n", 'in.j2': 'pw: {{ pw }}\n' },
    ],
    ['in its environment', 'command: "true"\n  environment: { PGPASSWORD: "x{{ pw }}" }', { pw }, {}],
    [
      'by a lookup',
      "command: \"true x{{ lookup('file', 'pw.txt') }}\"",
      { pw: "{{ lookup('file', 'pw.txt') }}" },
      { 'pw.txt': `${pw}\n` },
    ],
    [
      'in its loop',
      'command: "true {{ item.pw | hash(\'md5\') }}"\n  loop: "{{ all }}"',
      { all: [{ pw }], pw: '{{ all[0].pw }}' },
      {},
    ],
    [
      'as what it prints',
      `command: "printf %s ${pw}"\n  changed_when: false\n  check_mode: false`,
      { pw: `{{ '${pw.slice(0, 6)}' + '${pw.slice(6)}' }}` },
      {},
    ],
    [
      'in a file that it reads',
      'slurp: { src: "{{ here }}/pw.txt" }',
      { pw: `{{ '${pw.slice(0, 6)}' + '${pw.slice(6)}' }}` },
      { 'pw.txt': `${pw}\n` },
    ],
  ];
  it.each(cases)('%s', async (_name, task, vars, files) => {
    const reported = await everything(vars, `- name: a secret\n  ${task}\n  no_log: true\n${later}`, files);
    expect(reported).toContain('a secret');
    expect(reported).toContain('***');
    // What was written down in the playbook itself is in no event either.
    expect(
      reported.split('\n').filter((line) => line.includes(pw) || line.includes(pw.slice(0, 10))),
    ).toEqual([]);
  });

  it('also what a set_fact computed it from', async () => {
    const tasks = `
- set_fact: { dsn: "postgres://app:{{ pw | urlencode }}@db" }
  no_log: false
- name: a secret
  command: "true {{ dsn | hash('sha256') }}"
  no_log: true
${later}`;
    const reported = await everything({ pw: 'Sup3r/S3cret' }, tasks);
    expect(reported).toContain('a secret');
    // Before the task that says no_log nobody knew.
    const after = reported
      .split('\n')
      .filter((line) => line.includes('Sup3r/S3cret') && !line.includes('set_fact'));
    expect(after).toEqual([]);
  });
});

describe('what is no secret for that', () => {
  it('words, ports, directories, names of hosts and facts stay readable', async () => {
    const vars = {
      pw: 'Sup3rS3cretPw',
      port: 6514,
      state: 'present',
      mode: '0600',
      dir: '/etc/app',
      yes: 'yes',
      who: 'me',
    };
    const tasks = `
- name: a secret
  command: "true {{ pw }} {{ port }} {{ state }} {{ mode }} {{ dir }} {{ yes }} {{ inventory_hostname }} {{ groups.all | first }} {{ who }}"
  no_log: true
- debug: { msg: "port=6514 state=present mode=0600 dir=/etc/app/x yes host me but {{ pw }}" }
`;
    const reported = await everything(vars, tasks);
    expect(reported).toContain('port=6514 state=present mode=0600 dir=/etc/app/x yes host me but ***');
  });

  it('parts of a mapping that the task did not take', async () => {
    const vars = { app: { pw: 'Sup3rS3cretPw', title: 'the application' } };
    const tasks = `
- name: a secret
  command: "true {{ app.pw }}"
  no_log: true
- debug: { msg: "{{ app.title }} has {{ app.pw }}" }
`;
    const reported = await everything(vars, tasks);
    expect(reported).toContain('the application has ***');
  });
});

describe('the cases of the documents', () => {
  it('says of each promise and limit what it is', () => {
    const text = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');
    for (const word of ['no_log', 'private key', 'gzip', 'reversed', 'shorter than'])
      expect(text).toContain(word);
  });
});
