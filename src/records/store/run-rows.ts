import type { Change } from '../../resources/resource.ts';
import type { HostRecap, RunEvent, TaskResult } from '../../runner/events.ts';
import type { Noted, RemarkRecord } from '../run-record.ts';
import type { RecordsDatabase } from './records-database.ts';

/** What is known of a run when it begins. */
export interface RunHead {
  readonly command: string;
  readonly playbook: string;
  readonly version: string;
  readonly check: boolean;
  /** ISO 8601, UTC. */
  readonly started: string;
  /** Names the process, as `thisProcess` does. */
  readonly process: string;
}

// Characters of a text of which more is not kept.
const longestMessage = 8000;
const longestOutput = 16_000;
const longestText = 128_000;

/** Puts the events of one run into the tables. */
export class RunRows {
  readonly #database: RecordsDatabase;
  readonly #run: number;
  readonly #tasks = new Map<string, number>();

  constructor(database: RecordsDatabase, head: RunHead) {
    this.#database = database;
    this.#run = database.put(
      'INSERT INTO runs (command, playbook, dry, version, started, process) VALUES (?, ?, ?, ?, ?, ?)',
      head.command,
      head.playbook,
      head.check ? 1 : 0,
      head.version,
      head.started,
      head.process,
    );
  }

  get run(): number {
    return this.#run;
  }

  /** @param at milliseconds from the start of the run to the event */
  put(event: RunEvent, at: number): void {
    if (event.type === 'run-start') for (const host of event.hosts) this.#host(host);
    else if (event.type === 'host-connected') this.#connected(event.host, event.duration);
    else if (event.type === 'play-start') this.#play(event.play, event.name);
    else if (event.type === 'task-result') this.#result(event, at);
    else if (event.type === 'time') this.#time(event);
    else if (event.type === 'recap')
      for (const [host, recap] of Object.entries(event.hosts)) this.#recap(host, recap);
    else {
      const remark = remarkOf(event);
      if (remark) this.#remark(remark);
    }
  }

  note({ kind, host, to, subject, detail, ends, milliseconds }: Noted): void {
    this.#database.put(
      'INSERT INTO noted (run, kind, host, target, subject, detail, ends, milliseconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      this.#run,
      kind,
      host ?? null,
      to ?? null,
      clipped(subject, longestMessage),
      detail === undefined ? null : clipped(detail, longestMessage),
      ends ?? null,
      milliseconds ?? null,
    );
  }

  end(exitCode: number, duration: number): void {
    this.#database.put(
      'UPDATE runs SET exit_code = ?, duration = ? WHERE id = ?',
      exitCode,
      duration,
      this.#run,
    );
  }

  #host(host: string): void {
    this.#database.put('INSERT OR IGNORE INTO hosts (run, host) VALUES (?, ?)', this.#run, host);
  }

  #connected(host: string, duration: number): void {
    this.#database.put(
      'UPDATE hosts SET connected = ? WHERE run = ? AND host = ?',
      Math.round(duration),
      this.#run,
      host,
    );
  }

  #recap(host: string, recap: HostRecap): void {
    this.#host(host);
    this.#database.put(
      'UPDATE hosts SET recap = ?, changed = ?, failed = ?, unreachable = ? WHERE run = ? AND host = ?',
      JSON.stringify(recap),
      recap.changed,
      recap.failed,
      recap.unreachable ? 1 : 0,
      this.#run,
      host,
    );
  }

  #play(play: number, name: string): void {
    this.#database.put(
      'INSERT OR IGNORE INTO plays (run, play, name) VALUES (?, ?, ?)',
      this.#run,
      play,
      name,
    );
  }

  #result(result: TaskResult, at: number): void {
    const { host, item, status, ignored = false, duration, message, output, changes } = result;
    const id = this.#database.put(
      `INSERT INTO results (run, task, host, item, status, ignored, began, duration, message, code, stdout, stderr)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.#run,
      this.#task(result),
      host,
      item ?? null,
      status,
      ignored ? 1 : 0,
      Math.max(0, Math.round(at - duration)),
      Math.round(duration),
      message === undefined ? null : clipped(message, longestMessage),
      output?.code ?? null,
      output === undefined ? null : clipped(output.stdout, longestOutput),
      output === undefined ? null : clipped(output.stderr, longestOutput),
    );
    for (const change of changes) this.#change(id, change);
  }

  #task({ play, task, name, resource, handler }: TaskResult): number {
    const key = `${play} ${task} ${name}`;
    const known = this.#tasks.get(key);
    if (known !== undefined) return known;
    const id = this.#database.put(
      'INSERT INTO tasks (run, play, task, name, resource, handler) VALUES (?, ?, ?, ?, ?, ?)',
      this.#run,
      play,
      task,
      clipped(name, longestMessage),
      resource,
      handler ? 1 : 0,
    );
    this.#tasks.set(key, id);
    return id;
  }

  #change(result: number, { attribute, from, to, text }: Change): void {
    // Half a text would be shown as a change of the other half.
    const whole = text && text.before.length + text.after.length <= longestText ? text : undefined;
    this.#database.put(
      'INSERT INTO changes (result, attribute, old, new, path, old_text, new_text) VALUES (?, ?, ?, ?, ?, ?, ?)',
      result,
      attribute,
      from === undefined ? null : clipped(from, longestMessage),
      to === undefined ? null : clipped(to, longestMessage),
      whole?.path ?? null,
      whole?.before ?? null,
      whole?.after ?? null,
    );
  }

  #remark({ kind, host, message, hint }: RemarkRecord): void {
    this.#database.put(
      'INSERT INTO remarks (run, kind, host, message, hint) VALUES (?, ?, ?, ?, ?)',
      this.#run,
      kind,
      host ?? null,
      clipped(message, longestMessage),
      hint ?? null,
    );
  }

  #time({ host, spent, began, duration }: Extract<RunEvent, { type: 'time' }>): void {
    this.#database.put(
      'INSERT INTO timings (run, host, spent, began, duration) VALUES (?, ?, ?, ?, ?)',
      this.#run,
      host ?? null,
      spent,
      Math.round(began),
      Math.round(duration),
    );
  }
}

function remarkOf(event: RunEvent): RemarkRecord | undefined {
  switch (event.type) {
    case 'warning':
      return {
        kind: event.type,
        message: event.message,
        ...(event.host !== undefined && { host: event.host }),
      };
    case 'host-unreachable': {
      const { type, host, message, hint } = event;
      return { kind: type, host, message, ...(hint !== undefined && { hint }) };
    }
    case 'host-failed': {
      const { type, host, message, problem } = event;
      // Its task says so already.
      if (problem?.code === 'task-failed') return undefined;
      return { kind: type, host, message, ...(problem?.hint !== undefined && { hint: problem.hint }) };
    }
    case 'rolled-back':
      return { kind: event.type, host: event.host, message: [event.message, ...event.files].join('\n') };
    case 'interrupted': {
      const open = event.hosts.map(({ host, task }) => (task === undefined ? host : `${host} (${task})`));
      const why = event.reason === 'timeout' ? 'its time (--timeout) was over' : 'it was interrupted';
      return { kind: event.type, message: open.length === 0 ? why : `${why}; not done: ${open.join(', ')}` };
    }
    default:
      return undefined;
  }
}

function clipped(text: string, most: number): string {
  return text.length <= most
    ? text
    : `${text.slice(0, most)}… (${text.length - most} more characters are not kept)`;
}
