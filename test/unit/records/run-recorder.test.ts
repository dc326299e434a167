import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordsDatabase } from '../../../src/records/store/records-database.ts';
import { recordsPlace } from '../../../src/records/store/records-place.ts';
import { forgetOldRuns } from '../../../src/records/store/retention.ts';
import { readRun, readRuns } from '../../../src/records/store/run-reading.ts';
import { type RecorderOptions, RunRecorder } from '../../../src/records/store/run-recorder.ts';
import { thisProcess } from '../../../src/runner/control-process.ts';
import type { RunEvent } from '../../../src/runner/events.ts';
import {
  playStart,
  recapEvent,
  recapOf,
  resultOf,
  runStart,
  taskStart,
} from '../../helpers/report/sample-run.ts';

function emptyDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'records-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const head = {
  command: 'apply',
  playbook: '/srv/site.yml',
  version: '0.1.0',
  check: false,
  process: thisProcess(),
};

/** Keeps events as a run does; gives the number of the run. */
function keep(
  database: RecordsDatabase,
  events: readonly RunEvent[],
  options: Partial<RecorderOptions> = {},
): number | undefined {
  const trouble = (why: string): void => expect.unreachable(why);
  const recorder = new RunRecorder(database, { head, noted: () => [], trouble, ...options });
  for (const event of events) recorder.take(event);
  return recorder.end(2);
}

const change = {
  attribute: 'content',
  from: 'a',
  to: 'b',
  text: { path: '/etc/x', before: 'a\n', after: 'b\n' },
};

const run: readonly RunEvent[] = [
  runStart(['h1', 'h2']),
  { type: 'host-connected', host: 'h1', duration: 41.6 },
  { type: 'host-unreachable', host: 'h2', code: 'connect', message: 'refused', hint: 'start it' },
  { type: 'warning', message: 'old', host: 'h1' },
  playStart(1, 'Everything', ['h1', 'h2']),
  taskStart('a file', 1),
  resultOf('h1', 'a file', { status: 'changed', changes: [change], item: 'x', duration: 0 }),
  resultOf('h1', 'a command', {
    status: 'failed',
    message: 'exit code 3',
    output: { code: 3, stdout: 'out', stderr: 'err' },
    handler: true,
    ignored: true,
  }),
  { type: 'host-failed', host: 'h1', message: 'gone', problem: { code: 'task-failed', message: 'gone' } },
  { type: 'host-failed', host: 'h1', message: 'no lock' },
  { type: 'rolled-back', host: 'h1', files: ['/etc/x'], message: 'put back' },
  { type: 'time', host: 'h1', spent: 'trip', began: 10.4, duration: 20.5 },
  { type: 'interrupted', hosts: [{ host: 'h1', task: 'a command' }] },
  recapEvent({ h1: recapOf({ ok: 1, changed: 1, failed: 1 }), h2: recapOf({ unreachable: true }) }, 2),
];

describe('what is kept of a run', () => {
  test('comes out as it went in', () => {
    const database = RecordsDatabase.open(emptyDirectory());
    const note = {
      kind: 'certificates',
      host: 'h1',
      subject: 'h1.lab',
      detail: 'served',
      ends: '2027-01-01T00:00:00Z',
    };
    const id = keep(database, run, { noted: ({ type }) => (type === 'recap' ? [note] : []) });
    const found = readRun(database, id);
    expect(found).toMatchObject({
      id: 1,
      command: 'apply',
      playbook: '/srv/site.yml',
      check: false,
      exitCode: 2,
      state: 'ended',
      hosts: 2,
      changed: 1,
      failed: 1,
      unreachable: 1,
      plays: [{ play: 1, name: 'Everything' }],
      noted: [note],
      timings: [{ host: 'h1', spent: 'trip', began: 10, duration: 21 }],
      remarks: [
        { kind: 'host-unreachable', host: 'h2', message: 'refused', hint: 'start it' },
        { kind: 'warning', host: 'h1', message: 'old' },
        { kind: 'host-failed', host: 'h1', message: 'no lock' },
        { kind: 'rolled-back', host: 'h1', message: 'put back\n/etc/x' },
        { kind: 'interrupted', message: 'it was interrupted; not done: h1 (a command)' },
      ],
    });
    expect(found?.hostRecords).toEqual([
      { host: 'h1', connected: 42, recap: recapOf({ ok: 1, changed: 1, failed: 1 }) },
      { host: 'h2', recap: recapOf({ unreachable: true }) },
    ]);
    const place = { host: 'h1', play: 1, resource: 'copy', began: expect.any(Number) };
    expect(found?.results).toEqual([
      {
        ...place,
        task: '1.tasks.a file',
        name: 'a file',
        handler: false,
        item: 'x',
        status: 'changed',
        ignored: false,
        duration: 0,
        changes: [change],
      },
      {
        ...place,
        task: '1.tasks.a command',
        name: 'a command',
        handler: true,
        status: 'failed',
        ignored: true,
        duration: 12,
        message: 'exit code 3',
        output: { code: 3, stdout: 'out', stderr: 'err' },
        changes: [],
      },
    ]);
  });

  test('is for nobody else to read, and one database for all runs', () => {
    const directory = join(emptyDirectory(), 'state/records');
    for (const id of [1, 2]) expect(keep(RecordsDatabase.open(directory), run)).toBe(id);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(directory))
      expect(statSync(join(directory, file)).mode & 0o777, file).toBe(0o600);
    expect(readRuns(RecordsDatabase.open(directory), { last: 9 }).map(({ id }) => id)).toEqual([2, 1]);
    expect(readRuns(RecordsDatabase.open(directory), { last: 9, playbook: '/srv/other.yml' })).toEqual([]);
  });

  test('is bounded: long texts, runs of a playbook, bytes of all', () => {
    const database = RecordsDatabase.open(emptyDirectory());
    const text = 'x'.repeat(300_000);
    const long = { attribute: text, from: text, to: text, text: { path: '/x', before: text, after: text } };
    const output = { code: 1, stdout: text, stderr: text };
    const id = keep(database, [
      runStart(['h1']),
      resultOf('h1', 'long', { message: text, changes: [long], output }),
    ]);
    const [result] = readRun(database, id)?.results ?? [];
    expect(result?.changes[0]?.text).toBeUndefined();
    expect(JSON.stringify(result?.message)).toMatch(/^"x{8000}… \(292000 more characters are not kept\)"$/);
    expect(result?.output?.stdout.length).toBeLessThan(17_000);
    for (let more = 0; more < 9; more++) keep(database, run);
    forgetOldRuns(database, head.playbook, { runs: 4 });
    expect(readRuns(database, { last: 99 }).map((one) => one.id)).toEqual([10, 9, 8, 7]);
    forgetOldRuns(database, '/srv/other.yml', { bytes: 0 });
    expect(readRuns(database, { last: 99 }).map((one) => one.id)).toEqual([10]);
    for (const table of ['hosts', 'plays', 'tasks', 'results', 'remarks', 'timings'])
      expect(database.rows(`SELECT DISTINCT run FROM ${table}`), table).toEqual([{ run: 10 }]);
    expect(database.rows('SELECT count(*) AS left FROM changes')).toEqual([{ left: 1 }]);
  });
});

const source = JSON.stringify(join(import.meta.dirname, '../../../src'));

/** A process that keeps a run of one task, and then does what the code says. */
function runningProcess(directory: string, code: string): readonly [string, readonly string[]] {
  const program = `
    const { RecordsDatabase } = await import(${source} + '/records/store/records-database.ts');
    const { RunRecorder } = await import(${source} + '/records/store/run-recorder.ts');
    const { thisProcess } = await import(${source} + '/runner/control-process.ts');
    const head = { ...${JSON.stringify(head)}, process: thisProcess() };
    const trouble = (why) => { throw new Error(why); };
    const recorder = new RunRecorder(RecordsDatabase.open(${JSON.stringify(directory)}), { head, noted: () => [], trouble });
    for (const event of ${JSON.stringify(run.slice(0, 7))}) recorder.take(event);
    ${code}`;
  return [process.execPath, ['--input-type=module', '-e', program]];
}

describe('a run that is killed', () => {
  test('is there with what it had done; while it goes on it is shown as running', async () => {
    const directory = emptyDirectory();
    const [node, words] = runningProcess(
      directory,
      "setTimeout(() => console.log('kept'), 600); setInterval(() => 0, 1000);",
    );
    const child = spawn(node, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const database = RecordsDatabase.open(directory);
    expect(readRuns(database, { last: 1 })).toMatchObject([{ id: 1, state: 'running', hosts: 2 }]);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    const found = readRun(database, undefined);
    expect(found).toMatchObject({
      id: 1,
      state: 'cut off',
      results: [{ name: 'a file', status: 'changed' }],
    });
    expect(found).not.toHaveProperty('exitCode');
  });

  test('several at once all find their way in', () => {
    const directory = emptyDirectory();
    const [node, words] = runningProcess(directory, 'recorder.end(0); process.exit(0);');
    const script = 'for i in 1 2 3 4 5; do "$@" & done; wait';
    const { stderr } = spawnSync('sh', ['-c', script, '-', node, ...words], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const runs = readRuns(RecordsDatabase.open(directory), { last: 9 });
    expect(runs.map(({ id, state, exitCode }) => ({ id, state, exitCode }))).toEqual(
      [5, 4, 3, 2, 1].map((id) => ({ id, state: 'ended', exitCode: 0 })),
    );
  });
});

describe('where runs cannot be kept', () => {
  test('a directory that others may write to, a file that is no database, one of a newer version', () => {
    const open = emptyDirectory();
    chmodSync(open, 0o777);
    expect(() => RecordsDatabase.open(open)).toThrow(`others may write to ${open}: \`chmod 700 ${open}\``);
    const broken = emptyDirectory();
    writeFileSync(join(broken, 'runs.sqlite'), 'no database at all, and long enough for its head'.repeat(40));
    expect(() => RecordsDatabase.open(broken)).toThrow(`${broken}/runs.sqlite: file is not a database`);
    const newer = emptyDirectory();
    RecordsDatabase.open(newer).put('PRAGMA user_version = 99');
    expect(() => RecordsDatabase.open(newer)).toThrow('it was written by a newer version of provision');
  });

  test('a disk that fills up is said once, and the run goes on', () => {
    const said: string[] = [];
    const database = RecordsDatabase.open(emptyDirectory());
    database.rows('PRAGMA max_page_count = 1');
    const id = keep(database, [...run, resultOf('h1', 'z', { message: 'z'.repeat(8000) })], {
      trouble: (why) => said.push(why),
    });
    expect(id).toBeUndefined();
    expect(said).toEqual(['database or disk is full']);
    expect(readRuns(database, { last: 9 })).toEqual([]);
  });

  test('the place: a directory of its own, the state of the user, none', () => {
    const home = emptyDirectory();
    const own = { directory: '/srv/records' };
    expect(recordsPlace({ HOME: home, PROVISION_RECORDS: '/srv/records' })).toEqual(own);
    expect(recordsPlace({ HOME: home })).toEqual({ directory: `${home}/.local/state/provision/records` });
    expect(recordsPlace({ HOME: home, XDG_STATE_HOME: '/s' })).toEqual({ directory: '/s/provision/records' });
    expect(recordsPlace({ HOME: '/nonexistent' })).toEqual({
      absent: 'the home directory /nonexistent does not exist',
    });
    expect(recordsPlace({ HOME: home, PROVISION_RECORDS: 'off' })).toEqual({
      absent: 'PROVISION_RECORDS is off',
    });
    expect(recordsPlace({ HOME: home, PROVISION_RECORDS: 'on' })).toEqual(recordsPlace({ HOME: home }));
    expect(recordsPlace({ HOME: home, PROVISION_RECORDS: './yes' })).toEqual({ directory: resolve('yes') });
    expect(recordsPlace({ HOME: home, PROVISION_RECORDS: 'yes' })).toEqual({
      absent:
        'PROVISION_RECORDS is yes, which is neither on nor off nor a path: write ./yes for a directory of this name',
      mistaken: true,
    });
  });
});
