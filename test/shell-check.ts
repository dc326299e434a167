import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A script's template as a script: what Jinja puts in is a word, in quotes where the template quotes it, and all branches are there. */
function withoutTemplate(text: string): string {
  return text
    .replaceAll(/\{\{.*?\| *quote\b.*?\}\}/g, "'a word'")
    .replaceAll(/\{\{.*?\}\}/g, 'word')
    .replaceAll(/\{%.*?%\}\n?/g, '');
}

function languageOf(file: string, text: string): 'shell' | 'perl' | undefined {
  const first = text.startsWith('#!') ? (text.split('\n', 1)[0] ?? '') : '';
  if (/[/ ](?:ba|da)?sh\b/.test(first) || /\.sh(?:\.j2)?$/.test(file)) return 'shell';
  return /[/ ]perl\b/.test(first) || file.endsWith('.pl') ? 'perl' : undefined;
}

function checkedBy(file: string, text: string): readonly [string, ...string[]] | undefined {
  const language = languageOf(file, text);
  if (language === 'perl') return ['perl', '-c', '-'];
  return language && ['shellcheck', '--source-path', join(root, file, '..'), '--external-sources', '-'];
}

/** What is wrong with a file, as its checker says; undefined when all is well or it is no script. */
function fault(file: string): string | undefined {
  const text = readFileSync(join(root, file), 'utf8');
  const [program, ...args] = checkedBy(file, text) ?? [];
  if (program === undefined) return undefined;
  const input = file.endsWith('.j2') ? withoutTemplate(text) : text;
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: root, input, encoding: 'utf8' });
  if (error) return `${program} is missing: apt-get install ${program}`;
  return status === 0 ? undefined : `${stdout}${stderr}`.replaceAll(/^In - line/gm, `In ${file} line`).trim();
}

const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
const files = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
const faults = new Set(files.map(fault).filter((one) => one !== undefined));
for (const one of faults) process.stderr.write(`${one}\n`);
process.exitCode = faults.size === 0 ? 0 : 1;
