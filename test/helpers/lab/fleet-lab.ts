import { appendFile, chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lab } from './lab.ts';
import { PlaybookFolder } from './playbook-folder.ts';
import {
  type CommandOptions,
  type CommandResult,
  mustRun,
  type RunningCommand,
  startCommand,
} from './process.ts';

const main = join(import.meta.dirname, '../../../dist/cli/main.js');
// Numbers of the hosts of each site.
const sites = { vienna: [1, 2, 4, 5], graz: [3, 6, 7] } as const;
const address = '198.18.0.254';
const port = 5499;

/** A worker in a network namespace of its own. */
export interface FleetWorker {
  readonly name: string;
  readonly running: RunningCommand;
  /** Cuts it off from everything, or plugs it in again. */
  cut(off: boolean): Promise<void>;
}

/** A lab whose hosts lie at two sites, PostgreSQL on the control machine, and workers that reach one site each. */
export class FleetLab {
  readonly lab: Lab;
  readonly folder: PlaybookFolder;
  readonly #data: string;
  readonly #workers: FleetWorker[] = [];
  #numbers = 0;

  private constructor(lab: Lab, folder: PlaybookFolder, data: string) {
    this.lab = lab;
    this.folder = folder;
    this.#data = data;
  }

  /** Seven hosts; of four there is an inventory: h4 and h5 at the site vienna, h6 and h7 at graz. */
  static async open(name: string): Promise<FleetLab> {
    const lab = await Lab.up(7, 'bookworm', name);
    const folder = await PlaybookFolder.open(lab, []);
    await folder.write(
      'hosts.yml',
      `all:
  children:
    vienna: { hosts: { h4: , h5: }, vars: { provision_site: vienna } }
    graz: { hosts: { h6: , h7: }, vars: { provision_site: graz } }
`,
    );
    const data = await mkdtemp(join(tmpdir(), 'fleet-postgres-'));
    const fleet = new FleetLab(lab, folder, data);
    try {
      await fleet.#begin();
      return fleet;
    } catch (error) {
      await fleet.close();
      throw error;
    }
  }

  async #begin(): Promise<void> {
    await mustRun('chown', ['postgres', this.#data]);
    await chmod(this.#data, 0o700);
    await this.#postgres('initdb', '-D', `${this.#data}/db`, '-A', 'trust', '-U', 'provision', '-N');
    await appendFile(`${this.#data}/db/pg_hba.conf`, 'host all all 198.18.0.0/24 trust\n');
    await this.database('start');
    await this.#must(['fleet', 'init', `postgres://provision@${address}:${port}/postgres`]);
  }

  /** Starts or stops the database; stopping waits for nobody. */
  async database(state: 'start' | 'stop'): Promise<void> {
    const options = `-h ${address} -p ${port} -k ${this.#data}`;
    const words = state === 'start' ? ['-o', options, '-l', `${this.#data}/log`] : ['-m', 'immediate'];
    await this.#postgres('pg_ctl', '-D', `${this.#data}/db`, '-w', ...words, state);
  }

  /** All that the database holds, as text. */
  async dump(): Promise<string> {
    return await this.#postgres('pg_dumpall', '-h', this.#data, '-p', String(port), '-U', 'provision');
  }

  /** What the database answers to a statement, one line a row. */
  async ask(statement: string): Promise<string> {
    const words = ['-h', this.#data, '-p', String(port), '-U', 'provision', '-Atc', statement, 'postgres'];
    return (await this.#postgres('psql', ...words)).trim();
  }

  /** Starts a worker, which reaches the hosts of its sites and no others. */
  async worker(...own: readonly (keyof typeof sites)[]): Promise<FleetWorker> {
    const number = ++this.#numbers;
    const space = `${this.lab.name}-w${number}`;
    const cable = `w${number}`;
    const ip = (...words: readonly string[]) => mustRun('ip', words);
    await ip('netns', 'add', space);
    await ip('-n', space, 'link', 'set', 'lo', 'up');
    await ip(
      '-n',
      this.lab.name,
      'link',
      'add',
      cable,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      space,
    );
    await ip('-n', this.lab.name, 'link', 'set', cable, 'master', 'br0', 'up');
    await ip('-n', space, 'addr', 'add', `198.18.0.${200 + number}/24`, 'dev', 'eth0');
    await ip('-n', space, 'link', 'set', 'eth0', 'up');
    const others = Object.entries(sites).filter(([site]) => !own.some((one) => one === site));
    for (const host of others.flatMap(([, numbers]) => numbers))
      await ip('-n', space, 'route', 'add', 'blackhole', `198.18.0.${host}/32`);
    const shell = 'mount --bind "$0" /etc/hosts && exec "$@"';
    const command = [process.execPath, main, 'worker', ...own.flatMap((site) => ['--site', site])];
    const running = startCommand(
      'ip',
      ['netns', 'exec', space, 'sh', '-c', shell, `${this.lab.folder}/names`, ...command],
      { env: { ...this.#env, HOME: `${this.lab.folder}/home` }, timeout: 900_000 },
    );
    running.result.catch(() => undefined);
    const worker: FleetWorker = {
      name: space,
      running,
      cut: async (off) => {
        await ip('-n', this.lab.name, 'link', 'set', cable, off ? 'down' : 'up');
      },
    };
    this.#workers.push(worker);
    await running.said(`of site ${own.toSorted().join('+')} is ready`);
    return worker;
  }

  /** Kills a worker. */
  kill({ running }: FleetWorker): void {
    running.child.kill('SIGKILL');
  }

  /** Makes a database for the tests of the runner; gives its address. */
  async another(name: string): Promise<string> {
    await this.ask(`create database ${name}`);
    const url = `postgres://provision@${address}:${port}/${name}`;
    const env = { PROVISION_FLEET: join(this.folder.path, `${name}.json`) };
    await this.#must(['fleet', 'init', url], { env });
    return url;
  }

  /**
   * Starts `provision` on a terminal; when `go` is there a Ctrl-C is typed, and an answer to the question that comes then.
   * What the terminal showed is on stdout.
   */
  async interrupted(args: readonly string[], go: string, answer: string): Promise<RunningCommand> {
    const shown = await this.folder.write(`shown-${answer}`, '');
    const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const shell = `
      until [ -e "$2" ]; do sleep 0.1; done; printf '\\003'
      until grep -q 'detach/stop' "$1"; do sleep 0.1; done; printf '%s\\n' "$3"; sleep 1`;
    const typed = `{ ${shell}\n } | script --quiet --flush --return --command "$4" "$1" >/dev/null; code=$?; cat "$1"; exit $code`;
    return this.lab.start(
      ['sh', '-c', typed, 'sh', shown, go, answer, `stty cols 80 rows 24; exec ${words.join(' ')}`],
      {
        env: { ...this.#env, TERM: 'xterm-256color', SHELL: '/bin/sh' },
      },
    );
  }

  provision(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.start(args, options).result;
  }

  start(args: readonly string[], options: CommandOptions = {}): RunningCommand {
    return this.lab.startProvision(args, { ...options, env: { ...this.#env, ...options.env } });
  }

  /** Applies a playbook of the folder, on the fleet if the arguments say so. */
  apply(playbook: string, ...more: readonly string[]): Promise<CommandResult> {
    return this.provision(this.folder.args(playbook, ...more));
  }

  async close(): Promise<void> {
    for (const { running, name } of this.#workers) {
      running.child.kill('SIGKILL');
      await running.result.catch(() => undefined);
      await mustRun('ip', ['netns', 'del', name]).catch(() => undefined);
    }
    await this.database('stop').catch(() => undefined);
    await rm(this.#data, { recursive: true, force: true });
    await this.folder.close();
    await this.lab.down();
  }

  get #env(): Readonly<Record<string, string>> {
    return { PROVISION_FLEET: join(this.folder.path, 'fleet.json') };
  }

  async #must(args: readonly string[], options: CommandOptions = {}): Promise<void> {
    const { code, stdout, stderr } = await this.provision(args, options);
    if (code !== 0) throw new Error(`provision ${args.join(' ')}: ${code}\n${stdout}${stderr}`);
  }

  // As the user that Debian's package made; no cluster of the package's own runs.
  async #postgres(program: string, ...words: readonly string[]): Promise<string> {
    const [version] = (await readdir('/usr/lib/postgresql')).sort().reverse();
    const path = `/usr/lib/postgresql/${version}/bin/${program}`;
    return await mustRun(
      'ip',
      ['netns', 'exec', this.lab.name, 'runuser', '-u', 'postgres', '--', path, ...words],
      {
        cwd: '/',
      },
    );
  }
}
