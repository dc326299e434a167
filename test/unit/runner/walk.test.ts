import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalProject } from '../../helpers/runner/local-run.ts';

let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.remove());

const read = (name: string) => readFileSync(project.path(name), 'utf8');

describe('a run', () => {
  const plays = `
- hosts: all
  tasks:
    - name: directory
      file: { path: DIR/d, state: directory }
    - name: first
      copy: { dest: DIR/d/one, content: "1\\n" }
    - name: second
      copy: { dest: DIR/d/two, content: "2\\n", mode: "0600" }
- hosts: all
  tasks:
    - name: third
      lineinfile: { path: DIR/d/one, line: more }
`;

  test('changes what differs, in order, and nothing the second time', async () => {
    const first = await project.run(plays);
    expect(first.lines).toEqual([
      'a directory changed',
      'a first changed',
      'a second changed',
      'a third changed',
    ]);
    expect(first).toMatchObject({ exitCode: 0, changed: true });
    expect(read('d/one')).toBe('1\nmore\n');
  });

  test('a converged re-run costs one connection and two programs, however many plays', async () => {
    const stable = plays.replace('content: "1\\n"', 'content: "1\\nmore\\n"');
    await project.run(stable);
    const again = await project.run(stable);
    expect(again.lines.every((line) => line.endsWith(' ok'))).toBe(true);
    expect(again.changed).toBe(false);
    expect(again.recap.a).toMatchObject({ ok: 4, changed: 0, connections: 1, execs: 2, verifyExecs: 0 });
  });

  test('leaves nothing of its own on the host', async () => {
    await project.run(plays);
    expect(existsSync(project.path('state'))).toBe(false);
    expect(existsSync(project.path('run', 'lock'))).toBe(false);
  });

  test('check mode plans the same list and touches nothing', async () => {
    const planned = await project.run(plays, { check: true, diff: true });
    expect(existsSync(project.path('d'))).toBe(false);
    expect(existsSync(project.path('run'))).toBe(false);
    expect(planned.lines).toEqual([
      'a directory changed',
      'a first changed',
      'a second changed',
      'a third unknown',
    ]);
    expect(planned.results[3]?.dependsOn).toEqual(['first']);
    expect(planned.results[1]?.changes[0]).toMatchObject({ text: { before: '', after: '1\n' } });
  });
});

describe('register, conditions and loops', () => {
  test('a registered value is known to what follows, and costs one more look', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: look
      stat: { path: DIR/x }
      register: looked
    - name: make
      copy: { dest: DIR/x, content: x }
      when: not looked.stat.exists
    - name: told
      debug: { msg: "there {{ looked.stat.exists }}" }
`;
    const first = await project.run(plays);
    expect(first.lines).toEqual(['a look ok', 'a make changed', 'a told ok']);
    const second = await project.run(plays);
    expect(second.lines).toEqual(['a look ok', 'a make skipped', 'a told ok']);
    expect(second.recap.a?.execs).toBe(2);
  });

  test('a loop gives one result per item and all of them to register', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: make
      copy: { dest: "DIR/{{ item }}", content: "{{ item }}" }
      loop: [p, q, r]
      when: item != 'q'
      register: made
    - name: count
      debug: { msg: "{{ made.results | length }} {{ made.changed }}" }
    - name: check
      assert: { that: ["made.results | length == 3", "made.results[1] is skipped", "made is changed"] }
`);
    expect(lines).toEqual([
      'a make (p) changed',
      'a make (q) skipped',
      'a make (r) changed',
      'a count ok',
      'a check ok',
    ]);
  });

  test('changed_when, failed_when, ignore_errors and until have the last word', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - name: quiet
      command: "true"
      changed_when: false
    - name: two is fine
      shell: exit 2
      register: two
      failed_when: two.rc > 2
    - name: three is not
      shell: exit 3
      register: three
      failed_when: three.rc > 2
      ignore_errors: true
    - name: counts up
      shell: "echo x >> DIR/count; wc -l < DIR/count"
      register: count
      until: count.stdout | trim | int >= 3
      retries: 5
      delay: 0
    - name: seen
      assert: { that: ["two.rc == 2", "three is failed", "count.stdout | trim == '3'"] }
`);
    expect(lines).toEqual([
      'a quiet ok',
      'a two is fine changed',
      'a three is not failed',
      'a counts up changed',
      'a seen ok',
    ]);
    expect(exitCode).toBe(0);
  });

  test('a declared look runs with the probes, in check mode too', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: look
      command: echo here
      changed_when: false
      check_mode: false
      register: said
    - name: use
      copy: { dest: DIR/said, content: "{{ said.stdout }}" }
`;
    const planned = await project.run(plays, { check: true });
    expect(planned.lines).toEqual(['a look ok', 'a use changed']);
    await project.run(plays);
    expect(read('said').trim()).toBe('here');
    const again = await project.run(plays);
    expect(again.changed).toBe(false);
    expect(again.recap.a?.execs).toBe(3);
  });

  test('what a planned command would have said is unknown', async () => {
    const { lines, results } = await project.run(
      `
- hosts: all
  tasks:
    - name: ask
      command: date
      register: asked
    - name: use
      copy: { dest: DIR/said, content: "{{ asked.stdout }}" }
    - name: use of use
      debug: { msg: "{{ asked.rc }}" }
    - name: quiet
      command: date
      changed_when: false
      register: quiet
    - name: use of quiet
      debug: { msg: "{{ quiet.stdout }}" }
`,
      { check: true },
    );
    expect(lines).toEqual([
      'a ask changed',
      'a use unknown',
      'a use of use unknown',
      'a quiet ok',
      'a use of quiet unknown',
    ]);
    expect(results[1]?.dependsOn).toEqual(['ask']);
  });
});

describe('no_log', () => {
  test('hides what templates gave, in every event, and tells failures without their words', async () => {
    const hidden: string[] = [];
    const { results, events } = await project.run(
      `
- hosts: all
  vars: { password: hunter22 }
  tasks:
    - name: secret file
      copy: { dest: DIR/secret, content: "p={{ password }}\\n", mode: "0600" }
      no_log: true
    - name: secret failure
      command: "sh -c 'echo {{ password }}; exit 1'"
      no_log: true
`,
      { diff: true, hide: (secrets) => hidden.push(...secrets) },
    );
    expect(hidden).toContain('p=hunter22');
    expect(hidden).not.toContain('0600');
    expect(JSON.stringify(events)).not.toContain('hunter22');
    expect(results.map(({ status, message }) => [status, message])).toEqual([
      ['changed', undefined],
      ['failed', 'the result is hidden because of no_log'],
    ]);
    expect(read('secret')).toBe('p=hunter22\n');
  });
});

describe('failures', () => {
  test('what comes before a failure is done, what comes after is not', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - name: before
      copy: { dest: DIR/before, content: x }
    - name: no directory
      copy: { dest: DIR/missing/x, content: x }
    - name: after
      copy: { dest: DIR/after, content: x }
`);
    expect(lines).toEqual(['a before changed', 'a no directory failed']);
    expect(exitCode).toBe(2);
    expect(existsSync(project.path('before'))).toBe(true);
    expect(existsSync(project.path('after'))).toBe(false);
  });

  test('rescue and always', async () => {
    const { lines, exitCode, recap } = await project.run(`
- hosts: all
  tasks:
    - block:
        - name: breaks
          command: "false"
        - name: never
          debug: { msg: never }
      rescue:
        - name: rescued
          debug: { msg: "{{ ansible_failed_task.name }}" }
      always:
        - name: always
          debug: { msg: x }
    - name: on
      debug: { msg: x }
`);
    expect(lines).toEqual(['a breaks failed', 'a rescued ok', 'a always ok', 'a on ok']);
    expect(exitCode).toBe(0);
    expect(recap.a).toMatchObject({ failed: 0, rescued: 1 });
  });

  test('always runs, and the failure stays one', async () => {
    const { lines, exitCode } = await project.run(`
- hosts: all
  tasks:
    - block:
        - name: breaks
          command: "false"
      always:
        - name: always
          copy: { dest: DIR/always, content: x }
    - name: not reached
      debug: { msg: x }
`);
    expect(lines).toEqual(['a breaks failed', 'a always changed']);
    expect(exitCode).toBe(2);
  });

  test('a task that does not converge is found', async () => {
    const { results } = await project.run(`
- hosts: all
  tasks:
    - name: bent
      copy: { dest: DIR/file, content: straight, validate: "sh -c 'echo bent > $1' - %s" }
`);
    expect(results[0]).toMatchObject({ status: 'failed' });
    expect(results[0]?.message).toMatch(/still differs/);
  });

  test('one host fails, the others go on; any_errors_fatal stops all', async () => {
    const plays = (fatal: boolean) => `
- hosts: all
  any_errors_fatal: ${fatal}
  tasks:
    - name: only b
      fail: { msg: no }
      when: inventory_hostname == 'b'
- hosts: all
  tasks:
    - name: next
      copy: { dest: "DIR/{{ inventory_hostname }}", content: x }
`;
    const tolerant = await project.run(plays(false), { hosts: 3 });
    expect(tolerant.lines.filter((line) => line.includes('next')).sort()).toEqual([
      'a next changed',
      'c next changed',
    ]);
    expect(tolerant.exitCode).toBe(2);
    const fatal = await project.run(plays(true), { hosts: 3 });
    expect(fatal.lines.filter((line) => line.includes('next'))).toEqual([]);
  });

  test('with any_errors_fatal all hosts tell what they fail at, and those behind change nothing more', async () => {
    const run = await project.run(
      `
- hosts: all
  any_errors_fatal: true
  tasks:
    - name: slow
      command: sleep 0.3
      changed_when: false
      check_mode: false
      when: inventory_hostname in ['c', 'd']
    - name: change
      copy: { dest: "DIR/{{ inventory_hostname }}", content: x }
      when: inventory_hostname == 'd'
    - name: check
      fail: { msg: "no {{ inventory_hostname }}" }
    - name: behind
      copy: { dest: "DIR/{{ inventory_hostname }}-behind", content: x }
`,
      { hosts: 4 },
    );
    expect(run.exitCode).toBe(2);
    expect(run.lines.filter((line) => line.includes('check')).sort()).toEqual([
      'a check failed',
      'b check failed',
      'c check failed',
    ]);
    expect(run.lines.filter((line) => /change|behind/.test(line) && !line.endsWith('skipped'))).toEqual([]);
  });
});

describe('handlers', () => {
  const plays = (fails: string) => `
- hosts: all
  tasks:
    - name: config
      copy: { dest: DIR/config, content: "{{ text }}" }
      notify: restart
    - name: twice
      copy: { dest: DIR/config2, content: "{{ text }}" }
      notify: restart
    - name: trouble
      command: "${fails}"
      changed_when: false
  handlers:
    - name: restart
      shell: echo restarted >> DIR/log
  vars: { text: one }
`;

  test('run once, at the end, only after a change', async () => {
    const first = await project.run(plays('true'));
    expect(first.lines).toEqual(['a config changed', 'a twice changed', 'a trouble ok', 'a restart changed']);
    expect(read('log')).toBe('restarted\n');
    const second = await project.run(plays('true'));
    expect(second.lines).toEqual(['a config ok', 'a twice ok', 'a trouble ok']);
  });

  test('that a failed run did not come to are remembered and run next time', async () => {
    const first = await project.run(plays('false'));
    expect(first.exitCode).toBe(2);
    expect(existsSync(project.path('log'))).toBe(false);
    const second = await project.run(plays('true'));
    expect(second.lines).toEqual(['a config ok', 'a twice ok', 'a trouble ok', 'a restart changed']);
    expect(read('log')).toBe('restarted\n');
    const third = await project.run(plays('true'));
    expect(third.lines.at(-1)).toBe('a trouble ok');
  });

  test('run in the middle where flush_handlers says so', async () => {
    const { lines } = await project.run(`
- hosts: all
  tasks:
    - name: one
      copy: { dest: DIR/one, content: x }
      notify: topic
    - meta: flush_handlers
    - name: two
      copy: { dest: DIR/two, content: x }
  handlers:
    - name: listens
      debug: { msg: x }
      listen: topic
`);
    expect(lines).toEqual(['a one changed', 'a listens ok', 'a two changed']);
  });

  test('a handler that fails puts the files of its play back and runs again on them', async () => {
    const restart = (content: string) => `
- hosts: all
  tasks:
    - name: config
      copy: { dest: DIR/config, content: "${content}\\n" }
      notify: restart
    - name: fresh
      copy: { dest: DIR/fresh-${content}, content: x }
  handlers:
    - name: restart
      shell: grep good DIR/config && cat DIR/config >> DIR/log
`;
    writeFileSync(project.path('config'), 'old good\n');
    const { exitCode, events } = await project.run(restart('bad'));
    expect(exitCode).toBe(2);
    expect(read('config')).toBe('old good\n');
    expect(existsSync(project.path('fresh-bad'))).toBe(false);
    expect(read('log')).toBe('old good\n');
    const rolledBack = events.find(({ type }) => type === 'rolled-back');
    expect(rolledBack).toMatchObject({ host: 'a', message: expect.stringContaining('put back') });
    const next = await project.run(restart('good'));
    expect(next.lines).toEqual(['a config changed', 'a fresh changed', 'a restart changed']);
  });
});

describe('several hosts', () => {
  test('a value that another host registers is waited for', async () => {
    const { lines, exitCode } = await project.run(
      `
- hosts: all
  tasks:
    - name: slow
      shell: "sleep 0.3; echo from {{ inventory_hostname }}"
      register: said
      when: inventory_hostname == 'b'
    - name: use
      assert: { that: "hostvars['b'].said.stdout == 'from b'" }
`,
      { hosts: 3 },
    );
    expect(lines.filter((line) => line.endsWith('use ok')).sort()).toEqual([
      'a use ok',
      'b use ok',
      'c use ok',
    ]);
    expect(exitCode).toBe(0);
  });

  test('run_once runs on one host and gives its result to all', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  tasks:
    - name: once
      shell: "echo x >> DIR/once; cat DIR/once"
      register: said
      run_once: true
    - name: use
      assert: { that: "said.stdout == 'x'" }
`,
      { hosts: 3 },
    );
    expect(lines.filter((line) => line.includes('once'))).toEqual(['a once changed']);
    expect(lines.filter((line) => line.endsWith('use ok'))).toHaveLength(3);
    expect(read('once')).toBe('x\n');
  });

  test('serial takes them in rounds', async () => {
    const { lines } = await project.run(
      `
- hosts: all
  serial: 1
  tasks:
    - name: one
      debug: { msg: x }
    - name: two
      debug: { msg: x }
`,
      { hosts: 2 },
    );
    expect(lines).toEqual(['a one ok', 'a two ok', 'b one ok', 'b two ok']);
  });

  test('delegate_to asks and changes the other host', async () => {
    const { lines } = await project.run(
      `
- hosts: a
  tasks:
    - name: there
      copy: { dest: "DIR/from-{{ inventory_hostname }}", content: x }
      delegate_to: b
    - name: here
      command: "true"
      delegate_to: localhost
`,
      { hosts: 2 },
    );
    expect(lines).toEqual(['a there changed', 'a here changed']);
    expect(read('from-a')).toBe('x');
  });

  test('--limit changes only its hosts and still knows what the others would say', async () => {
    const plays = `
- hosts: all
  tasks:
    - name: name
      command: "echo name of {{ inventory_hostname }}"
      changed_when: false
      check_mode: false
      register: said
    - name: all names
      copy:
        dest: "DIR/{{ inventory_hostname }}"
        content: "{% for h in groups['all'] %}{{ hostvars[h].said.stdout }}{% endfor %}"
`;
    const { lines, exitCode } = await project.run(plays, { hosts: 2, limit: 'a' });
    expect(lines).toEqual(['a name ok', 'a all names changed']);
    expect(exitCode).toBe(0);
    expect(read('a')).toBe('name of aname of b');
    expect(existsSync(project.path('b'))).toBe(false);
  });
});

describe('includes', () => {
  test('a looped include brings its tasks once per item', async () => {
    project.write('each.yml', '- name: each\n  debug: { msg: "{{ item }}" }\n');
    const { lines, results } = await project.run(`
- hosts: all
  tasks:
    - include_tasks: each.yml
      loop: [p, q]
    - name: end
      debug: { msg: x }
`);
    expect(lines).toEqual(['a each ok', 'a each ok', 'a end ok']);
    expect(results.map(({ message }) => message)).toEqual(['p', 'q', 'x']);
  });
});

describe('an include named by a template', () => {
  test('takes the file of the value, and not a playbook beside it', async () => {
    project.write('tasks/one.yml', '- name: of one\n  debug: { msg: x }\n');
    project.write('tasks/two.yml', '- name: of two\n  debug: { msg: x }\n');
    const { lines } = await project.run(`
- hosts: all
  vars: { which: two }
  tasks:
    - include_tasks: "{{ which }}.yml"
`);
    expect(lines).toEqual(['a of two ok']);
  });
});

describe('an interruption', () => {
  test('lets the steps in flight finish and begins nothing new', async () => {
    const stop = new AbortController();
    const { exitCode, lines } = await project.run(
      `
- hosts: all
  tasks:
    - name: in flight
      shell: "touch DIR/begun; sleep 0.5; touch DIR/ended"
    - name: not begun
      copy: { dest: DIR/after, content: x }
`,
      {
        stop: stop.signal,
        report: (event) => {
          if (event.type === 'task-start' && event.name === 'in flight') setTimeout(() => stop.abort(), 300);
        },
      },
    );
    expect(exitCode).toBe(130);
    expect(lines).toEqual(['a in flight changed']);
    expect(existsSync(project.path('ended'))).toBe(true);
    expect(existsSync(project.path('after'))).toBe(false);
  });
});

describe('a host that another run has', () => {
  test('is refused, naming that run', async () => {
    const first = project.run(`
- hosts: all
  tasks:
    - shell: sleep 1
`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const second = await project.run('- hosts: all\n  tasks:\n    - debug: { msg: x }\n');
    expect(second.exitCode).toBe(2);
    const failed = second.events.find(({ type }) => type === 'host-failed');
    expect(failed).toMatchObject({
      message: expect.stringMatching(/another run has this host: .*provision apply play\.yml/),
    });
    expect((await first).exitCode).toBe(0);
  });
});
