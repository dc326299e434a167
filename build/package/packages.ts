import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine } from '../../src/cli/command-line.ts';
import { domains } from '../../src/domains/registry.ts';
import { bashCompletion } from './bash-completion.ts';
import { commandWords } from './command-words.ts';
import { debianPackage, type MadeFiles } from './debian-package.ts';
import { fishCompletion } from './fish-completion.ts';
import { manPage } from './man-page.ts';
import { npmPackage } from './npm-package.ts';
import { packageFacts } from './staging.ts';
import { zshCompletion } from './zsh-completion.ts';

/** Builds packages of a checkout that has been built; gives their paths. Kinds are npm, amd64 and arm64, all of them where none is named. */
export function buildPackages(root: string, output: string, kinds: readonly string[]): readonly string[] {
  const work = mkdtempSync(join(tmpdir(), 'provision-package-'));
  mkdirSync(output, { recursive: true });
  try {
    const wanted = kinds.length > 0 ? kinds : ['npm', 'amd64', 'arm64'];
    return wanted.map((kind) => build(root, output, work, kind));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function build(root: string, output: string, work: string, kind: string): string {
  if (kind === 'npm') return npmPackage(root, output, work);
  if (kind === 'amd64' || kind === 'arm64') return debianPackage(root, output, work, kind, madeFiles(root));
  throw new Error(`no package is called ${kind}: npm, amd64, arm64`);
}

function madeFiles(root: string): MadeFiles {
  const facts = packageFacts(root);
  const program = commandLine(undefined, { version: facts.version, domains, settings: {} }, () => {});
  const commands = commandWords(program);
  return {
    '/usr/share/man/man1/provision.1.gz': manPage(commands, facts),
    '/usr/share/bash-completion/completions/provision': bashCompletion(commands),
    '/usr/share/zsh/vendor-completions/_provision': zshCompletion(commands),
    '/usr/share/fish/vendor_completions.d/provision.fish': fishCompletion(commands),
  };
}
