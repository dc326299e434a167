import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Lab } from './lab.ts';
import { PlaybookFolder } from './playbook-folder.ts';
import type { CommandResult } from './process.ts';

const hosts = ['h1', 'h2', 'h3'] as const;

/** All that a command said, without its line breaks. */
export function flat({ stdout, stderr }: CommandResult): string {
  return `${stdout}\n${stderr}`.replace(/\s+/g, ' ');
}

/** Three hosts and three playbooks: one that leaves a mark, one that is slow, one that brings a big file. */
export class FaultLab {
  readonly hosts = hosts;
  readonly lab: Lab;
  readonly folder: PlaybookFolder;

  private constructor(lab: Lab, folder: PlaybookFolder) {
    this.lab = lab;
    this.folder = folder;
  }

  /** @param packages what apt finds on its hosts beside the usual */
  static async open(name: string, packages: readonly string[] = []): Promise<FaultLab> {
    const lab = await Lab.up(3, 'bookworm', name, packages);
    const folder = await PlaybookFolder.open(lab, hosts);
    for (const playbook of ['mark.yml', 'slow.yml', 'big.yml']) {
      await folder.write(
        playbook,
        await readFile(join(import.meta.dirname, '../../lab/playbooks', playbook), 'utf8'),
      );
    }
    await folder.write('big.bin', randomBytes(4_000_000));
    return new FaultLab(lab, folder);
  }

  async close(): Promise<void> {
    await this.lab.down();
    await this.folder.close();
  }

  /** Takes away what the playbooks made. */
  async reset(): Promise<void> {
    const remove = 'cd /root && rm -f mark before begun go ended after big';
    await Promise.all(hosts.map((host) => this.lab.sh(host, remove)));
  }

  /** The hosts on which mark.yml was applied. */
  async marked(): Promise<string[]> {
    const found = await Promise.all(hosts.map((host) => this.lab.exec(host, 'cat /root/mark')));
    return hosts.filter((_, n) => found[n]?.stdout === 'marked\n');
  }

  /** Waits until a file is there. */
  async waitFor(host: string, path: string): Promise<void> {
    await this.lab.sh(host, `timeout 30 sh -c 'until [ -e ${path} ]; do sleep 0.05; done'`);
  }

  /** Lets the slow step of slow.yml go on to its end. */
  async letGo(...those: readonly string[]): Promise<void> {
    await Promise.all(those.map((host) => this.lab.sh(host, 'touch /root/go')));
  }

  /** Ends every session of a host as soon as a condition of the shell holds there: from here it might come too late. */
  async endSessionsWhen(host: string, condition: string): Promise<void> {
    const wait = `timeout 60 sh -c ${quoted(`until ${condition}; do sleep 0.02; done`)}`;
    await this.lab.sh(host, `${wait} && pkill -KILL -f '^sshd(-session)?: .*@'`);
  }

  /** Nothing half-written lies on any host. */
  async expectTidy(): Promise<void> {
    for (const host of hosts) {
      const find = 'find / -xdev \\( -name ".provision-*" -o -name "*.provision-back" \\)';
      expect(await this.lab.sh(host, find)).toBe('');
    }
  }

  /** mark.yml could not be applied to h1 (code 2: failed, 4: unreachable), but was to h2 and h3, and all that was said. */
  async expectOnlyH1Lost(
    run: CommandResult,
    code: 2 | 4,
    ...said: readonly (string | RegExp)[]
  ): Promise<void> {
    expect(run.code, flat(run)).toBe(code);
    for (const words of said) expect(flat(run)).toMatch(words);
    const lost = code === 4 ? 'failed=0 unreachable=1' : 'failed=1 unreachable=0';
    expect(flat(run)).toMatch(new RegExp(`h1 ok=0 changed=0 skipped=0 ${lost} `));
    expect(flat(run)).toMatch(new RegExp(`of 3 hosts 1 ${code === 4 ? 'unreachable' : 'failed'}`));
    expect(await this.marked()).toEqual(['h2', 'h3']);
    await this.expectTidy();
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
