import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authority } from './authority.ts';
import type { Lab } from './lab.ts';
import type { CommandResult, RunningCommand } from './process.ts';
import { type EventRun, readEvents } from './run-events.ts';

/** The log server's name, in its certificate and in DNS. */
export const serverName = 'logs.lab';

/** Where certificates in use lie on the hosts. */
export const ownCertificate = '/etc/rsyslog.d/provision-tls/own/current';

const inventory = `all:
  vars:
    log_server_name: ${serverName}
  children:
    log_server:
      hosts: {h1: }
      vars:
        log_certificate_source: host
    log_clients:
      hosts: {h2: , h3: }
`;

/** playbooks/home-lab.yml for a lab of three hosts, with an authority and a private CA in a folder that is removed. */
export class HomeLabProject {
  readonly lab: Lab;
  readonly folder: string;
  readonly authority: Authority;

  private constructor(lab: Lab, folder: string, authority: Authority) {
    this.lab = lab;
    this.folder = folder;
    this.authority = authority;
  }

  /** Makes the authority; h1 gets the certificate that certbot would leave there, unless it has one already. */
  static async open(lab: Lab, issue = true): Promise<HomeLabProject> {
    const folder = await mkdtemp(join(tmpdir(), 'home-lab-'));
    const authority = await Authority.create(join(folder, 'authority'));
    if (issue) await authority.certbot(lab, 'h1', [serverName]);
    const project = new HomeLabProject(lab, folder, authority);
    await project.write('inventory.yml', inventory);
    return project;
  }

  /** The private CA of the log clients. */
  get ca(): string {
    return join(this.folder, 'ca');
  }

  /** Writes a file of the project and returns its path. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }

  /** Runs home-lab.yml: `run('apply', '-l', 'h2')`. */
  run(
    command: 'apply' | 'plan' | 'certs' | 'verify' | 'status' | 'uninstall' | 'schedule',
    ...args: readonly string[]
  ): Promise<CommandResult> {
    return this.lab.provision([command, 'playbooks/home-lab.yml', ...this.#settings(), ...args]);
  }

  /** Runs a copy of the home-lab.yml of an earlier release, which holds the phases itself. */
  async older(command: 'apply', ...args: readonly string[]): Promise<EventRun> {
    const copy = join(import.meta.dirname, '../../lab/playbooks/home-lab-0.1.yml');
    return readEvents(await this.lab.provision([command, copy, ...this.#settings(), '--json', ...args]));
  }

  /** Starts to apply home-lab.yml, for tests that interrupt it. */
  start(...args: readonly string[]): RunningCommand {
    return this.lab.startProvision(['apply', 'playbooks/home-lab.yml', ...this.#settings(), ...args]);
  }

  /** Runs home-lab.yml and reads its events. */
  async events(command: 'apply' | 'plan', ...args: readonly string[]): Promise<EventRun> {
    return readEvents(await this.run(command, '--json', ...args));
  }

  /** What stands in the server's file of a host, or of all hosts. */
  async stored(host = '*'): Promise<string> {
    const { stdout } = await this.lab.exec('h1', `cat /var/log/remote/${host}/syslog.log`);
    return stdout;
  }

  /** Sends a line through a host's own logger; resolves when the server stores it, and throws what both sides say if not within 60 s. */
  async delivers(host: string, line: string): Promise<true> {
    await this.lab.sh(host, `logger -t lab-test -- '${line}'`);
    const file = `/var/log/remote/${host}/syslog.log`;
    const look = `timeout 60 sh -c 'until grep -qsF -- "$1" ${file}; do sleep 0.1; done' - '${line}'`;
    if ((await this.lab.exec('h1', look)).code === 0) return true;
    const journal = 'journalctl -q -n 15 -o short-precise -u rsyslog; ss -Htan sport = 6514 or dport = 6514';
    const said = await Promise.all(['h1', host].map((one) => this.lab.exec(one, journal)));
    throw new Error(`h1 has no '${line}' of ${host}\n${said.map(({ stdout }) => stdout).join('\n')}`);
  }

  /** SHA-256 of the certificate that the server's port serves now. */
  async served(): Promise<string> {
    const connect = `SSL_CERT_FILE=/dev/null openssl s_client -connect ${serverName}:6514 </dev/null 2>/dev/null`;
    const { stdout } = await this.lab.ctl(['sh', '-c', `${connect} | ${hash}`]);
    return stdout.trim();
  }

  /** SHA-256 of the first certificate in a file of a host. */
  async fingerprint(host: string, file: string): Promise<string> {
    return (await this.lab.sh(host, `${hash} <${file}`)).trim();
  }

  /** Hosts on which rsyslogd does not run, or something is left of a hold that would stop or start it, and what. */
  async troubled(): Promise<readonly string[]> {
    const units = "systemctl is-active rsyslog; systemctl list-units --all --plain --no-legend 'provision-*'";
    const hosts = ['h1', 'h2', 'h3'];
    const shown = await Promise.all(hosts.map((host) => this.lab.exec(host, units)));
    return hosts.flatMap((host, n) =>
      shown[n]?.stdout === 'active\n' ? [] : `${host}: ${shown[n]?.stdout}${shown[n]?.stderr}`,
    );
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #settings(): readonly string[] {
    const { root } = this.authority;
    const set = [`log_root_file=${root}`, 'log_root_fingerprint=', `log_ca_directory=${this.ca}`];
    return ['-i', join(this.folder, 'inventory.yml'), ...set.flatMap((one) => ['-e', one])];
  }
}

const hash = 'SSL_CERT_FILE=/dev/null openssl x509 -noout -fingerprint -sha256';
