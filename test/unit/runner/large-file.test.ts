import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, test } from 'vitest';
import { isLarge, writeLargeFile } from '../../../src/runner/large-file.ts';
import { stepsPrelude } from '../../../src/runner/rollback.ts';
import type { Session } from '../../../src/runner/streamed.ts';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const project = emptyProject();
const content = randomBytes(3 * 1024 * 1024);

const read = (name: string) => readFileSync(project.path('to', name));

beforeEach(() => {
  mkdirSync(project.path('to'));
  writeFileSync(project.path('large'), content);
  writeFileSync(project.path('to/old'), 'old\n', { mode: 0o640 });
});

const play = (head: string, ...tasks: readonly string[]) => `
- hosts: all
${head}  tasks:
${tasks.map((task) => `    - ${task}\n`).join('')}`;

test('a large file is written byte for byte, between small ones, and a second run changes nothing', async () => {
  const tasks = play(
    '',
    'copy: { content: "1", dest: DIR/to/one }',
    'copy: { src: DIR/large, dest: DIR/to/new, mode: "0600" }',
    'copy: { src: DIR/large, dest: DIR/to/old }',
    'copy: { content: "2", dest: DIR/to/two }',
  );
  const first = await project.run(tasks);
  expect(first.lines).toEqual(Array.from({ length: 4 }, () => 'a copy changed'));
  for (const name of ['new', 'old']) expect(read(name).equals(content)).toBe(true);
  const modes = ['new', 'old'].map((name) => (statSync(project.path('to', name)).mode & 0o777).toString(8));
  expect(modes).toEqual(['600', '640']);
  expect(readdirSync(project.path('to')).sort()).toEqual(['new', 'old', 'one', 'two']);
  const again = await project.run(tasks);
  expect(again.lines).toEqual(Array.from({ length: 4 }, () => 'a copy ok'));
});

test.each([
  ['{ src: DIR/large, dest: DIR/to/none/x }', 'exit code 1: the directory DIR/to/none does not exist'],
  [
    '{ src: DIR/large, dest: DIR/to/old, validate: "sh -c \\"echo bad; exit 4\\" %s" }',
    'exit code 1: validation failed, nothing was replaced: bad',
  ],
  [
    '{ src: DIR/large, dest: DIR/to/old, validate: "sh -c \\"sleep 60\\" %s" }\n      timeout: 1',
    'writing DIR/to/old did not end within 1 s (timeout), and was ended on both sides',
  ],
])('what fails leaves the file as it was: %s', async (args, message) => {
  const run = await project.run(play('', `copy: ${args}`, 'copy: { content: "2", dest: DIR/to/two }'));
  expect(run.exitCode).toBe(2);
  expect(run.events).toContainEqual(
    expect.objectContaining({ status: 'failed', message: message.replaceAll('DIR', project.path()) }),
  );
  expect(readdirSync(project.path('to'))).toEqual(['old']);
  expect(read('old').toString()).toBe('old\n');
});

test('a play that is all or nothing puts back what it replaced', async () => {
  const run = await project.run(
    play(
      '  rollback: always\n',
      'copy: { src: DIR/large, dest: DIR/to/old }',
      'copy: { src: DIR/large, dest: DIR/to/new }',
      'command: "false"',
    ),
  );
  expect(run.exitCode).toBe(2);
  expect(read('old').toString()).toBe('old\n');
  expect(existsSync(project.path('to/new'))).toBe(false);
});

// The shell at the other end sees its input end, as when sshd has lost the client, and perhaps that nobody listens any more.
test.each([true, false])(
  'of a connection that breaks in the middle nothing is put into place, nor left: %s',
  async (heard) => {
    const session: Session = {
      streaming: (work) =>
        work(async (command) => {
          const child = spawn('sh', ['-c', command]);
          const stdin = new PassThrough();
          stdin.once('data', (chunk: Buffer) => child.stdin.end(chunk.subarray(0, 1000)));
          let stderr = '';
          if (!heard) child.stderr.destroy();
          child.stderr.on('data', (chunk: Buffer) => {
            stderr += chunk.toString();
          });
          const ended = once(child, 'close').then(([code]) => ({ code: code as number, stderr }));
          return { stdin, stdout: child.stdout, ended, close: () => child.kill() };
        }),
    };
    const step = {
      kind: 'file',
      path: project.path('to/old'),
      content,
      ownership: {},
      replaced: undefined,
    } as const;
    const { signal } = new AbortController();
    const output = await writeLargeFile({ stop: signal, kill: signal }, session, step, {
      become: undefined,
      timeout: undefined,
      prelude: stepsPrelude(undefined),
    });
    expect(output).toMatchObject({ code: 1, stderr: heard ? `${step.path} was not written\n` : '' });
    expect(readdirSync(project.path('to'))).toEqual(['old']);
    expect(read('old').toString()).toBe('old\n');
  },
);

test('what is large counts bytes', () => {
  expect([1024 * 1024 - 1, 1024 * 1024].map((size) => isLarge({ content: Buffer.alloc(size) }))).toEqual([
    false,
    true,
  ]);
});
