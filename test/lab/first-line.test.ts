import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ShownCommand, savedFiles, shownCommands } from '../helpers/documents/shown-commands.ts';
import { Lab } from '../helpers/lab/lab.ts';
import { mustRun } from '../helpers/lab/process.ts';

const root = join(import.meta.dirname, '../..');
const output = mkdtempSync(join(tmpdir(), 'first-line-'));
let lab: Lab;

// h1 is somebody's machine, with a key for the hosts that its ~/.ssh/config names and nothing else.
beforeAll(async () => {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const make = [join(root, 'build/package/package.ts'), '--output', output, architecture];
  [lab] = await Promise.all([
    Lab.up(3, 'bookworm', 'firstline'),
    mustRun(process.execPath, make, { cwd: root }),
  ]);
  const sshConfig = ['logs 198.18.0.2 h2', 'pi 198.18.0.3 h3'].map((line) => {
    const [alias, address, key] = line.split(' ');
    return `Host ${alias}\n  HostName ${address}\n  HostKeyAlias ${key}\n`;
  });
  for (const [name, text] of [
    ['id_ed25519', await readFile(lab.identity, 'utf8')],
    ['known_hosts', await readFile(lab.knownHosts, 'utf8')],
    ['config', sshConfig.join('')],
  ]) {
    await lab.sh('h1', `umask 077; mkdir -p ~/.ssh; cat >~/.ssh/${name}`, { input: text ?? '' });
  }
  const copy = 'cat "$1"/*.deb | ssh -F "$2" h1 "cat >/root/provision_own.deb"';
  expect(await lab.ctl(['sh', '-c', copy, 'sh', output, lab.sshConfig])).toMatchObject({ code: 0 });
  await lab.sh('h1', 'apt-get -qq update');
});
afterAll(async () => {
  rmSync(output, { recursive: true, force: true });
  await lab?.down();
});

test('the commands of README do what it says, one after the other, on a fresh machine', async () => {
  const readme = await read('README.md');
  await save(readme);
  const commands = shownCommands(readme);
  expect(commands.length).toBeGreaterThan(13);
  expect(commands[0]?.command).toContain('apt install');
  const all = await runAll(commands);
  expect(all).toContain('Setting up provision');
  expect(all).toContain('hello over TLS');
  // What README shows is what a person sees; times, and what is counted, are others.
  const [, sample = ''] = /```\n(pi -> logs.*?)```/s.exec(readme) ?? [];
  const masked = (text: string) =>
    text
      .replaceAll('\r', '')
      .replace(/arrived (?:with)?in .*?,/g, 'arrived,')
      .replace(/; [^;\n]*s$/gm, '')
      .replace(/\d+/g, 'N');
  for (const line of sample.trim().split('\n')) expect(masked(all)).toContain(masked(line));
  expect(sample.trim().split('\n')).toHaveLength(2);
});

test('and so do those of the tutorial and of the how-tos, with a third machine', async () => {
  // The machine itself is the one that is added.
  const third = 'Host nas\n  HostName 198.18.0.1\n  HostKeyAlias h1\n';
  await lab.sh('h1', 'cat >>~/.ssh/config', { input: third });
  const pages = await Promise.all(['docs/tutorial.md', 'docs/how-to.md'].map(read));
  for (const page of pages) await save(page);
  const known = new Set(shownCommands(await read('README.md')).map(({ command }) => command));
  const [tutorial = [], howTo = []] = pages.map(shownCommands);
  // The tutorial goes the way of README: what has been done there is not done again.
  const commands = [...tutorial.filter(({ command }) => !known.has(command)), ...howTo];
  expect(commands.length).toBeGreaterThan(12);
  expect(await runAll(commands)).toContain('nas -> logs: arrived in');
});

function read(page: string): Promise<string> {
  return readFile(join(root, page), 'utf8');
}

// The files that a page asks its reader to save.
async function save(page: string): Promise<void> {
  for (const [name, input] of savedFiles(page)) await lab.sh('h1', `cat >/root/${name}`, { input });
}

// One after the other; gives what they printed.
async function runAll(commands: readonly ShownCommand[]): Promise<string> {
  const shown: string[] = [];
  for (const { command, says } of commands) {
    const { code, stdout } = await typed(command);
    shown.push(stdout);
    expect(code, `$ ${command}\n${stdout}\n${code === 0 ? '' : await receivedLines()}`).toBe(0);
    if (says !== undefined) expect(stdout, command).toContain(says);
  }
  return shown.join('\n');
}

// A line that was just sent may take a moment: who finds nothing looks again.
async function typed(command: string) {
  const end = Date.now() + 10_000;
  for (;;) {
    const result = await run(command);
    if (result.code === 0 || !command.includes('grep') || Date.now() > end) return result;
    await sleep(500);
  }
}

async function receivedLines(): Promise<string> {
  const seen = 'tail -n 20 /var/log/remote/*/*; journalctl -u rsyslog -n 20 --no-pager';
  return (await lab.exec('h2', seen)).stdout;
}

// On a terminal of 120 columns, as root; a person presses Enter at each question.
function run(command: string) {
  const line = `stty cols 120 rows 40; ${command}`.replaceAll("'", "'\\''");
  const script = `cd /root; export TERM=dumb HOME=/root SHELL=/bin/sh; script -qec '${line}' /dev/null`;
  return lab.exec('h1', script, { input: '\n\n\n\n\n' });
}
