import { runsHere } from '../../runner/control-process.ts';
import type { HostRecap } from '../../runner/events.ts';
import type {
  HostRecord,
  Noted,
  RemarkRecord,
  ResultRecord,
  RunRecord,
  RunSummary,
  TimingRecord,
} from '../run-record.ts';
import type { RecordsDatabase, Row } from './records-database.ts';

const summaries = `SELECT runs.*, count(hosts.host) AS hosts, coalesce(sum(changed), 0) AS changed,
  coalesce(sum(failed), 0) AS failed, coalesce(sum(unreachable), 0) AS unreachable
  FROM runs LEFT JOIN hosts ON hosts.run = runs.id`;

/** The latest runs, the newest first; those of one playbook where it is given. */
export function readRuns(
  database: RecordsDatabase,
  { playbook, last }: { readonly playbook?: string; readonly last: number },
): readonly RunSummary[] {
  return database
    .rows(
      `${summaries} WHERE runs.playbook = coalesce(?, runs.playbook) GROUP BY runs.id ORDER BY runs.id DESC LIMIT ?`,
      playbook ?? null,
      last,
    )
    .map(summaryOf);
}

/** All that is kept of one run; of the latest without a number. Undefined when there is none. */
export function readRun(database: RecordsDatabase, id: number | undefined): RunRecord | undefined {
  const [found] = database.rows(
    `${summaries} WHERE runs.id = coalesce(?, (SELECT max(id) FROM runs)) GROUP BY runs.id`,
    id ?? null,
  );
  if (!found) return undefined;
  const summary = summaryOf(found);
  const of = (sql: string): readonly Row[] => database.rows(sql, summary.id);
  return {
    ...summary,
    plays: of('SELECT play, name FROM plays WHERE run = ? ORDER BY play').map((row) => ({
      play: Number(row.play),
      name: String(row.name),
    })),
    hostRecords: of('SELECT * FROM hosts WHERE run = ?').map(hostOf),
    results: resultsOf(of),
    remarks: of('SELECT * FROM remarks WHERE run = ? ORDER BY rowid').map(
      (row): RemarkRecord => ({
        kind: String(row.kind) as RemarkRecord['kind'],
        message: String(row.message),
        ...text('host', row.host),
        ...text('hint', row.hint),
      }),
    ),
    timings: of('SELECT * FROM timings WHERE run = ? ORDER BY rowid').map(
      (row): TimingRecord => ({
        spent: String(row.spent),
        began: Number(row.began),
        duration: Number(row.duration),
        ...text('host', row.host),
      }),
    ),
    noted: of('SELECT * FROM noted WHERE run = ? ORDER BY rowid').map(
      (row): Noted => ({
        kind: String(row.kind),
        subject: String(row.subject),
        ...text('host', row.host),
        ...text('to', row.target),
        ...text('detail', row.detail),
        ...text('ends', row.ends),
        ...(row.milliseconds !== null && { milliseconds: Number(row.milliseconds) }),
      }),
    ),
  };
}

function summaryOf(row: Row): RunSummary {
  const ended = row.exit_code !== null;
  return {
    id: Number(row.id),
    command: String(row.command),
    playbook: String(row.playbook),
    check: row.dry === 1,
    version: String(row.version),
    started: String(row.started),
    ...(ended && { duration: Number(row.duration), exitCode: Number(row.exit_code) }),
    state: ended ? 'ended' : runsHere(String(row.process)) ? 'running' : 'cut off',
    hosts: Number(row.hosts),
    changed: Number(row.changed),
    failed: Number(row.failed),
    unreachable: Number(row.unreachable),
  };
}

function hostOf(row: Row): HostRecord {
  return {
    host: String(row.host),
    ...(row.connected !== null && { connected: Number(row.connected) }),
    ...(row.recap !== null && { recap: JSON.parse(String(row.recap)) as HostRecap }),
  };
}

function resultsOf(of: (sql: string) => readonly Row[]): readonly ResultRecord[] {
  const changes = Map.groupBy(
    of(
      'SELECT changes.* FROM changes JOIN results ON results.id = changes.result WHERE results.run = ? ORDER BY changes.rowid',
    ),
    (row) => row.result,
  );
  return of(
    `SELECT results.*, tasks.play, tasks.task AS task_id, tasks.name, tasks.resource, tasks.handler
      FROM results JOIN tasks ON tasks.id = results.task WHERE results.run = ? ORDER BY results.id`,
  ).map((row): ResultRecord => {
    const { code, stdout, stderr } = row;
    return {
      host: String(row.host),
      play: Number(row.play),
      task: String(row.task_id),
      name: String(row.name),
      resource: String(row.resource),
      handler: row.handler === 1,
      ...text('item', row.item),
      status: String(row.status) as ResultRecord['status'],
      ignored: row.ignored === 1,
      began: Number(row.began),
      duration: Number(row.duration),
      ...text('message', row.message),
      ...(code !== null && {
        output: { code: Number(code), stdout: String(stdout), stderr: String(stderr) },
      }),
      changes: (changes.get(row.id ?? null) ?? []).map((change) => ({
        attribute: String(change.attribute),
        ...text('from', change.old),
        ...text('to', change.new),
        ...(change.path !== null && {
          text: {
            path: String(change.path),
            before: String(change.old_text),
            after: String(change.new_text),
          },
        }),
      })),
    };
  });
}

function text<Name extends string>(
  name: Name,
  value: Row[string] | undefined,
): { readonly [name in Name]?: string } {
  return typeof value === 'string' ? ({ [name]: value } as { readonly [name in Name]: string }) : {};
}
