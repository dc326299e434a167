import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { npmPackage } from '../../../build/package/npm-package.ts';
import { sourceStack } from '../../../src/cli/source-stack.ts';
import { codeCache } from '../../helpers/cli/run-folder.ts';

const root = join(import.meta.dirname, '../../..');
const place = mkdtempSync(join(tmpdir(), 'bundle-'));
const empty = join(place, 'empty');
const installed = join(empty, 'node_modules/@provision-ssh/provision');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// What npm installs out of the package into an empty directory; without a registry, for it needs no other package.
beforeAll(() => {
  const source = join(place, 'source');
  mkdirSync(source);
  for (const part of ['package.json', 'roles', 'playbooks', 'docs', 'README.md', 'LICENSE', 'CHANGELOG.md'])
    cpSync(join(root, part), join(source, part), { recursive: true });
  execFileSync(process.execPath, [join(root, 'build/build.ts'), join(source, 'dist')]);
  const packed = npmPackage(source, place, join(place, 'work'));
  mkdirSync(empty);
  execFileSync('npm', ['install', '--offline', '--silent', '--no-audit', '--no-fund', packed], {
    cwd: empty,
    env: { ...process.env, ...codeCache() },
  });
}, 180_000);

afterAll(() => rmSync(place, { recursive: true, force: true }));

function provision(words: readonly string[], options: readonly string[] = []) {
  const main = join(installed, 'dist/cli/main.js');
  const env = { PATH: process.env.PATH, XDG_CACHE_HOME: join(place, 'cache') };
  return spawnSync(process.execPath, [...options, main, ...words], { encoding: 'utf8', env, cwd: place });
}

const homeLab = join(installed, 'playbooks/home-lab.yml');

test('npm installs one package, and the command is there', () => {
  const modules = join(empty, 'node_modules');
  expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['@provision-ssh']);
  expect(readdirSync(join(modules, '@provision-ssh'))).toEqual(['provision']);
  const { PATH } = process.env;
  const ask = spawnSync(join(modules, '.bin/provision'), ['--version'], { encoding: 'utf8', env: { PATH } });
  expect(ask).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('the packed bundle prints its version', () => {
  expect(provision(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test.each(['when it has run nothing yet', 'with the code of the run before'])(
  'it validates home-lab.yml %s',
  () => {
    expect(provision(['validate', homeLab])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/home-lab\.yml: 10 plays, \d{3} tasks, 3 hosts: ok\n$/),
      stderr: '',
    });
  },
);

test('a validation reads few files of the bundle, and each file of the playbook once', () => {
  const { stderr } = provision(
    ['validate', homeLab],
    ['--require', join(import.meta.dirname, '../../helpers/build/loaded-files.cjs')],
  );
  const read = stderr.split('\n').flatMap((line) => (line.startsWith('read ') ? [line.slice(5)] : []));
  const dist = join(installed, 'dist/cli/');
  const chunks = read.filter((path) => path.startsWith(dist)).map((path) => path.slice(dist.length));
  expect([...new Set(chunks)].sort()).toEqual([
    'command-line.js',
    'commands.js',
    'main.js',
    'playbook.js',
    'rolldown-runtime.js',
    'shipped-trees.json',
  ]);
  const written = read.filter((path) => path.endsWith('.yml'));
  expect(written.length).toBeGreaterThan(20);
  expect(written.toSorted()).toEqual([...new Set(written)].sort());
});

test('no file of the bundle brings what ssh2 has for HTTP', () => {
  const dist = join(installed, 'dist/cli');
  const files = readdirSync(dist).filter((name) => name.endsWith('.js'));
  expect(files).toContain('ssh-connection.js');
  const bringing = files.filter((name) => /require\("https?"\)/.test(readFileSync(join(dist, name), 'utf8')));
  expect(bringing).toEqual([]);
});

test('mistakes keep their place, and a schema of a role of one’s own is compiled', () => {
  const role = join(place, 'roles/mine');
  for (const part of ['meta', 'tasks']) mkdirSync(join(role, part), { recursive: true });
  writeFileSync(join(role, 'meta/schema.yml'), 'properties:\n  mine_port: { type: integer }\n');
  writeFileSync(join(role, 'tasks/main.yml'), '- debug: { msg: "{{ mine_port }}" }\n');
  const plays =
    '- hosts: localhost\n  vars: { mine_port: many }\n  roles: [mine]\n  tasks:\n    - copi: {}\n';
  writeFileSync(join(place, 'site.yml'), plays);
  const { status, stderr } = provision(['validate', 'site.yml']);
  expect(status).toBe(1);
  expect(stderr).toContain('site.yml:2:22');
  expect(stderr).toContain('site.yml:5:7');
  expect(stderr).toContain("did you mean 'copy'?");
});

test('a stack names the sources', () => {
  const chunk = join(installed, 'dist/cli/playbook.js');
  const lines = readFileSync(chunk, 'utf8').split('\n');
  const line = lines.findIndex((text) => text.startsWith('async function loadPlaybook('));
  expect(sourceStack(`Error: x\n    at loadPlaybook (${chunk}:${line + 1}:16)`)).toMatch(
    /at loadPlaybook \(src\/language\/playbook-loader\.ts:\d+:\d+\)$/,
  );
});

test('code that others could have written is not run', () => {
  const shared = join(place, 'shared');
  mkdirSync(join(shared, 'provision'), { recursive: true });
  execFileSync('chmod', ['777', join(shared, 'provision')]);
  const main = join(installed, 'dist/cli/main.js');
  const env = { PATH: process.env.PATH, XDG_CACHE_HOME: shared };
  expect(spawnSync(process.execPath, [main, 'validate', homeLab], { env }).status).toBe(0);
  expect(execFileSync('ls', [join(shared, 'provision')], { encoding: 'utf8' })).toBe('');
});

test('paths in a playbook that comes with it count from that playbook', () => {
  const files = {
    'empty/node_modules/@provision-ssh/provision/playbooks/extra.yml':
      '- hosts: localhost\n  vars_files: [extra/vars.yml]\n  tasks:\n    - import_tasks: extra/tasks.yml\n',
    'empty/node_modules/@provision-ssh/provision/playbooks/extra/vars.yml': 'greeting: hello\n',
    'empty/node_modules/@provision-ssh/provision/playbooks/extra/tasks.yml':
      '- template: { src: greeting.j2, dest: /tmp/x }\n- debug: { msg: "{{ nothing }}" }\n',
    'empty/node_modules/@provision-ssh/provision/playbooks/templates/greeting.j2':
      '{{ greeting }} {{ nobody }}\n',
    'user/site.yml': '- import_playbook: extra.yml\n',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  const { status, stderr } = provision(['validate', 'user/site.yml']);
  expect(status).toBe(1);
  expect(stderr).toContain('node_modules/@provision-ssh/provision/playbooks/extra/tasks.yml:2:21: ');
  expect(stderr).toContain(
    'empty/node_modules/@provision-ssh/provision/playbooks/templates/greeting.j2:1:19: ',
  );
  expect(stderr).toContain('2 problems; nothing was changed');
});
