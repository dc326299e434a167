import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CommandOptions,
  type CommandResult,
  mustRun,
  type RunningCommand,
  runCommand,
  startCommand,
} from './process.ts';

/** What the hosts of a lab are made of. */
export type Base = 'bookworm' | 'trixie' | 'ubuntuish';

/** What tests of log servers install: firewalls, a proxy, an encrypted directory, a capture. */
export const serverPackages: readonly string[] = [
  'nftables',
  'ufw',
  'nginx',
  'libnginx-mod-stream',
  'gocryptfs',
  'fuse3',
  'tcpdump',
];

/** What can go wrong with a host; `latency` takes milliseconds each way. */
export type Fault = 'cut' | 'uncut' | 'freeze' | 'thaw' | 'full' | 'unfull' | 'sessions' | 'latency';

const script = join(import.meta.dirname, '../../lab/lab');
const main = join(import.meta.dirname, '../../../dist/cli/main.js');

/** Packages caught on the lab's network, as a pcap file would hold them. */
export interface Capture {
  /** Ends the capture and returns what went over the wire, byte for byte. */
  stop(): Promise<string>;
}

/** Hosts h1..hN with real systemd, sshd, apt and rsyslogd, and a control machine that reaches nothing else. */
export class Lab {
  readonly name: string;
  /** Folder with `ssh_config`, `known_hosts`, `id`, and `home` of the control machine. */
  readonly folder: string;

  private constructor(name: string) {
    this.name = name;
    this.folder = `/run/provision-lab/${name}`;
  }

  /**
   * Starts a lab; resolves when all hosts have booted. Labs with different names run side by side.
   * `packages` can be installed on its hosts beside those that every image offers, `included` ones are there: another image, made once.
   */
  static async up(
    hosts: number,
    base: Base = 'bookworm',
    name = 'lab',
    packages: readonly string[] = [],
    included: readonly string[] = [],
  ): Promise<Lab> {
    // `npm test` gives its labs a name of their own, so that it can end what a test has left
    const lab = new Lab(`${process.env.LAB_PREFIX ?? ''}${name}`);
    const env = {
      ...(packages.length > 0 && { LAB_REPO: packages.join(' ') }),
      ...(included.length > 0 && { LAB_INCLUDE: included.join(',') }),
    };
    await lab.#must(['up', String(hosts), base], { env });
    return lab;
  }

  /** Ends all hosts; nothing of the lab is left on the machine. */
  async down(): Promise<void> {
    await this.#must(['down']);
  }

  get sshConfig(): string {
    return join(this.folder, 'ssh_config');
  }

  get knownHosts(): string {
    return join(this.folder, 'known_hosts');
  }

  get identity(): string {
    return join(this.folder, 'id');
  }

  /** Runs a sh script inside the host as root, not over ssh, so that no login is left in its logs. */
  exec(host: string, shell: string, options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(script, ['exec', host, 'sh', '-c', shell], this.#options(options));
  }

  /** Like `exec`, for a script that has to succeed; returns its stdout. */
  sh(host: string, shell: string, options: CommandOptions = {}): Promise<string> {
    return this.#must(['exec', host, 'sh', '-c', shell], options);
  }

  /** Runs a command on the control machine. */
  ctl(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.start(command, options).result;
  }

  /** Starts a command on the control machine; a signal to the child reaches the command itself. */
  start(command: readonly string[], options: CommandOptions = {}): RunningCommand {
    return startCommand(script, ['exec', 'ctl', ...command], this.#options(options));
  }

  /** Runs OpenSSH from the control machine: `lab.ssh('carol@h1', 'id')`. */
  ssh(host: string, shell: string, options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(script, ['ssh', host, shell], this.#options(options));
  }

  /** Runs the built `provision` on the control machine, whose ~/.ssh/config is the lab's. */
  provision(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return this.startProvision(args, options).result;
  }

  /** Starts `provision` on the control machine, for tests that interrupt it. */
  startProvision(args: readonly string[], options: CommandOptions = {}): RunningCommand {
    if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
    return this.start([process.execPath, main, ...args], options);
  }

  /** Runs `provision` on a terminal of 80 columns; stdout is all that the terminal showed, `input` is typed. */
  provisionOnTerminal(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
    const shell = `stty cols 80 rows 24; exec ${words.join(' ')}`;
    return this.ctl(['script', '--quiet', '--flush', '--return', '--command', shell, '/dev/null'], {
      ...options,
      env: { TERM: 'xterm-256color', SHELL: '/bin/sh', ...options.env },
    });
  }

  /** What the host changed since its image, one line a file; equal texts mean that nothing changed between. */
  snapshot(host: string): Promise<string> {
    return this.#must(['snap', host]);
  }

  /** Keeps the state of the host's disk under a name. */
  async save(host: string, name: string): Promise<void> {
    await this.#must(['snap', host, 'save', name]);
  }

  /** Boots the host from a kept state. */
  async restore(host: string, name: string): Promise<void> {
    await this.#must(['snap', host, 'restore', name]);
  }

  /** Breaks the host, or fixes it. */
  async fault(host: string, fault: Fault, milliseconds?: number): Promise<void> {
    await this.#must(['fault', host, fault, ...(milliseconds === undefined ? [] : [String(milliseconds)])]);
  }

  /** Pulls the plug, or puts it back in and waits for sshd. */
  async power(host: string, state: 'on' | 'off'): Promise<void> {
    await this.#must(['power', host, state]);
  }

  /** Listens on the lab's network, all hosts, e.g. `capture('tcp port 6514')`; resolves when it listens. */
  async capture(filter: string): Promise<Capture> {
    const tcpdump = ['tcpdump', '-i', 'br0', '-U', '--immediate-mode', '-s', '0', '-A', '-n', filter];
    const running = this.start(tcpdump);
    await running.said('listening on');
    return {
      stop: async () => {
        running.child.kill('SIGINT');
        return (await running.result).stdout;
      },
    };
  }

  #options(options: CommandOptions): CommandOptions {
    return { ...options, env: { ...options.env, LAB_NS: this.name, LAB_RUN: '' } };
  }

  #must(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return mustRun(script, args, this.#options(options));
  }
}
