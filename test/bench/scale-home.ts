import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision } from './provision.ts';
import { ScaleFleet } from './scale-fleet.ts';

/** A home whose ssh knows all simulated hosts, and inventories of them. */
export class ScaleHome {
  readonly path: string;
  readonly #hostKey: string;
  readonly #publicKey: string;

  /** Makes the home below WORK; the playbook is applied to h1, for what simulated hosts answer is what that one does now. */
  constructor(work: string, playbook: string) {
    this.path = join(work, 'scale');
    mkdirSync(join(this.path, '.ssh'), { recursive: true, mode: 0o700 });
    this.#hostKey = join(this.path, 'host-key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.#hostKey]);
    this.#publicKey = readFileSync(`${this.#hostKey}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
    const identity = join(process.env.HOME ?? '', '../id');
    const settings = `Host *\n  User root\n  IdentityFile ${identity}\n  IdentitiesOnly yes\n`;
    writeFileSync(join(this.path, '.ssh/config'), settings);
    writeFileSync(join(work, 'inventory.yml'), 'all: {hosts: {h1: {}}}\n');
    provision(work, playbook);
  }

  get inventory(): string {
    return join(this.path, 'inventory.yml');
  }

  /** Starts so many hosts, and writes their inventory. */
  async hosts(size: number): Promise<ScaleFleet> {
    const fleet = await ScaleFleet.start(this.#hostKey);
    const places = Array.from({ length: size }, (_, index) => fleet.place(index));
    const knownHosts = places.map(({ address, port }) => `[${address}]:${port} ${this.#publicKey}\n`);
    writeFileSync(join(this.path, '.ssh/known_hosts'), knownHosts.join(''));
    const hosts = places.map(({ address, port }, index) => [
      `s${index}`,
      { ansible_host: address, ansible_port: port },
    ]);
    writeFileSync(this.inventory, JSON.stringify({ all: { hosts: Object.fromEntries(hosts) } }));
    return fleet;
  }
}
