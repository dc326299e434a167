import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/report/redaction.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import { rendered } from '../../helpers/report/rendered-run.ts';
import {
  convergedRun,
  memoryOutput,
  playStart,
  recapEvent,
  recapOf,
  resultOf,
  runStart,
  taskStart,
  troubledRun,
} from '../../helpers/report/sample-run.ts';

const failing = (more: Parameters<typeof resultOf>[2]): readonly RunEvent[] => [
  runStart(['h1']),
  playStart(1, 'p', ['h1']),
  taskStart('a', 1),
  resultOf('h1', 'a', { status: 'failed', message: 'it broke', ...more }),
  recapEvent({ h1: recapOf({ failed: 1 }) }, 2),
];

// As the engine ends a host whose task failed.
const withEnd = (more: Parameters<typeof resultOf>[2]): readonly RunEvent[] => {
  const events = failing(more);
  const message = more?.message ?? 'it broke';
  return [...events.slice(0, -1), { type: 'host-failed', host: 'h1', message }, ...events.slice(-1)];
};

describe('a run for a person', () => {
  it('with trouble: progress and failures on stderr, results and recap on stdout', async () => {
    const { out, err } = await rendered(troubledRun(), { diff: true });
    await expect(err).toMatchFileSnapshot('golden/troubled.stderr.txt');
    await expect(out).toMatchFileSnapshot('golden/troubled.stdout.txt');
  });

  it('leaves out a play of which no task was selected, unless something happens in it all the same', async () => {
    const events = [
      runStart(['h1']),
      playStart(1, 'Set up', ['h1']),
      taskStart('a', 1),
      resultOf('h1', 'a'),
      playStart(2, 'Uninstall', ['h1']),
      playStart(3, 'Left undone', ['h1']),
      resultOf('h1', 'restart', { play: 3, handler: true, status: 'changed' }),
      recapEvent({ h1: recapOf() }),
    ];
    const { err } = await rendered(events, { plays: new Map([[1, 1]]) });
    expect(err).not.toContain('Uninstall');
    expect(err.trimEnd().split('\n')).toEqual([
      '1 task ok     Set up  h1',
      '',
      'Left undone  h1',
      `  changed   ${'restart (handler)'.padEnd(66)}h1`,
    ]);
  });

  it('planned: the list of what would happen, then the counts', async () => {
    const { out } = await rendered(troubledRun(true), { diff: true });
    await expect(out).toMatchFileSnapshot('golden/planned.stdout.txt');
  });

  it('converged: a play that did nothing is one line; what it cost only with -v', async () => {
    const { out, err } = await rendered(convergedRun(['logs', 'h1', 'h2'], 3));
    await expect(err + out).toMatchFileSnapshot('golden/converged.txt');
    expect(err).toMatch(/^3 tasks ok +Set up the log server and its clients {2}logs, h1, h2\n$/);
    expect(out).not.toContain('exec');
    const verbose = await rendered(convergedRun(['logs', 'h1', 'h2'], 3), { verbose: true });
    await expect(verbose.err + verbose.out).toMatchFileSnapshot('golden/converged-verbose.txt');
    expect(verbose.out).toContain('each host: 1 connection, 2 execs\n0 changed on every host;');
  });

  it('with many hosts: counted where nothing happened, named where something did', async () => {
    const hosts = Array.from({ length: 30 }, (_, index) => `web${index + 1}`);
    const { err } = await rendered([
      runStart(hosts),
      playStart(1, 'Web servers', hosts),
      taskStart('install the server', 30),
      ...hosts.map((host, index) =>
        resultOf(host, 'install the server', { status: index < 12 ? 'changed' : 'ok' }),
      ),
      taskStart('start it', 30),
      ...hosts.map((host) => resultOf(host, 'start it')),
      recapEvent({}),
    ]);
    await expect(err).toMatchFileSnapshot('golden/many-hosts.stderr.txt');
  });

  it('keeps to 80 columns but for what hosts and playbooks say', async () => {
    const { out, err } = await rendered(troubledRun());
    const long = (out + err).split('\n').filter((line) => line.length > 80);
    expect(long.every((line) => /Job for rsyslog|systemctl status|arrived in/.test(line))).toBe(true);
  });

  it('quiet: no progress, but failures and the recap', async () => {
    const { out, err } = await rendered(troubledRun(), { quiet: true });
    expect(err).not.toContain('install rsyslog and rsyslog-openssl');
    expect(err).toContain('FAILED');
    expect(out).toMatch(/h1 +ok=2/);
  });
});

describe('warnings', () => {
  const warning = (message: string, host?: string): RunEvent => ({
    type: 'warning',
    message,
    ...(host !== undefined && { host }),
  });
  const events = [
    runStart(['h1', 'h2', 'h10']),
    warning('the inventory is odd'),
    warning('anyone may send', 'h10'),
    warning('anyone may send', 'h2'),
    warning('only h2', 'h2'),
    warning('anyone may send', 'h1'),
    recapEvent({ h1: recapOf() }),
  ];

  it('are reported at once, those of hosts again above the recap, hosts with the same one together', async () => {
    expect((await rendered(events)).err).toBe(
      [
        'warning: the inventory is odd',
        'warning: h10: anyone may send',
        'warning: h2: only h2',
        '',
        'warning: h1, h2, h10: anyone may send',
        'warning: h2: only h2',
        '',
      ].join('\n'),
    );
  });

  it('stand above the recap where both go to one screen', async () => {
    const both = memoryOutput();
    const [start, ...rest] = events;
    const task = [playStart(1, 'p', ['h1']), taskStart('warns', 1), resultOf('h1', 'warns')];
    await rendered([start ?? runStart([]), ...task, ...rest], { stdout: both, stderr: both });
    expect(both.text()).toMatch(/1 task ok +p +h1\n\nwarning: h1, h2, h10.*h1 +ok=0/s);
  });

  it('are reported with --json too, as an event each', async () => {
    const { out, err } = await rendered(events, { json: true });
    expect(out.match(/"type":"warning"/g)).toHaveLength(5);
    expect(err).toContain('warning: h1, h2, h10: anyone may send');
  });
});

describe('failures', () => {
  it('show the end of a long output', async () => {
    const stderr = Array.from({ length: 40 }, (_, line) => `line ${line + 1}`).join('\n');
    const { err } = await rendered(withEnd({ output: { code: 7, stdout: '', stderr } }));
    expect(err).toContain('exit code 7');
    expect(err).toContain('stderr (last 10 of 40 lines; all with --json):');
    expect(err).toContain('line 31');
    expect(err).not.toContain('line 30');
  });

  it('say it once when the message is the output', async () => {
    const { err } = await rendered(
      withEnd({ message: 'rc 2: no such thing', output: { code: 2, stdout: '', stderr: 'no such thing\n' } }),
    );
    expect(err.split('no such thing')).toHaveLength(2);
  });

  it('that are let pass are reported as such', async () => {
    const { err } = await rendered(failing({ ignored: true }));
    expect(err).toContain('  ignored   a on h1\n            it broke\n');
    expect(err.match(/ignored|it broke/g)).toHaveLength(2);
  });

  it('of hosts with the same story are explained once', async () => {
    const { err } = await rendered([
      runStart(['h1', 'h2']),
      ...['h1', 'h2'].map(
        (host): RunEvent => ({ type: 'host-unreachable', host, message: 'timed out after 10 s' }),
      ),
      recapEvent({ h1: recapOf({ unreachable: true }), h2: recapOf({ unreachable: true }) }, 4),
    ]);
    expect(err).toContain(
      'Unreachable: h1, h2\n  what  timed out after 10 s\n  next  see that `ssh h1` works',
    );
    expect(err).not.toContain('--limit');
    expect(err.split('timed out')).toHaveLength(2);
  });

  it('are explained once, at the end, hosts with the same one together, each item with its reason', async () => {
    const bad = (host: string, item: string): RunEvent =>
      resultOf(host, 'a', { status: 'failed', item, message: `no ${item}` });
    const { err } = await rendered([
      runStart(['h1', 'h2', 'h3']),
      playStart(1, 'p', ['h1', 'h2', 'h3']),
      taskStart('a', 3),
      ...['h1', 'h2'].flatMap((host) => [bad(host, 'x'), bad(host, 'y')]),
      resultOf('h3', 'a', { status: 'changed' }),
      ...['h1', 'h2'].map(
        (host): RunEvent => ({
          type: 'host-failed',
          host,
          message: 'no x',
          problem: { code: 'task-failed', message: 'no x', at: { file: 'site.yml', line: 4, column: 7 } },
        }),
      ),
      recapEvent({ h1: recapOf({ failed: 1 }) }, 2),
    ]);
    expect(err.match(/no x/g)).toHaveLength(1);
    expect(err).toContain(
      'FAILED a on h1, h2\n  (x) no x\n  (y) no y\n  at    site.yml:4:7\n  next  correct it; then run the same command again',
    );
    expect(err).toMatch(/ {2}changed +a +h3\n/);
  });

  it('are explained also where a run breaks off without a recap', async () => {
    const { err } = await rendered(
      failing({}).slice(0, -1).concat({ type: 'host-failed', host: 'h1', message: 'it broke' }),
    );
    expect(err).toContain('FAILED a on h1\n  it broke\n');
  });
});

describe('results', () => {
  const run = (...results: readonly RunEvent[]): readonly RunEvent[] => [
    runStart(['h1', 'h2', 'h3']),
    playStart(1, 'p', ['h1', 'h2', 'h3']),
    taskStart('a', 3),
    ...results,
    recapEvent({}),
  ];

  it('are messages, alike ones reported once', async () => {
    const { out } = await rendered(
      run(
        resultOf('h1', 'a', { message: 'hello' }),
        resultOf('h2', 'a', { message: 'hello' }),
        resultOf('h3', 'a', { message: 'bye\nall' }),
      ),
    );
    expect(out).toContain('h1, h2: hello\nh3:\n  bye\n  all\n');
  });

  it('do not name a host twice', async () => {
    const { out } = await rendered(run(resultOf('h2', 'a', { message: 'h2 -> logs: arrived in 84 ms' })));
    expect(out).toContain('\nh2 -> logs: arrived in 84 ms\n'.trimStart());
    expect(out).not.toContain('h2: h2');
  });

  it('are diffs, alike ones reported once', async () => {
    const changes = [{ attribute: 'mode', from: '0644', to: '0600' }];
    const { out } = await rendered(
      run(...['h1', 'h2', 'h3'].map((host) => resultOf(host, 'a', { status: 'changed', changes }))),
      { diff: true },
    );
    expect(out).toContain('h1, h2, h3: a\n  mode: 0644 -> 0600\n');
  });

  it('are outputs and reasons to skip only with -v', async () => {
    const events = run(
      resultOf('h1', 'a', { output: { code: 0, stdout: 'it runs\n', stderr: '' } }),
      resultOf('h2', 'a', { status: 'skipped', message: 'condition false: x' }),
    );
    expect((await rendered(events)).out).not.toMatch(/it runs|condition/);
    const { out } = await rendered(events, { verbose: true });
    expect(out).toContain('h1: a\n  stdout:\n    it runs\n');
    expect(out).toContain('h2: condition false: x\n');
  });

  it('from a host cannot command the terminal', async () => {
    const { out, err } = await rendered(run(resultOf('h1', 'a', { message: 'x\u001b[2J\u009b31my' })));
    expect(out + err).not.toMatch(/[\u001b\u009b]/);
    expect(out).toContain('h1: xy');
  });

  it('hide secrets, also when escape sequences stand inside them', async () => {
    const redactor = new Redactor();
    redactor.add('hunter22');
    const events = run(resultOf('h1', 'a', { message: 'is hun\u001b[0mter22' }));
    expect((await rendered(events, { redactor })).out).toContain('h1: is ***');
    expect((await rendered(events, { redactor, json: true })).out).not.toContain('hunter22');
  });
});

describe('a run for a program', () => {
  it('is one JSON object a line, the first with the version of the format', async () => {
    const events = troubledRun();
    const { out } = await rendered(events, { json: true });
    const lines = out.trimEnd().split('\n');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ type: 'run-start', format: 2 });
    expect(lines.map((line) => JSON.parse(line))).toEqual(events);
  });

  it('shows a person only errors', async () => {
    const { err } = await rendered(troubledRun(), { json: true });
    expect(err).toContain('FAILED    restart rsyslog on h1');
    expect(err).toContain('Unreachable: h2');
    expect(err).not.toContain('gather facts');
    expect((await rendered(convergedRun(['h1'], 3), { json: true })).err).toBe('');
  });

  it('escapes what a terminal would obey', async () => {
    const { out } = await rendered(
      [...troubledRun(), resultOf('h1', 'a', { message: '\u009b2J\u001b[0m\u202e' })],
      { json: true },
    );
    expect(out).not.toMatch(/[\u001b\u0080-\u009f\u202e]/);
  });
});
