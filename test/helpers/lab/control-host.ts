import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import { type CommandResult, mustRun } from './process.ts';

const root = join(import.meta.dirname, '../../..');
const lab = join(import.meta.dirname, '../../lab/lab');

interface PackageLock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
}

/** A host of a lab that is a control node itself: with node, the built provision, and a key for the other hosts. */
export class ControlHost {
  readonly lab: Lab;
  readonly host: string;

  private constructor(lab: Lab, host: string) {
    this.lab = lab;
    this.host = host;
  }

  /** Brings there what an installation of the package would bring, and root's way to the other hosts. */
  static async open(lab: Lab, host: string): Promise<ControlHost> {
    const control = new ControlHost(lab, host);
    const names = ['package.json', 'dist', 'roles', 'playbooks', ...(await productionModules())];
    await control.#copy('tar -cf - -T -', 'tar -C /opt/provision --no-same-owner -xf -', names.join('\n'));
    await control.#copy(`cat '${process.execPath}'`, 'cat >/usr/bin/node');
    await lab.sh(host, 'chmod 755 /usr/bin/node; ln -s /opt/provision/dist/cli/main.js /usr/bin/provision');
    await lab.sh(host, 'chmod 755 /opt/provision/dist/cli/main.js');
    for (const [file, name] of [
      [lab.identity, 'id_ed25519'],
      [lab.knownHosts, 'known_hosts'],
    ] as const) {
      const input = await readFile(file, 'utf8');
      await lab.sh(host, `umask 077; mkdir -p ~/.ssh; cat >~/.ssh/${name}`, { input });
    }
    return control;
  }

  /** Runs a sh script there as root; a failing code is a result. */
  run(shell: string, input = ''): Promise<CommandResult> {
    return this.lab.exec(this.host, shell, { input });
  }

  /** Runs a sh script there that has to succeed, and gives its stdout. */
  sh(shell: string, input = ''): Promise<string> {
    return this.lab.sh(this.host, shell, { input });
  }

  /** Writes a file there that only root may read. */
  async write(path: string, text: string): Promise<void> {
    await this.sh(`umask 077; mkdir -p "$(dirname '${path}')"; cat >'${path}'`, text);
  }

  /** What the last run of a service wrote. */
  journal(service: string): Promise<string> {
    const invocation = `$(systemctl show -P InvocationID ${service}.service)`;
    return this.sh(`journalctl --sync; journalctl -q -o cat _SYSTEMD_INVOCATION_ID=${invocation}`);
  }

  async #copy(from: string, to: string, input = ''): Promise<void> {
    const script = `${from} | "$0" exec ${this.host} sh -c 'mkdir -p /opt/provision && ${to}'`;
    const env = { LAB_NS: this.lab.name, LAB_RUN: '' };
    await mustRun('bash', ['-o', 'pipefail', '-c', script, lab], { cwd: root, env, input });
  }
}

async function productionModules(): Promise<readonly string[]> {
  const lock: PackageLock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)));
}
