import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
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

const root = join(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  options: { output: { type: 'string', default: join(root, 'packages') } },
  allowPositionals: true,
});
const wanted = positionals.length > 0 ? positionals : ['npm', 'amd64', 'arm64'];
const output = resolve(values.output);
const work = mkdtempSync(join(tmpdir(), 'provision-package-'));
mkdirSync(output, { recursive: true });
try {
  for (const kind of wanted) {
    const file = build(kind);
    const size = (statSync(file).size / 1e6).toFixed(1);
    console.log(`${relative(process.cwd(), file)}  ${size} MB`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function build(kind: string): string {
  if (kind === 'npm') return npmPackage(root, output, work);
  if (kind === 'amd64' || kind === 'arm64') return debianPackage(root, output, work, kind, madeFiles());
  throw new Error(`no package is called ${kind}: npm, amd64, arm64`);
}

function madeFiles(): MadeFiles {
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
