import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const port = 5499;
// Clock ticks of a second, in /proc.
const ticks = 100;

/** A PostgreSQL of Debian's for a fleet, as it is without any settings. */
export class FleetDatabaseServer {
  readonly url = `postgres://provision@127.0.0.1:${port}/postgres`;
  readonly #data = mkdtempSync(join(tmpdir(), 'bench-postgres-'));

  constructor() {
    execFileSync('chown', ['postgres', this.#data]);
    chmodSync(this.#data, 0o700);
    this.#postgres('initdb', '-D', `${this.#data}/db`, '-A', 'trust', '-U', 'provision');
    const options = `-h 127.0.0.1 -p ${port} -k ${this.#data}`;
    this.#postgres(
      'pg_ctl',
      '-D',
      `${this.#data}/db`,
      '-w',
      '-o',
      options,
      '-l',
      `${this.#data}/log`,
      'start',
    );
  }

  /** What a statement answers. */
  ask(statement: string): string {
    return this.#postgres(
      'psql',
      '-h',
      this.#data,
      '-p',
      String(port),
      '-U',
      'provision',
      '-Atc',
      statement,
      'postgres',
    ).trim();
  }

  /** Seconds of a processor that all of the server has taken so far. */
  processor(): number {
    const [first = ''] = readFileSync(`${this.#data}/db/postmaster.pid`, 'utf8').split('\n');
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const used = all.map((pid) => {
      const fields = statOf(pid);
      // The server itself also counts the connections that have ended.
      if (pid === first) return sum(fields.slice(11, 15));
      return fields[1] === first ? sum(fields.slice(11, 13)) : 0;
    });
    return sum(used) / ticks;
  }

  close(): void {
    this.#postgres('pg_ctl', '-D', `${this.#data}/db`, '-w', '-m', 'immediate', 'stop');
    rmSync(this.#data, { recursive: true, force: true });
  }

  #postgres(program: string, ...words: readonly string[]): string {
    const [version] = readdirSync('/usr/lib/postgresql').sort().reverse();
    const path = `/usr/lib/postgresql/${version}/bin/${program}`;
    const command = ['-u', 'postgres', '--', path, ...words];
    // The server would hold the pipe of pg_ctl open.
    const output = program === 'pg_ctl' ? 'ignore' : 'pipe';
    return (
      execFileSync('runuser', command, { cwd: '/', encoding: 'utf8', stdio: ['ignore', output, 'ignore'] }) ??
      ''
    );
  }
}

// The fields behind the name, which may hold anything: state, parent, and so on.
function statOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
  } catch {
    return [];
  }
}

function sum(values: readonly (string | number)[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}
