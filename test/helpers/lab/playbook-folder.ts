import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab } from './lab.ts';
import type { CommandResult, RunningCommand } from './process.ts';

/** Playbooks of one test file in a folder of their own, run against the hosts of a lab. */
export class PlaybookFolder {
  readonly lab: Lab;
  readonly path: string;

  private constructor(lab: Lab, path: string) {
    this.lab = lab;
    this.path = path;
  }

  /** Makes the folder; its inventory names those hosts. */
  static async open(lab: Lab, hosts: readonly string[]): Promise<PlaybookFolder> {
    const folder = new PlaybookFolder(lab, await mkdtemp(join(tmpdir(), 'playbooks-')));
    await folder.write('hosts.yml', `all:\n  hosts: {${hosts.map((host) => `${host}: `).join(', ')}}\n`);
    return folder;
  }

  /** Writes a file that only its owner may read, and returns its path. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.path, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  }

  /** Arguments of `provision` that apply a playbook of this folder to its hosts. */
  args(playbook: string, ...more: readonly string[]): string[] {
    return ['apply', join(this.path, playbook), '-i', join(this.path, 'hosts.yml'), ...more];
  }

  apply(playbook: string, ...more: readonly string[]): Promise<CommandResult> {
    return this.lab.provision(this.args(playbook, ...more));
  }

  start(playbook: string, ...more: readonly string[]): RunningCommand {
    return this.lab.startProvision(this.args(playbook, ...more));
  }

  async close(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
