import { join } from 'node:path';
import { HomeLabProject, ownCertificate, serverName } from './home-lab-project.ts';
import { type Base, Lab } from './lab.ts';
import type { CommandResult } from './process.ts';
import { RotationSender, shortly } from './rotation-sender.ts';

/** The hosts that log. */
export const clients = ['h2', 'h3', 'h4'] as const;

/** Variables for all hosts; null takes one back. */
export type Settings = Readonly<Record<string, string | number | null>>;

/** A run of home-lab.yml during which the clients logged numbered lines. */
export interface Rotation {
  readonly run: CommandResult;
  /** All that it said, without line breaks. */
  readonly said: string;
  /** What became of the numbered lines, one text for each host. */
  readonly lines: readonly string[];
}

/** What no host may have lost. */
export const nothingLost = clients.map((host) => `${host}: 0 lost, 0 doubled, 0 never logged`);

/** home-lab.yml with one log server and three clients, whose lines are counted while something is replaced. */
export class RotationLab {
  readonly lab: Lab;
  readonly project: HomeLabProject;
  #settings: Readonly<Record<string, string | number>> = {};
  #senders = 0;

  private constructor(lab: Lab, project: HomeLabProject) {
    this.lab = lab;
    this.project = project;
  }

  /** Sets up all hosts. */
  static async open(base: Base, name: string, settings: Settings = {}): Promise<RotationLab> {
    const lab = await Lab.up(4, base, name);
    try {
      const rotation = new RotationLab(lab, await HomeLabProject.open(lab));
      await rotation.set(settings);
      const run = await rotation.project.run('apply', '-q');
      if (run.code !== 0) throw new Error(`home-lab.yml: code ${run.code}\n${run.stdout}${run.stderr}`);
      return rotation;
    } catch (error) {
      await lab.down();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.lab.down();
    await this.project.close();
  }

  /** Changes the inventory; `members` are the log clients in it. */
  async set(settings: Settings, members: readonly string[] = clients): Promise<void> {
    const merged = Object.entries({ ...this.#settings, ...settings });
    this.#settings = Object.fromEntries(
      merged.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    );
    const source = this.#settings.log_topology === 'private' ? 'private_ca' : 'host';
    const all = {
      vars: { log_server_name: serverName, ...this.#settings },
      children: {
        log_server: { hosts: { h1: null }, vars: { log_certificate_source: source } },
        log_clients: { hosts: Object.fromEntries(members.map((host) => [host, null])) },
      },
    };
    await this.project.write('inventory.yml', JSON.stringify({ all }));
  }

  /** The public authority renews the server's certificate; it is not in use yet. */
  renewServer(): Promise<void> {
    return this.project.authority.renew(this.lab, 'h1', [serverName]);
  }

  /** The certificates of all clients become due. */
  async renewClients(): Promise<void> {
    for (const host of clients) await this.#ca('renew', host);
  }

  /** The private CA is replaced by a new one. */
  renewCa(): Promise<void> {
    return this.#ca('renew');
  }

  /** The certificates of a host are revoked: `revoke('h4', '--renew-ca')`. */
  revoke(host: string, ...options: readonly string[]): Promise<void> {
    return this.#ca('revoke', host, ...options);
  }

  /** A certificate of the private CA for somebody who is no host of the inventory. */
  issue(name: string): Promise<void> {
    return this.#ca('issue', name, '--out', join(this.project.folder, name));
  }

  /** Lets hosts log while \`work\` is done, 200 lines a second each if nothing else is said; returns what became of the lines. */
  async whileLogging<Result>(
    work: () => Promise<Result>,
    hosts: readonly string[] = clients,
    rate = 200,
  ): Promise<{ readonly result: Result; readonly lines: readonly string[] }> {
    const sender = await RotationSender.start(this.lab, hosts, `sender${++this.#senders}x`, rate);
    await pause(500);
    const result = await work();
    await pause(500);
    return { result, lines: shortly(await sender.stop('h1')) };
  }

  /** Applies home-lab.yml while hosts log. */
  async rotate(
    hosts: readonly string[] = clients,
    rate = 200,
    ...args: readonly string[]
  ): Promise<Rotation> {
    const apply = () => this.project.run('apply', ...args);
    const { result: run, lines } = await this.whileLogging(apply, hosts, rate);
    return { run, lines, said: `${run.stdout}\n${run.stderr}`.replace(/\s+/g, ' ') };
  }

  /** What people do by hand: new files, and a restart of the server. */
  async swapNaively(): Promise<void> {
    await this.renewServer();
    const live = `/etc/letsencrypt/live/${serverName}`;
    const copy = ['fullchain.pem', 'privkey.pem'].map(
      (file) => `cat ${live}/${file} >${ownCertificate}/${file}`,
    );
    await this.lab.sh('h1', `${copy.join(' && ')} && systemctl restart rsyslog`);
  }

  /** SHA-256 of the certificate that a host shows. */
  shown(host: string): Promise<string> {
    return this.project.fingerprint(host, `${ownCertificate}/fullchain.pem`);
  }

  /** How many roots and peers a host trusts now: `1 root, 3 by name`. */
  async trust(host: string): Promise<string> {
    const side = host === 'h1' ? 'server' : 'client';
    const file = `/etc/rsyslog.d/10-provision-tls-${side}.conf`;
    const ca = host === 'h1' ? 'client' : 'server';
    const look = `grep -c BEGIN /etc/rsyslog.d/provision-tls/${ca}-ca.pem; cat ${file}`;
    const shown = (await this.lab.exec(host, look)).stdout;
    const mode = /Auth\.?Mode="(?:x509\/)?(\w+)"/i.exec(shown)?.[1];
    const roots = /CAFile/.test(shown) ? `${shown.split('\n')[0]} root` : 'no roots';
    const peers = /PermittedPeers?=(.*)/.exec(shown)?.[1]?.split(',').length ?? 0;
    return `${roots}, ${peers} by ${mode}`;
  }

  async #ca(...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await this.lab.provision([
      'ca',
      ...args,
      '--directory',
      this.project.ca,
    ]);
    if (code !== 0) throw new Error(`provision ca ${args.join(' ')}: ${stdout}${stderr}`);
  }
}

/** Milliseconds in which lines come. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
