import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const sources = join(import.meta.dirname, '../../..');
// What `npm run check` and the tests of resources read.
const parts = [
  '.gitignore',
  'CHANGELOG.md',
  'biome.json',
  'build',
  'docs',
  'knip.json',
  'package.json',
  'src',
  'test',
  'tsconfig.json',
  'vitest.config.ts',
];

// Written so that a search for it finds only what waits.
const waiting = ['FILL', 'IN'].join(' ');

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'provision-new-'));
  const filter = (path: string) => path !== join(sources, 'test/lab/img');
  for (const part of parts)
    cpSync(join(sources, part), join(root, part), { recursive: true, filter, verbatimSymlinks: true });
  symlinkSync(join(sources, 'node_modules'), join(root, 'node_modules'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(root, name), 'utf8');

function run(...[command, ...words]: readonly [string, ...string[]]) {
  const file = command === 'node' ? process.execPath : join(root, 'node_modules/.bin', command);
  const { status, stdout, stderr } = spawnSync(file, words, { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const make = (...words: readonly string[]) => run('node', 'build/new/new.ts', ...words);

describe('npm run new resource', () => {
  test.each([
    [['resource'], 'usage: npm run new resource NAME\n'],
    [['widget', 'x'], 'usage: npm run new resource NAME\n'],
    [['resource', 'Get-Url'], "'Get-Url' cannot be the name of a resource: write it as in get_url\n"],
    [['resource', 'get_url'], 'src/resources/get-url.ts is there already\n'],
  ])('refuses %j', (words, stderr) => {
    expect(make(...words)).toEqual({ status: 1, stdout: '', stderr });
  });

  test('makes all that a resource consists of, and it passes every check at once', {
    timeout: 480_000,
  }, () => {
    expect(read('src/language/keywords/unsupported-modules.ts')).toContain('validate_argument_spec');
    // A word that is refused until now, over several lines.
    const made = make('resource', 'validate_argument_spec');
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const files = made.stdout.match(/\S+\.(?:ts|md)$/gm) ?? [];
    expect(files.filter((file) => read(file).includes(waiting))).toHaveLength(4);
    expect(read('src/language/keywords/unsupported-modules.ts')).not.toContain('validate_argument_spec');
    expect(read('docs/resources.md')).toContain('## validate_argument_spec\n');
    expect(read('CHANGELOG.md')).toMatch(
      new RegExp(`\\n- Resource \`validate_argument_spec\`: ${waiting}\\.\\n\\n`),
    );

    expect(run('biome', 'check', '--error-on-warnings', '.')).toMatchObject({ status: 0 });
    expect(run('tsc', '--noEmit')).toMatchObject({ status: 0, stdout: '' });
    expect(run('knip')).toMatchObject({ status: 0, stdout: '' });
    const tests = [
      'resources/validate-argument-spec.test.ts',
      'resources/contract.test.ts',
      'resources/reference.test.ts',
    ];
    const named = 'validate_argument_spec|what differs|on this machine|docs/resources.md';
    const paths = [...tests, 'language/unsupported-modules.test.ts'].map((file) => `test/unit/${file}`);
    const tested = run(
      'vitest',
      'run',
      '--project',
      'unit',
      '--testNamePattern',
      `${named}|no word`,
      ...paths,
    );
    expect(tested, tested.stdout).toMatchObject({ status: 0 });
  });
});
