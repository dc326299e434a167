import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

/** Everything below a directory that a probe must leave alone: kind, owner, mode, times but the one of access, content. */
export function treeOf(directory: string): readonly string[] {
  const lines: string[] = [];
  const visit = (path: string) => {
    const stat = lstatSync(path, { bigint: true });
    const content = stat.isFile()
      ? readFileSync(path).toString('base64')
      : stat.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    lines.push(`${path} ${stat.mode} ${stat.uid} ${stat.gid} ${stat.mtimeNs} ${stat.ctimeNs} ${content}`);
    if (stat.isDirectory()) for (const name of readdirSync(path).toSorted()) visit(join(path, name));
  };
  visit(directory);
  return lines;
}

/** A function that gives each test a fresh directory and removes all of them after it. */
export function scratch(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
  });
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'provision-test-'));
    made.push(directory);
    return directory;
  };
}
