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

  /** Four hosts: h1 and h2 at the site vienna, h3 and h4 at graz. */
  static async open(name: string): Promise<FleetLab> {
    const lab = await Lab.up(4, 'bookworm', name);
    const folder = await PlaybookFolder.open(lab, []);
    await folder.write(
      'hosts.yml',
      `all:
  children:
    vienna: { hosts: { h1: , h2: }, vars: { provision_site: vienna } }
    graz: { hosts: { h3: , h4: }, vars: { provision_site: graz } }
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

  /** Starts a worker, which reaches the hosts of its site and no others. */
  async worker(site: 'vienna' | 'graz', ...more: readonly string[]): Promise<FleetWorker> {
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
    for (const host of site === 'vienna' ? [3, 4] : [1, 2])
      await ip('-n', space, 'route', 'add', 'blackhole', `198.18.0.${host}/32`);
    const shell = 'mount --bind "$0" /etc/hosts && exec "$@"';
    const command = [process.execPath, main, 'worker', '--site', site, ...more];
    const running = startCommand(
      'ip',
      ['netns', 'exec', space, 'sh', '-c', shell, `${this.lab.folder}/names`, ...command],
      { env: { ...this.#env, HOME: `${this.lab.folder}/home` }, timeout: 280_000 },
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
    await running.said(`of site ${site} is ready`);
    return worker;
  }

  /** Kills a worker. */
  kill({ running }: FleetWorker): void {
    running.child.kill('SIGKILL');
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

  async #must(args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await this.provision(args);
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
