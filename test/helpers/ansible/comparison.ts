import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../cli/built-command.ts';
import { mustRun } from '../lab/process.ts';

/** What a tool left of a case: its files, how its named tasks ended, and what those of debug said. */
export interface CaseOutcome {
  readonly files: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, string>>;
  readonly said: Readonly<Record<string, readonly unknown[]>>;
}

type Ended = Pick<CaseOutcome, 'tasks' | 'said'>;

/** Names of the cases in a folder: each playbook in it is one. */
export function casesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yml'))
    .map((name) => name.replace(/\.yml$/, ''))
    .sort();
}

/** All cases of a folder, run by both tools on this machine, each tool in a scratch directory of its own. */
export class Comparison {
  readonly #directory = mkdtempSync(join(tmpdir(), 'provision-comparison-'));
  readonly #folder: string;
  readonly #cases: readonly string[];

  constructor(folder: string) {
    this.#folder = folder;
    this.#cases = casesIn(folder);
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  // One run for all cases: each has a host of its own, which is this machine.
  #project(tool: string): { readonly directory: string; readonly words: readonly string[] } {
    const directory = join(this.#directory, tool);
    cpSync(this.#folder, directory, { recursive: true });
    for (const name of this.#cases) {
      const file = join(directory, `${name}.yml`);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replaceAll(/hosts: localhost\b/g, `hosts: case-${name}`));
      mkdirSync(join(directory, 'out', name), { recursive: true });
    }
    const hosts = this.#cases.map((name) => [
      `case-${name}`,
      { ansible_connection: 'local', out: join(directory, 'out', name) },
    ]);
    writeFileSync(
      join(directory, 'hosts.yml'),
      JSON.stringify({ all: { hosts: Object.fromEntries(hosts) } }),
    );
    const plays = this.#cases.map((name) => `- import_playbook: ${name}.yml\n`);
    writeFileSync(join(directory, 'all.yml'), plays.join(''));
    const vault = ['--vault-password-file', join(directory, 'vault-password')];
    return { directory, words: ['-i', join(directory, 'hosts.yml'), ...vault, join(directory, 'all.yml')] };
  }

  /** What Ansible makes of the cases. */
  async ansible(): Promise<ReadonlyMap<string, CaseOutcome>> {
    const { directory, words } = this.#project('ansible');
    const env = {
      ANSIBLE_CALLBACK_PLUGINS: join(import.meta.dirname, 'callback'),
      ANSIBLE_STDOUT_CALLBACK: 'outcomes',
      ANSIBLE_LOCALHOST_WARNING: 'False',
      // Half the time of a task: nothing is copied before it.
      ANSIBLE_PIPELINING: 'True',
    };
    return this.#outcomes(directory, await mustRun('ansible-playbook', words, { env, timeout: 500_000 }));
  }

  /** What provision makes of the cases. */
  async provision(): Promise<ReadonlyMap<string, CaseOutcome>> {
    const { directory, words } = this.#project('provision');
    const env = {
      PROVISION_STATE: join(this.#directory, 'state'),
      PROVISION_RUN: join(this.#directory, 'run'),
    };
    return this.#outcomes(
      directory,
      await mustRun(process.execPath, [main, 'apply', '--json', ...words], { env }),
    );
  }

  #outcomes(directory: string, output: string): ReadonlyMap<string, CaseOutcome> {
    const ended = endings(output.replaceAll(directory, 'DIR'));
    return new Map(
      this.#cases.map((name) => {
        const files = filesBelow(join(directory, 'out', name), directory);
        return [name, { files, ...(ended.get(`case-${name}`) ?? { tasks: {}, said: {} }) }];
      }),
    );
  }
}

interface TaskEvent {
  readonly type?: string;
  readonly host?: string;
  readonly name?: string;
  readonly status?: string;
  /** Of Ansible: all that a task of debug said, of a loop once for each item. */
  readonly said?: readonly unknown[];
  /** Of provision, where each item is an event. */
  readonly resource?: string;
  readonly result?: { readonly msg?: unknown };
}

// From lines of JSON, as both tools print them.
function endings(output: string): ReadonlyMap<string, Ended> {
  const ended = new Map<string, Ended>();
  for (const line of output.split('\n')) {
    const event = line.startsWith('{') ? (JSON.parse(line) as TaskEvent) : {};
    if (event.type === 'problem') throw new Error(line);
    const { host, name, status } = event;
    if (host !== undefined && name !== undefined && status !== undefined)
      ended.set(host, noted(ended.get(host), name, status, saidBy(event)));
  }
  return ended;
}

function saidBy({ said, status, resource, result }: TaskEvent): readonly unknown[] {
  if (said) return said;
  return resource === 'debug' && status !== 'failed' && result?.msg !== undefined ? [result.msg] : [];
}

const weights = ['skipped', 'ok', 'changed', 'failed'];

// Only tasks with a name of their own, which Ansible puts behind that of their role; of the items of a loop what counts most.
function noted(
  before: Ended = { tasks: {}, said: {} },
  shown: string,
  status: string,
  said: readonly unknown[],
): Ended {
  const name = shown.replace(/^[\w./-]+ : /, '');
  // This one nobody wrote: Ansible puts it before a role with argument_specs.
  if (!/^[A-Z]/.test(name) || name.startsWith('Validating arguments against')) return before;
  const known = before.tasks[name];
  const counts = known === undefined || weights.indexOf(status) > weights.indexOf(known);
  return {
    tasks: { ...before.tasks, [name]: counts ? status : known },
    said:
      said.length === 0 ? before.said : { ...before.said, [name]: [...(before.said[name] ?? []), ...said] },
  };
}

// What lies below a directory: kind, mode and content of each, without the name of the scratch directory.
function filesBelow(top: string, directory: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(top, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(top, name);
    const stat = lstatSync(path);
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(path).replaceAll(directory, 'DIR')}`;
    else if (stat.isDirectory()) found[name] = `${mode} directory`;
    else found[name] = `${mode} ${readFileSync(path, 'utf8').replaceAll(directory, 'DIR')}`;
  }
  return found;
}
